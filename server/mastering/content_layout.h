// Where the bytes of files lie in an image: those that are on the disc stay there, new ones follow
// one another in the order of the tree, each handle once.
#ifndef SERVER_MASTERING_CONTENT_LAYOUT_H_
#define SERVER_MASTERING_CONTENT_LAYOUT_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/image/file_tree.h"
#include "server/mastering/content.h"

namespace carousel::mastering {

class ContentLayout {
 public:
  struct Content {
    ContentHandle handle{};
    int64_t bytes = 0;
    Lba start;
  };

  // INVALID_ARGUMENT: a new file that is not in the tree, is no file or is named twice. As
  // imapi::MakeError: IMAPI_E_DATA_STREAM_INCONSISTENCY: files of one handle differ in size.
  static absl::StatusOr<ContentLayout> Make(const FileTree& tree,
                                            absl::Span<const NewFile> new_files);

  // What all new contents take.
  Sectors sectors() const { return sectors_; }
  // Puts them at `first` and behind it, and what has no bytes at `empty`.
  void Place(Lba first, Lba empty);

  // The sections of the file `id`, of which the tree says `data`: at least one, all but the last of
  // whole sectors. As imapi::MakeError: IMAPI_E_DATA_TOO_BIG: more than one at a level below 3.
  // IMAPI_E_INCOMPATIBLE_PREVIOUS_SESSION: its extents do not hold its bytes, or lie at or behind
  // `session_start`. IMAPI_E_DATA_STREAM_CREATE_FAILURE: it has bytes and no place.
  absl::Status SectionsOf(const FileTree& tree, FileTree::Id id, const EntryData& data, int level,
                          Lba session_start, std::vector<Extent>& sections) const;

  // Where the new file `id` lies; null if it is not new or has no bytes.
  const Content* ContentOf(FileTree::Id id) const;
  // New contents that have bytes, in the order of their addresses.
  absl::Span<const Content> contents() const { return contents_; }

 private:
  struct File {
    FileTree::Id id = FileTree::kRoot;
    ContentHandle handle{};
    uint32_t content = kNone;  // index in contents_
  };
  static constexpr uint32_t kNone = 0xFFFFFFFF;

  // Null if it is not new.
  const File* Find(FileTree::Id id) const;

  std::vector<File> files_;  // by id
  std::vector<Content> contents_;
  Sectors sectors_;
  Lba empty_;
};

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_CONTENT_LAYOUT_H_
