// A session's sectors, made ahead of the drive on a thread of their own, and their digest. What is
// done with them is the taker's affair.
//
//   ImageStream --(this thread: pull, SHA-256)--> SectorRing --(the drive's thread)--> WRITE
#ifndef SERVER_BURN_BURN_PIPELINE_H_
#define SERVER_BURN_BURN_PIPELINE_H_

#include <thread>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/burn/sector_ring.h"
#include "server/digest/sha256.h"
#include "server/mastering/content.h"
#include "server/mastering/plan.h"

namespace carousel {

class BurnPipeline {
 public:
  // Of whole units of every medium; half a second at 1x of DVD. Every piece has as much, but the
  // last.
  static constexpr Sectors kPiece{512};
  // 64 MiB: a second at 16x of BD, three at 16x of DVD, fourteen at 1x of BD.
  static constexpr Sectors kDefaultBuffer{32'768};

  // Begins to make the sectors of `plan`, of which at most `buffer` are held, two pieces at least.
  // Both must outlive the pipeline, and `contents` is its own meanwhile.
  BurnPipeline(const mastering::Plan* plan, mastering::ContentSource* contents, Sectors buffer);
  // Blocks for a read of the contents at most.
  ~BurnPipeline();

  // As SectorRing's; the errors are ImageReader::Read's.
  absl::StatusOr<absl::Span<const uint8_t>> Front() { return ring_.Front(); }
  void Pop() { ring_.Pop(); }
  void Interrupt() { ring_.Interrupt(); }
  RingLevel level() const { return ring_.level(); }

  // Of the volume without its padding. Only when the last piece has come.
  const Sha256Digest& digest() const { return digest_; }

 private:
  void Produce();

  const mastering::Plan& plan_;
  mastering::ContentSource& contents_;
  SectorRing ring_;
  Sha256Digest digest_ = {};  // handed over with the last piece
  std::thread thread_;
};

}  // namespace carousel

#endif  // SERVER_BURN_BURN_PIPELINE_H_
