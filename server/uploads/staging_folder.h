// The folder that trees are added from: lists what is in it and reads its files, never outside it.
// Knows neither images nor the spool.
#ifndef SERVER_UPLOADS_STAGING_FOLDER_H_
#define SERVER_UPLOADS_STAGING_FOLDER_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/file.h"
#include "server/image/file_tree.h"
#include "server/image/tree_editor.h"

namespace carousel {

// What a file was when it was listed: another one, or one that was written since, differs.
struct FileIdentity {
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t bytes = 0;
  int64_t modified_ns = 0;
  int64_t changed_ns = 0;
  bool operator==(const FileIdentity&) const = default;
};

struct StagedEntry {
  std::string path;  // below the listed directory: "a/b"
  EntryType type = EntryType::kFile;
  TreeEditor::Attributes attributes;
  std::string target;  // of a symbolic link, as it stands
  FileIdentity identity;
};

// A file while it is read. One thread at a time. Errors are imapi::MakeError's with metadata path.
class StagedFile {
 public:
  // The next bytes; as many as `out` takes, or 0 at the end. IMAPI_E_DATA_STREAM_READ_FAILURE.
  // IMAPI_E_DATA_STREAM_INCONSISTENCY: the file ends before or behind the size that was listed.
  absl::StatusOr<size_t> Read(absl::Span<uint8_t> out);
  // After the last byte: that the file is the one that was listed, and was not written since.
  // IMAPI_E_DATA_STREAM_INCONSISTENCY: it is not. A change by mmap, or within one tick of the file
  // system's clock, may go unseen.
  absl::Status CheckUnchanged() const;

 private:
  friend class StagingFolder;
  StagedFile(FileDescriptor file, std::string path, const FileIdentity& identity)
      : file_(std::move(file)), path_(std::move(path)), identity_(identity) {}
  absl::Status Changed() const;

  FileDescriptor file_;
  std::string path_;
  FileIdentity identity_;
  int64_t offset_ = 0;
};

// Thread-safe. Every method blocks for the disk. Errors are imapi::MakeError's with metadata path,
// which is relative to the folder.
class StagingFolder {
 public:
  struct Limits {
    int64_t max_entries = 0;
    int max_depth = 0;
  };

  // The codes of hal/base ErrnoStatus.
  static absl::StatusOr<StagingFolder> Open(const std::string& path);

  // All that lies below the directory `source`, which is relative to the folder (empty: the folder
  // itself): each directory before what is in it, names in byte order. Links are listed, never
  // followed. `cancelled` is looked at for each entry.
  //
  // IMAPI_E_DIRECTORY_READ_FAILURE: a directory is not there, is none or cannot be read, or
  // `source` leads outside or through a link. IMAPI_E_DATA_STREAM_CREATE_FAILURE: a device, a FIFO
  // or a socket. E_OUTOFMEMORY: more than `limits` (metadata limit, value).
  // E_IMAPI_REQUEST_CANCELLED.
  absl::StatusOr<std::vector<StagedEntry>> List(const std::string& source, const Limits& limits,
                                                const std::atomic<bool>& cancelled) const;

  // What is known of the directory `source` itself. IMAPI_E_DIRECTORY_READ_FAILURE as above.
  absl::StatusOr<TreeEditor::Attributes> Describe(const std::string& source) const;

  // A file that was listed. IMAPI_E_DATA_STREAM_CREATE_FAILURE: it cannot be opened.
  // IMAPI_E_DATA_STREAM_INCONSISTENCY: it is another one by now.
  absl::StatusOr<StagedFile> OpenFile(const std::string& source, const StagedEntry& entry) const;

 private:
  explicit StagingFolder(FileDescriptor root) : root_(std::move(root)) {}

  FileDescriptor root_;
};

}  // namespace carousel

#endif  // SERVER_UPLOADS_STAGING_FOLDER_H_
