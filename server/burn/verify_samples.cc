#include "server/burn/verify_samples.h"

#include <algorithm>
#include <cstdint>

namespace carousel {
namespace {

// The system area, the descriptors behind it, and where directories or path tables begin.
constexpr Sectors kHead{32};
// 64 MiB.
constexpr Sectors kStride{32'768};
// Of every medium; a BD's.
constexpr Sectors kLastUnit{32};
// Path tables are of a disc and may say that they are endless.
constexpr int64_t kMostPathTableBytes = 1 << 20;

}  // namespace

SampledSectors SampledHead(Lba start, Lba end) { return {start, std::min(kHead, end - start)}; }

std::vector<SampledSectors> SampledRest(Lba start, Lba end,
                                        const std::optional<iso9660::Volume>& primary) {
  std::vector<SampledSectors> wanted;
  const auto add = [&](Lba from, Lba to) {
    from = std::max(from, start);
    to = std::min(to, end);
    if (from < to) wanted.push_back({from, to - from});
  };
  if (primary.has_value()) {
    const int64_t bytes = std::clamp<int64_t>(primary->path_table_bytes, 0, kMostPathTableBytes);
    add(primary->path_table, primary->path_table + Sectors::Holding(bytes));
  }
  for (Lba at = start + kStride; at < end; at += kStride) add(at, at + Sectors(1));
  add(end - kLastUnit, end);
  std::sort(wanted.begin(), wanted.end(),
            [](const SampledSectors& a, const SampledSectors& b) { return a.start < b.start; });
  std::vector<SampledSectors> samples;
  const SampledSectors head = SampledHead(start, end);
  Lba done = head.start + head.count;
  for (const SampledSectors& run : wanted) {
    const Lba from = std::max(run.start, done);
    const Lba to = run.start + run.count;
    if (from >= to) continue;
    samples.push_back({from, to - from});
    done = to;
  }
  return samples;
}

}  // namespace carousel
