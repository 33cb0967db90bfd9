#include "server/session_import/read_plan.h"

#include <algorithm>

namespace carousel::session_import {
namespace {

// The extents as sectors inside [0, end), ascending.
std::vector<SectorRange> Clip(absl::Span<const Extent> wanted, Lba end) {
  std::vector<SectorRange> ranges;
  ranges.reserve(wanted.size());
  for (const Extent& extent : wanted) {
    if (extent.bytes <= 0 || extent.start < Lba(0) || extent.start >= end) continue;
    // Compared before it is added: a hint may hold any number.
    const Sectors sectors = std::min(Sectors::Holding(extent.bytes), end - extent.start);
    ranges.push_back({extent.start.value(), (extent.start + sectors).value()});
  }
  std::sort(ranges.begin(), ranges.end(),
            [](const SectorRange& a, const SectorRange& b) { return a.start < b.start; });
  return ranges;
}

std::vector<SectorRange> Merge(const std::vector<SectorRange>& ranges) {
  std::vector<SectorRange> merged;
  for (const SectorRange& range : ranges) {
    if (!merged.empty() && range.start - merged.back().end < kReadThroughSectors) {
      merged.back().end = std::max(merged.back().end, range.end);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

void Split(SectorRange range, std::vector<SectorRange>* pieces) {
  while (!range.empty()) {
    const int64_t end = std::min(range.start + kPieceSectors, range.end);
    pieces->push_back({range.start, end});
    range.start = end;
  }
}

}  // namespace

std::vector<SectorRange> PlanPieces(absl::Span<const Extent> wanted, Lba end,
                                    absl::Span<const SectorRange> held) {
  std::vector<SectorRange> pieces;
  auto hole = held.begin();
  for (SectorRange range : Merge(Clip(wanted, end))) {
    while (hole != held.end() && hole->end <= range.start) ++hole;
    for (; hole != held.end() && hole->start < range.end; ++hole) {
      Split({range.start, std::min(hole->start, range.end)}, &pieces);
      range.start = std::max(range.start, hole->end);
      if (hole->end > range.end) break;  // it may cover the next range too
    }
    Split(range, &pieces);
  }
  return pieces;
}

}  // namespace carousel::session_import
