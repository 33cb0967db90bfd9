#include "hal/drive/disc_writer.h"

#include "absl/strings/str_cat.h"

namespace carousel {
namespace {

// A CD that is written session at once begins with its pregap.
constexpr Lba kFirst{-150};
// WRITE has 32 bits, signed.
constexpr Lba kEnd{int64_t{1} << 31};

}  // namespace

absl::Status CheckWriteRequest(Lba start, size_t size) {
  const Sectors count(static_cast<int64_t>(size / kSectorSize));
  if (size == 0 || size % kSectorSize != 0 || start < kFirst || start > kEnd ||
      count > kEnd - start) {
    return absl::InvalidArgumentError(
        absl::StrCat("a write of ", size, " bytes to LBA ", start.value()));
  }
  return absl::OkStatus();
}

}  // namespace carousel
