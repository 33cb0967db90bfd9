// Makes small ISO 9660 images in memory, byte by byte, so that tests can make what no writer would.
// One tree a builder, primary or Joliet, with the descriptors of both where asked for.
#ifndef SERVER_FS_ISO9660_IMAGE_BUILDER_H_
#define SERVER_FS_ISO9660_IMAGE_BUILDER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "hal/base/types.h"

namespace carousel::iso9660 {

// System use entries (SUSP and Rock Ridge) as bytes.
std::string Entry(absl::string_view signature, absl::string_view body);
std::string Both(uint32_t value);  // in both byte orders
std::string Nm(absl::string_view name, uint8_t flags = 0);
std::string Px(uint32_t mode, uint32_t links = 1, uint32_t uid = 0, uint32_t gid = 0);
std::string PxWithSerial(uint32_t mode, uint32_t serial);
std::string Sl(absl::string_view components, uint8_t flags = 0);
std::string Component(absl::string_view text, uint8_t flags = 0);
std::string Ce(uint32_t block, uint32_t offset, uint32_t bytes);
std::string Cl(uint32_t block);
std::string Re();
std::string Sp(uint8_t skip = 0);
std::string Utf16(absl::string_view ascii);

class ImageBuilder {
 public:
  struct Node {
    std::string identifier;
    std::string system_use;
    // Each lies in an area of its own; CE entries to them are added by themselves.
    std::vector<std::string> continuations;
    std::string contents;
    uint8_t flags = 0;
    uint8_t attribute_sectors = 0;
    uint8_t unit = 0;
    uint8_t gap = 0;
    std::array<uint8_t, 7> time = {123, 11, 14, 22, 13, 20, 0};  // 1,700,000,000
    std::optional<uint32_t> extent;  // instead of where the contents lie
    std::optional<uint32_t> bytes;   // instead of how many there are

    // Filled by Build.
    uint32_t start = 0;
    size_t record = 0;  // offset of its record in the image

   private:
    friend class ImageBuilder;
    std::vector<Node*> children;
    Node* parent = nullptr;
    std::string self_use;  // of a directory's own record
  };

  // `start`: the session's first sector.
  explicit ImageBuilder(Lba start = Lba(0), bool joliet = false);

  Node* root() { return nodes_[0].get(); }
  Node* AddDirectory(Node* parent, absl::string_view identifier, absl::string_view system_use = "");
  Node* AddFile(Node* parent, absl::string_view identifier, absl::string_view contents,
                absl::string_view system_use = "");
  // The system use area of a directory's own record ("."): the root's has SP.
  void SetSelf(Node* directory, absl::string_view system_use) {
    directory->self_use = std::string(system_use);
  }
  // What was built with SP in the root is Rock Ridge.
  void UseRockRidge(uint8_t skip = 0) { SetSelf(root(), Sp(skip)); }

  // The image from the session's first sector on. Data of files follow all directories.
  std::vector<uint8_t> Build();

 private:
  void Place(Node* directory);
  void Write(Node* directory);
  size_t DirectoryBytes(const Node& directory) const;
  std::string Record(const Node& node, absl::string_view identifier, absl::string_view use,
                     uint32_t extent, uint32_t bytes) const;
  std::string SystemUse(const Node& node) const;
  void WriteContinuations(const Node& node, uint32_t first);
  void WriteDescriptor(uint32_t sector, uint8_t type);
  void WritePathTable(uint32_t sector);
  uint8_t* At(uint32_t sector);

  const uint32_t base_;
  const bool joliet_;
  uint32_t next_ = 0;  // free sector
  uint32_t path_table_bytes_ = 0;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<uint8_t> image_;
};

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_IMAGE_BUILDER_H_
