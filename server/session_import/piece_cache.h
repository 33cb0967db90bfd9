// The pieces of the disc that an import holds in memory, and which of their sectors were used. Not
// thread-safe.
#ifndef SERVER_SESSION_IMPORT_PIECE_CACHE_H_
#define SERVER_SESSION_IMPORT_PIECE_CACHE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "server/session_import/read_plan.h"

namespace carousel::session_import {

class PieceCache {
 public:
  using Data = std::unique_ptr<uint8_t[]>;

  // Holds `data`, the sectors of `range`: at most kPieceSectors, none of them held yet.
  void Insert(SectorRange range, Data data);

  // Copies sectors from `sector` on, as many as lie in one piece and fit in `out`, and marks them
  // used. Returns their number; 0 if `sector` is not held.
  int64_t Copy(int64_t sector, absl::Span<uint8_t> out);

  // Frees a piece: the lowest whose sectors were all used, else the lowest that ends at or before
  // `position`, else if `any` the lowest that does not hold `position`. Returns what it was, empty
  // if nothing may go.
  SectorRange EvictOne(int64_t position, bool any);

  // Start of the first held piece at or above `sector`, or `none`.
  int64_t NextStart(int64_t sector, int64_t none) const;
  // Ascending.
  std::vector<SectorRange> Ranges() const;
  int64_t bytes() const { return sectors_ * kSectorSize; }

 private:
  struct Piece {
    int64_t end = 0;
    uint64_t used = 0;  // one bit a sector, the first lowest
    Data data;
  };
  using Pieces = std::map<int64_t, Piece>;  // by start

  SectorRange Erase(Pieces::iterator piece);

  Pieces pieces_;
  int64_t sectors_ = 0;
};

}  // namespace carousel::session_import

#endif  // SERVER_SESSION_IMPORT_PIECE_CACHE_H_
