// One tree of the image: its directories in the order of the path table, how long each is and where
// it lies. Holds no records: they are made when they are asked for.
#ifndef SERVER_MASTERING_TREE_LAYOUT_H_
#define SERVER_MASTERING_TREE_LAYOUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/image/file_tree.h"
#include "server/mastering/directory_listing.h"
#include "server/mastering/directory_renderer.h"

namespace carousel::mastering {

// Const methods may run concurrently.
class TreeLayout {
 public:
  // Lists and measures all directories. As imapi::MakeError: IMAPI_E_TOO_MANY_DIRS (one that has
  // directories would have a number of more than 16 bits), IMAPI_E_ISO9660_LEVELS (deeper than
  // asked for), IMAPI_E_DATA_TOO_BIG (a directory of 4 GiB); errors of ListDirectory and
  // DirectoryRenderer.
  static absl::StatusOr<TreeLayout> Make(const Sources& sources, const TreeRules& rules);

  // What the directories take, with what belongs to them.
  Sectors sectors() const { return sectors_; }
  int64_t path_table_bytes() const { return path_table_bytes_; }
  // Puts the directories at `first` and behind it.
  void Place(Lba first) { first_ = first; }

  // Directories by number, from 0.
  size_t size() const { return directories_.size(); }
  // Where the records of a directory lie.
  Extent RecordsOf(size_t number) const;
  // The directory that holds the sector `at`, and where the next one begins.
  size_t NumberAt(Lba at) const;
  Lba EndOf(size_t number) const;

  // Makes `out` the sectors of a directory: [RecordsOf(number).start, EndOf(number)). Errors of
  // DirectoryRenderer, IMAPI_E_FSI_INTERNAL_ERROR: the tree has changed since it was measured.
  absl::Status Render(size_t number, std::vector<uint8_t>& out) const;

  // Fills `out` with the path table (ECMA-119 clause 9.4) from its byte `offset` on, zeros behind
  // its end.
  void RenderPathTable(bool big_endian, int64_t offset, absl::Span<uint8_t> out) const;

 private:
  struct Directory {
    FileTree::Id id = FileTree::kRoot;
    uint32_t parent = 0;
    uint32_t first_child = 0;
    uint32_t start = 0;  // from first_ on
    uint32_t record_sectors = 0;
    uint32_t table_offset = 0;
    uint32_t identifier = 0;  // where it begins in identifiers_
    uint16_t depth = 1;
    uint8_t identifier_bytes = 0;
  };

  TreeLayout(const Sources& sources, const TreeRules& rules) : sources_(sources), rules_(rules) {}
  absl::Status Measure(size_t number, DirectoryRenderer& renderer);
  void AddDirectory(FileTree::Id id, size_t parent, absl::string_view identifier);
  absl::Status CheckParent(size_t number) const;
  absl::Status ChangedError(size_t number) const;
  absl::string_view IdentifierOf(const Directory& directory) const;

  Sources sources_;
  TreeRules rules_;
  Lba first_;
  Sectors sectors_;
  int64_t path_table_bytes_ = 0;
  std::vector<Directory> directories_;
  std::string identifiers_;
  std::vector<uint8_t> records_;  // while measuring
  std::vector<uint8_t> continuations_;
};

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_TREE_LAYOUT_H_
