#include "server/spool/upload_writer.h"

#include <utility>

#include "server/errors/errors.h"
#include "server/spool/spool.h"

namespace carousel {

UploadWriter::~UploadWriter() { spool_->CloseWriter(key_, id_); }

absl::Status UploadWriter::Append(int64_t offset, std::string bytes) {
  file_->Touch(spool_->clock_->Now());
  const absl::Status status = file_->Append(offset, std::move(bytes));
  return absl::IsNotFound(status) ? NotFoundError("carousel.dev/Upload", key_.upload_id) : status;
}

absl::StatusOr<int64_t> UploadWriter::Sync() { return spool_->Sync(key_, id_, file_.get()); }

absl::Status UploadWriter::Finish() {
  return spool_->Finish(key_, id_, file_.get(), /*announced=*/true).status();
}

absl::StatusOr<Sha256Digest> UploadWriter::FinishUnannounced() {
  return spool_->Finish(key_, id_, file_.get(), /*announced=*/false);
}

}  // namespace carousel
