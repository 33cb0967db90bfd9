// A folder of the computer's own file system as entries of an image's tree, and the contents of its
// files. For tests: symbolic links in the folder's own path are followed, nothing is locked.
#ifndef TESTS_INTEROP_DISK_TREE_H_
#define TESTS_INTEROP_DISK_TREE_H_

#include <sys/stat.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/image/file_tree.h"
#include "server/mastering/content.h"

namespace carousel {

// Not thread-safe.
class DiskTree : public mastering::ContentSource {
 public:
  DiskTree() = default;
  ~DiskTree() override;

  // Makes `tree`, which is empty, what `old` has, overlaid with what is in `folder`: directories of
  // both are one, and everything else of one name is the folder's.
  absl::Status Overlay(const FileTree& old, const std::string& folder, FileTree& tree);

  // Adds a file of `contents` to the root of `tree`.
  absl::Status AddToRoot(absl::string_view name, absl::string_view contents, absl::Time time,
                         FileTree& tree);

  const std::vector<mastering::NewFile>& new_files() const { return new_files_; }

  absl::Status Read(mastering::ContentHandle content, int64_t offset,
                    absl::Span<uint8_t> out) override;

 private:
  // What is to be put into a directory of the new tree. Either may be missing.
  struct Work {
    const FileTree* old = nullptr;
    FileTree::Id old_id = FileTree::kRoot;
    std::string folder;
    FileTree::Id id = FileTree::kRoot;
  };

  absl::Status Merge(const Work& work, FileTree& tree);
  absl::Status AddFromDisk(const Work& work, const std::string& name, const Work* beside,
                           FileTree& tree);
  absl::Status Describe(const std::string& path, struct stat& facts, EntryData& data);

  std::vector<Work> works_;
  std::vector<std::string> paths_;        // by handle
  std::map<uint64_t, std::string> made_;  // contents that are no file's, by handle
  std::map<std::pair<dev_t, ino_t>, uint64_t> handles_;
  std::vector<mastering::NewFile> new_files_;
  int open_ = -1;  // the file that was read last
  uint64_t open_handle_ = 0;
};

}  // namespace carousel

#endif  // TESTS_INTEROP_DISK_TREE_H_
