// The one that writes an upload: a stream from a client, usually.
#ifndef SERVER_SPOOL_UPLOAD_WRITER_H_
#define SERVER_SPOOL_UPLOAD_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/digest/sha256.h"
#include "server/spool/upload_file.h"
#include "server/spool/upload_spec.h"

namespace carousel {

class Spool;

// One thread at a time. While it lives nobody else writes the upload; without Finish the upload
// stays as it is and can be gone on with. Every method blocks for the disk and returns the codes of
// ErrnoStatus. NOT_FOUND, from any: the upload has expired or was released.
class UploadWriter {
 public:
  ~UploadWriter();
  UploadWriter(const UploadWriter&) = delete;
  UploadWriter& operator=(const UploadWriter&) = delete;

  // Where the next bytes belong; they need not be durable before it.
  int64_t offset() const { return file_->received(); }

  // Takes the next bytes, or such as are there and equal. OUT_OF_RANGE (UPLOAD_GAP): they are not
  // the next. INVALID_ARGUMENT (INVALID_FIELD): below zero, or beyond the size; (CONTENT_MISMATCH):
  // other bytes are there. RESOURCE_EXHAUSTED, DATA_LOSS: of the disk; offset() tells what it took.
  absl::Status Append(int64_t offset, std::string bytes);

  // Makes what has come durable and tells how much that is. DATA_LOSS: the disk has lost bytes;
  // nothing is kept.
  absl::StatusOr<int64_t> Sync();

  // The upload becomes a content with one reference, that of its key, durable when this returns OK;
  // once more is OK too. INVALID_ARGUMENT (CONTENT_MISMATCH): the bytes have another digest than
  // was announced; nothing of them is kept. FAILED_PRECONDITION: bytes are missing; the upload
  // stays. DATA_LOSS: the disk has lost bytes; nothing is kept.
  absl::Status Finish();
  // The same whatever digest the bytes have: for bytes that the service reads itself, which nobody
  // could announce. Returns their digest.
  absl::StatusOr<Sha256Digest> FinishUnannounced();

 private:
  friend class Spool;
  UploadWriter(Spool* spool, UploadKey key, std::string id, std::shared_ptr<UploadFile> file)
      : spool_(spool), key_(std::move(key)), id_(std::move(id)), file_(std::move(file)) {}

  Spool* const spool_;
  const UploadKey key_;
  const std::string id_;
  const std::shared_ptr<UploadFile> file_;
};

}  // namespace carousel

#endif  // SERVER_SPOOL_UPLOAD_WRITER_H_
