// Writes a session of the files of a folder to stdout, as a burn pulls it, for tools/bench:
//   image_stream FOLDER [--sha256]
// --sha256: hashes what it writes, as a burn does. Files of the folder itself only.
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "hal/base/types.h"
#include "server/digest/sha256.h"
#include "server/image/file_tree.h"
#include "server/mastering/content.h"
#include "server/mastering/image_reader.h"
#include "server/mastering/image_stream.h"
#include "server/mastering/plan.h"
#include "server/spool/content_reader.h"

namespace carousel {
namespace {

constexpr Sectors kPiece{512};

// Read as the spool's contents are.
class FolderContents : public mastering::ContentSource {
 public:
  absl::StatusOr<mastering::ContentHandle> Add(const std::string& path, int64_t size) {
    ASSIGN_OR_RETURN(std::unique_ptr<ContentReader> reader, ContentReader::Open(path, size));
    readers_.push_back(std::move(reader));
    return mastering::ContentHandle{readers_.size() - 1};
  }
  absl::Status Read(mastering::ContentHandle content, int64_t offset,
                    absl::Span<uint8_t> out) override {
    return readers_[static_cast<size_t>(content)]->Read(offset, out);
  }

 private:
  std::vector<std::unique_ptr<ContentReader>> readers_;
};

absl::Status WriteOut(absl::Span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (count <= 0) return absl::ErrnoToStatus(errno, "stdout");
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

absl::Status Stream(const mastering::Plan& plan, FolderContents& contents, bool hash) {
  mastering::ImageReader reader(&plan, &contents);
  mastering::ImageStream stream(&reader, plan.start());
  Sha256Hasher hasher;
  std::vector<uint8_t> buffer(static_cast<size_t>(kPiece.bytes()));
  for (;;) {
    ASSIGN_OR_RETURN(const Sectors count, stream.Pull(absl::MakeSpan(buffer)));
    if (count == Sectors(0)) break;
    const auto piece = absl::MakeConstSpan(buffer).first(static_cast<size_t>(count.bytes()));
    if (hash) hasher.Update(piece);
    RETURN_IF_ERROR(WriteOut(piece));
  }
  if (hash) std::cerr << ToHex(hasher.Finish()) << "\n";
  return absl::OkStatus();
}

absl::Status Run(const std::string& folder, bool hash) {
  FileTree tree;
  FolderContents contents;
  std::vector<mastering::NewFile> new_files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto bytes = static_cast<int64_t>(entry.file_size());
    ASSIGN_OR_RETURN(const mastering::ContentHandle content,
                     contents.Add(entry.path().string(), bytes));
    ASSIGN_OR_RETURN(
        const FileTree::Id id,
        tree.Add(FileTree::kRoot, entry.path().filename().string(), EntryData{.bytes = bytes}));
    new_files.push_back({.file = id, .content = content});
  }
  tree.Finish();
  ASSIGN_OR_RETURN(const auto plan, mastering::Plan::Make(tree, new_files, {}));
  return Stream(*plan, contents, hash);
}

}  // namespace
}  // namespace carousel

int main(int argc, char** argv) {
  const bool hash = argc == 3 && std::string(argv[2]) == "--sha256";
  if (argc != 2 && !hash) {
    std::cerr << "usage: image_stream FOLDER [--sha256]\n";
    return 2;
  }
  const absl::Status status = carousel::Run(argv[1], hash);
  if (status.ok()) return 0;
  std::cerr << status << "\n";
  return 1;
}
