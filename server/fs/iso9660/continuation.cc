#include "server/fs/iso9660/continuation.h"

#include <algorithm>

#include "hal/base/status_macros.h"
#include "server/fs/iso9660/errors.h"

namespace carousel::iso9660 {
namespace {

constexpr int64_t kMaxBytes = int64_t{64} << 10;

}  // namespace

absl::Status ContinuationReader::Spend(int64_t handed_out, int64_t read) {
  handed_out_ += handed_out;
  read_ += read;
  if (std::max(handed_out_, read_) > budget_) return LimitError("continuation_bytes", budget_);
  return absl::OkStatus();
}

absl::StatusOr<const ContinuationReader::Window*> ContinuationReader::Load(int64_t number) {
  Window& window = windows_[number % kWindows];
  if (window.number == number) return &window;
  const Lba start(number * kWindowSectors);
  const Sectors count = std::min(Sectors(kWindowSectors), disc_.end() - start);
  RETURN_IF_ERROR(Spend(0, count.bytes()));
  window.number = -1;
  window.bytes.resize(count.bytes());
  const absl::Status status = disc_.Read(start, absl::MakeSpan(window.bytes));
  // A neighbour that cannot be read is no reason to give up: the caller asks for less.
  if (status.code() == absl::StatusCode::kDataLoss) return nullptr;
  RETURN_IF_ERROR(FromRead(status, start));
  window.number = number;
  return &window;
}

absl::StatusOr<absl::Span<const uint8_t>> ContinuationReader::ReadAlone(Lba first, int64_t offset,
                                                                        int64_t bytes) {
  alone_.resize(Sectors::Holding(offset + bytes).bytes());
  RETURN_IF_ERROR(Spend(0, alone_.size()));
  RETURN_IF_ERROR(FromRead(disc_.Read(first, absl::MakeSpan(alone_)), first));
  return absl::MakeConstSpan(alone_).subspan(offset, bytes);
}

absl::StatusOr<absl::Span<const uint8_t>> ContinuationReader::Read(const ContinuationArea& area,
                                                                   Lba at) {
  const Lba first(int64_t{area.block} + area.offset / kSectorSize);
  const int64_t offset = area.offset % kSectorSize;
  if (area.bytes > kMaxBytes || first + Sectors::Holding(offset + area.bytes) > disc_.end())
    return InconsistentError("a continuation area lies outside the readable area", at);
  // Nothing is to be read for it, and at the disc's end there is nothing.
  if (area.bytes == 0) return absl::Span<const uint8_t>();
  RETURN_IF_ERROR(Spend(area.bytes, 0));
  const int64_t number = first.value() / kWindowSectors;
  const int64_t begin = first.value() % kWindowSectors * kSectorSize + offset;
  if (begin + area.bytes <= kWindowSectors * kSectorSize) {
    ASSIGN_OR_RETURN(const Window* window, Load(number));
    if (window != nullptr) return absl::MakeConstSpan(window->bytes).subspan(begin, area.bytes);
  }
  return ReadAlone(first, offset, area.bytes);
}

}  // namespace carousel::iso9660
