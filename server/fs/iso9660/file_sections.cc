#include "server/fs/iso9660/file_sections.h"

#include <algorithm>

#include "server/fs/iso9660/errors.h"

namespace carousel::iso9660 {
namespace {

constexpr int64_t kMaxParts = 1 << 16;

}  // namespace

absl::Status AppendExtents(const DirectoryRecord& record, Lba at, Lba end,
                           std::vector<Extent>& extents) {
  if (record.bytes == 0) return absl::OkStatus();
  const int64_t bytes = record.bytes;
  const Sectors sectors = Sectors::Holding(bytes);
  Lba start(record.extent);
  if (record.unit == 0) {
    start += Sectors(record.attribute_sectors);
    if (start + sectors > end)
      return InconsistentError("a file lies outside the readable area", at);
    extents.push_back(Extent{start, bytes});
    return absl::OkStatus();
  }
  // The attribute record has the first unit to itself (clause 6.4.3).
  const Sectors stride(int64_t{record.unit} + record.gap);
  if (record.attribute_sectors != 0) start += stride;
  const int64_t parts = (sectors.value() + record.unit - 1) / record.unit;
  const Sectors last_part(sectors.value() - (parts - 1) * record.unit);
  if (parts > kMaxParts) return InconsistentError("a file is interleaved in too many parts", at);
  if (start + Sectors((parts - 1) * stride.value()) + last_part > end)
    return InconsistentError("an interleaved file lies outside the readable area", at);
  const int64_t unit_bytes = Sectors(record.unit).bytes();
  for (int64_t rest = bytes; rest > 0; rest -= unit_bytes, start += stride)
    extents.push_back(Extent{start, std::min(rest, unit_bytes)});
  return absl::OkStatus();
}

}  // namespace carousel::iso9660
