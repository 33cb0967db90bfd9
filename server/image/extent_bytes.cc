#include "server/image/extent_bytes.h"

#include <algorithm>
#include <vector>

#include "hal/base/status_macros.h"

namespace carousel {
namespace {

constexpr Sectors kPiece{512};

}  // namespace

absl::Status ReadExtents(BlockReader& disc, absl::Span<const Extent> extents,
                         absl::FunctionRef<absl::Status(absl::Span<const uint8_t>, Lba)> take) {
  std::vector<uint8_t> piece;
  for (const Extent& extent : extents) {
    for (int64_t done = 0; done < extent.bytes; done += kPiece.bytes()) {
      const int64_t bytes = std::min(extent.bytes - done, kPiece.bytes());
      const Lba at = extent.start + Sectors(done / kSectorSize);
      piece.resize(static_cast<size_t>(Sectors::Holding(bytes).bytes()));
      RETURN_IF_ERROR(disc.Read(at, absl::MakeSpan(piece)));
      RETURN_IF_ERROR(take(absl::MakeConstSpan(piece).first(static_cast<size_t>(bytes)),
                           at + Sectors::Holding(bytes)));
    }
  }
  return absl::OkStatus();
}

}  // namespace carousel
