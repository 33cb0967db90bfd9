// The pieces in which a sweep reads the directory area, worked out from where the directories are
// said to lie. Arithmetic only: asks no drive and trusts no hint.
#ifndef SERVER_SESSION_IMPORT_READ_PLAN_H_
#define SERVER_SESSION_IMPORT_READ_PLAN_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/image/file_tree.h"

namespace carousel::session_import {

// Sectors of one request: 128 KiB, which every transport takes in one READ, of which 134 read the
// directories of 100,000 entries, and during which others' questions to the drive wait no longer
// than 95 ms at DVD 1x.
inline constexpr int64_t kPieceSectors = 64;

// Holes between directories up to this are read through: passing over them costs a drive less than
// a second command.
inline constexpr int64_t kReadThroughSectors = 64;

// Sectors [start, end).
struct SectorRange {
  int64_t start = 0;
  int64_t end = 0;

  int64_t size() const { return end - start; }
  bool empty() const { return end <= start; }
  bool Contains(int64_t sector) const { return start <= sector && sector < end; }
  bool operator==(const SectorRange&) const = default;
};

// Cuts `wanted` into pieces of at most kPieceSectors, ascending and without overlap. Extents
// that begin outside [0, end) are dropped, longer ones cut; holes smaller than kReadThroughSectors
// are filled, sectors of `held` (ascending, disjoint) left out.
std::vector<SectorRange> PlanPieces(absl::Span<const Extent> wanted, Lba end,
                                    absl::Span<const SectorRange> held);

}  // namespace carousel::session_import

#endif  // SERVER_SESSION_IMPORT_READ_PLAN_H_
