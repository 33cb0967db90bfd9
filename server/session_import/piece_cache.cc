#include "server/session_import/piece_cache.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "hal/base/types.h"

namespace carousel::session_import {
namespace {

static_assert(kPieceSectors <= 64, "used sectors are counted in one word");

// `count` ones from bit `first` on.
uint64_t Bits(int64_t first, int64_t count) {
  return (count == 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1) << first;
}

}  // namespace

void PieceCache::Insert(SectorRange range, Data data) {
  sectors_ += range.size();
  pieces_.emplace(range.start, Piece{.end = range.end, .data = std::move(data)});
}

int64_t PieceCache::Copy(int64_t sector, absl::Span<uint8_t> out) {
  auto found = pieces_.upper_bound(sector);
  if (found == pieces_.begin()) return 0;
  auto& [start, piece] = *std::prev(found);
  if (sector >= piece.end) return 0;
  const int64_t count =
      std::min<int64_t>(piece.end - sector, static_cast<int64_t>(out.size()) / kSectorSize);
  std::memcpy(out.data(), piece.data.get() + (sector - start) * kSectorSize, count * kSectorSize);
  piece.used |= Bits(sector - start, count);
  return count;
}

SectorRange PieceCache::EvictOne(int64_t position, bool any) {
  auto behind = pieces_.end();
  auto other = pieces_.end();
  for (auto it = pieces_.begin(); it != pieces_.end(); ++it) {
    const auto& [start, piece] = *it;
    const SectorRange range{start, piece.end};
    if (range.Contains(position)) continue;
    if (piece.used == Bits(0, range.size())) return Erase(it);
    if (behind == pieces_.end() && range.end <= position) behind = it;
    if (other == pieces_.end()) other = it;
  }
  if (behind != pieces_.end()) return Erase(behind);
  if (any && other != pieces_.end()) return Erase(other);
  return {};
}

SectorRange PieceCache::Erase(Pieces::iterator piece) {
  const SectorRange range{piece->first, piece->second.end};
  sectors_ -= range.size();
  pieces_.erase(piece);
  return range;
}

int64_t PieceCache::NextStart(int64_t sector, int64_t none) const {
  const auto found = pieces_.lower_bound(sector);
  return found == pieces_.end() ? none : found->first;
}

std::vector<SectorRange> PieceCache::Ranges() const {
  std::vector<SectorRange> ranges;
  ranges.reserve(pieces_.size());
  for (const auto& [start, piece] : pieces_) ranges.push_back({start, piece.end});
  return ranges;
}

}  // namespace carousel::session_import
