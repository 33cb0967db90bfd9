// Sectors between the thread that makes them and the thread that writes them: a ring of pieces, in
// memory that begins at a page. It makes and writes nothing itself.
//
// The drive is given nothing until the ring is full or the last sector is in it, and again so after
// the ring has run dry: each time that a drive has to stop costs the disc a link.
#ifndef SERVER_BURN_SECTOR_RING_H_
#define SERVER_BURN_SECTOR_RING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/mutex.h"
#include "hal/base/types.h"

namespace carousel {

// In bytes. 0 <= lowest, filled <= highest <= size.
struct RingLevel {
  int64_t size = 0;
  int64_t filled = 0;
  // The marks: the least that was left, while more was to come, when a piece had been taken (`size`
  // if none ever was), and the most that there was.
  int64_t lowest = 0;
  int64_t highest = 0;
  // How often it ran dry while more was to come.
  int64_t times_dry = 0;
  bool operator==(const RingLevel&) const = default;
};

// For one producer's and one consumer's thread; Interrupt, Stop and level for any.
class SectorRing {
 public:
  // Of `pieces` pieces, at least two, of `piece` sectors each. All its memory is taken here.
  SectorRing(Sectors piece, int pieces);

  // --- The producer's.

  // The next piece's place. Blocks until there is one; empty once the ring was stopped.
  absl::Span<uint8_t> Reserve() ABSL_LOCKS_EXCLUDED(mutex_);
  // Its first `count` sectors, at least one, are there; behind the last piece comes nothing.
  void Commit(Sectors count, bool last) ABSL_LOCKS_EXCLUDED(mutex_);
  // Why no more can be had. Not OK.
  void Fail(absl::Status status) ABSL_LOCKS_EXCLUDED(mutex_);

  // --- The consumer's.

  // The oldest piece, which stays; empty behind the last. Blocks: see above. The producer's error
  // as soon as there is one, whatever lies in the ring: a session that will not be whole gets no
  // more sectors. CANCELLED once the ring was interrupted.
  absl::StatusOr<absl::Span<const uint8_t>> Front() ABSL_LOCKS_EXCLUDED(mutex_);
  // Takes it out. The last Front had one.
  void Pop() ABSL_LOCKS_EXCLUDED(mutex_);

  // The consumer waits no more.
  void Interrupt() ABSL_LOCKS_EXCLUDED(mutex_);
  // The producer waits no more.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);
  RingLevel level() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  static constexpr std::align_val_t kPage{4096};
  struct Free {
    void operator()(uint8_t* memory) const { operator delete[](memory, kPage); }
  };

  uint8_t* Place(int64_t piece) const;
  bool Full() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int64_t piece_bytes_;
  const std::unique_ptr<uint8_t[], Free> memory_;

  mutable Mutex mutex_;
  CondVar room_;
  CondVar there_;
  // By place; how much of it is there.
  std::vector<int64_t> bytes_ ABSL_GUARDED_BY(mutex_);
  // Pieces since the beginning; in the ring are those between.
  int64_t taken_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t made_ ABSL_GUARDED_BY(mutex_) = 0;
  RingLevel level_ ABSL_GUARDED_BY(mutex_);
  bool filling_ ABSL_GUARDED_BY(mutex_) = true;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
  bool interrupted_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace carousel

#endif  // SERVER_BURN_SECTOR_RING_H_
