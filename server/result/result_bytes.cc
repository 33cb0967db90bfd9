#include "server/result/result_bytes.h"

#include <algorithm>
#include <utility>

#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"

namespace carousel {

absl::StatusOr<std::unique_ptr<ByteSource>> ResultBytes::Open(
    std::shared_ptr<const ResultImage> result, int64_t offset, int64_t count, WorkerPool* disk) {
  const int64_t all = result->plan->sectors().value();
  if (offset < 0 || offset > all) return InvalidFieldError("offset_blocks", "is not in the image");
  if (count < 0 || count > all - offset)
    return InvalidFieldError("count_blocks", "reaches beyond the image");
  const Lba start = result->plan->start() + Sectors(offset);
  const Lba end = count == 0 ? result->plan->end() : start + Sectors(count);
  return std::unique_ptr<ByteSource>(new ResultBytes(std::move(result), start, end, disk));
}

ResultBytes::ResultBytes(std::shared_ptr<const ResultImage> result, Lba next, Lba end,
                         WorkerPool* disk)
    : result_(std::move(result)),
      contents_(result_->open_contents()),
      reader_(result_->plan.get(), contents_.get()),
      next_(next),
      end_(end),
      disk_(*disk) {}

void ResultBytes::Next(std::string* out, Done done) {
  disk_.Post([this, out, done = std::move(done)]() mutable { done(Read(*out)); });
}

absl::Status ResultBytes::Read(std::string& out) {
  const Sectors count = std::min(end_ - next_, Sectors(kPieceBytes / kSectorSize));
  out.resize(static_cast<size_t>(count.bytes()));
  if (out.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(
      reader_.Read(next_, absl::MakeSpan(reinterpret_cast<uint8_t*>(out.data()), out.size())));
  next_ += count;
  return absl::OkStatus();
}

}  // namespace carousel
