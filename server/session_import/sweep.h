// Which planned piece is read next: a sweep that ascends from where it is and begins anew at the
// lowest, like an elevator. Knows no drive and holds no data. Not thread-safe.
//
//   (pending) --Take--> (taken) --Fail--> (failed)
//       ^                  |
//       +------Await-------+   the reader needs it once more: it was dropped meanwhile
#ifndef SERVER_SESSION_IMPORT_SWEEP_H_
#define SERVER_SESSION_IMPORT_SWEEP_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "server/session_import/read_plan.h"

namespace carousel::session_import {

class Sweep {
 public:
  // `pieces`: ascending, without overlap.
  explicit Sweep(std::vector<SectorRange> pieces = {});

  // The reader waits for `sector`, which nobody holds. True if a planned piece brings it: at the
  // latest after kNearPieces others, for the sweep goes on from there if it is farther away. False
  // if it is not planned or its piece has failed: it must be read by itself.
  bool Await(int64_t sector);

  // The piece to read next, if one is pending; Take makes it taken.
  std::optional<SectorRange> Next() const;
  void Take();

  // The piece, which was taken, cannot be read as a whole.
  void Fail(SectorRange piece);

  // Start of the first piece at or above `sector`, or `none`.
  int64_t NextStart(int64_t sector, int64_t none) const;

 private:
  // Passing over so much costs a drive no more than a seek would.
  static constexpr size_t kNearPieces = 8;
  enum class State : uint8_t { kPending, kTaken, kFailed };

  // Index of the first piece that ends above `sector`.
  size_t IndexOf(int64_t sector) const;
  void SkipTaken();

  std::vector<SectorRange> pieces_;
  std::vector<State> states_;
  size_t pending_;
  size_t next_ = 0;  // a pending one as long as there is one
};

}  // namespace carousel::session_import

#endif  // SERVER_SESSION_IMPORT_SWEEP_H_
