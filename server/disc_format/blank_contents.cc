#include "server/disc_format/blank_contents.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "hal/base/types.h"
#include "server/disc_format/drive_block_reader.h"

namespace carousel {
namespace {

constexpr Sectors kSample(1024);  // 2 MiB
constexpr Sectors kRequest(32);   // 64 KiB, which every transport carries at once

absl::StatusOr<bool> IsZero(BlockReader& disc, Lba from, Lba to) {
  std::vector<uint8_t> buffer(kRequest.bytes());
  for (Lba at = from; at < to; at += kRequest) {
    const Sectors count = std::min(kRequest, to - at);
    const absl::Span<uint8_t> sectors = absl::MakeSpan(buffer).subspan(0, count.bytes());
    const absl::Status read = disc.Read(at, sectors);
    if (!read.ok() && !IsUnreadableBlock(read)) return read;
    if (absl::IsDataLoss(read)) return false;
    // Beyond what was ever written: the rest is blank.
    if (!read.ok()) return true;
    if (std::any_of(sectors.begin(), sectors.end(), [](uint8_t byte) { return byte != 0; })) {
      return false;
    }
  }
  return true;
}

}  // namespace

absl::StatusOr<bool> HasBlankContents(BlockReader& disc) {
  const Lba front = std::min(Lba(0) + kSample, disc.end());
  ASSIGN_OR_RETURN(const bool front_blank, IsZero(disc, Lba(0), front));
  if (!front_blank) return false;
  return IsZero(disc, std::max(front, disc.end() - kSample), disc.end());
}

}  // namespace carousel
