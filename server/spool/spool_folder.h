// The spool's folder: which file lies where. Names are made here, from random digits and digests;
// nothing that a client sends becomes one.
#ifndef SERVER_SPOOL_SPOOL_FOLDER_H_
#define SERVER_SPOOL_SPOOL_FOLDER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/base/file.h"
#include "server/digest/sha256.h"
#include "server/spool/upload_spec.h"

namespace carousel {

// Holds the folder's lock. Its methods block for the disk and return the codes of ErrnoStatus.
class SpoolFolder {
 public:
  // Makes what is missing of the folder; its parent must be there. FAILED_PRECONDITION: another
  // spool has it open, or the disk is read-only.
  static absl::StatusOr<SpoolFolder> Open(const std::string& path);

  // Uploads that have not finished: their bytes and their records.
  std::string uploads() const { return path_ + "/uploads"; }
  std::string BytesOf(absl::string_view id) const;
  std::string RecordOf(absl::string_view id) const;
  // Contents by their digest.
  std::string contents() const { return path_ + "/contents"; }
  std::string ContentOf(const Sha256Digest& digest) const;
  // Who uses a content.
  std::string references() const { return path_ + "/references"; }
  std::string ReferenceOf(absl::string_view id) const;

  // Gives the bytes of upload `id` a second name, as the content `digest`, durably.
  absl::Status Link(absl::string_view id, const Sha256Digest& digest) const;

  // The record of upload `id`: written at once, durable after SyncRecord. A power cut between them
  // leaves none, or one that is not whole and is not taken for one.
  absl::Status WriteRecord(absl::string_view id, const UploadSpec& spec) const;
  absl::Status SyncRecord(absl::string_view id) const;
  // The reference `id`, durable when it returns.
  absl::Status WriteReference(absl::string_view id, const UploadSpec& spec) const;
  // NOT_FOUND, INVALID_ARGUMENT: it is not there, or not a record.
  absl::StatusOr<UploadSpec> ReadRecord(const std::string& path) const;

  // Removes an upload's files, the record first: bytes without one are an orphan.
  void RemoveUpload(absl::string_view id) const;

  // The same error without the folder's place on this machine, which is no client's affair.
  absl::Status HidePath(const absl::Status& status) const;

  // The names of files in one of the folders, in order.
  static absl::StatusOr<std::vector<std::string>> List(const std::string& folder);
  // Whether `name` begins with the digits of an id.
  static bool HasId(absl::string_view name);
  // OK also if there is no such file.
  static absl::Status Remove(const std::string& path);

 private:
  SpoolFolder(std::string path, FileDescriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  FileDescriptor lock_;
};

}  // namespace carousel

#endif  // SERVER_SPOOL_SPOOL_FOLDER_H_
