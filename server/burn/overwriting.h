// What a burn on media that are overwritten does beside the WRITEs of its session: the superblock,
// written last, so that the disc reads as it was until the new session is safe; and the end of a
// format that this burn began or met.
//
//   ReadOld -> Begin -> (the session, SYNCHRONIZE) -> Finish: read back, superblock, SYNCHRONIZE
#ifndef SERVER_BURN_OVERWRITING_H_
#define SERVER_BURN_OVERWRITING_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "hal/base/types.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/drive.h"
#include "hal/drive/media_state.h"
#include "server/burn/burn_writer.h"
#include "server/digest/sha256.h"
#include "server/disc_format/media_facts.h"
#include "server/mastering/plan.h"

namespace carousel {

// For one burn, on the device's thread. Errors: BurnWriter's.
class Overwriting {
 public:
  // `plan` and `row` must outlive it.
  Overwriting(const mastering::Plan* plan, const BurnRow* row) : plan_(*plan), row_(*row) {}

  // What the first sectors hold, of a disc that has a session, and what they will. Also the errors
  // of mastering::MakeSuperblock.
  absl::Status ReadOld(Drive& drive, const MediaFacts& facts);
  const std::vector<uint8_t>& old_superblock() const { return old_superblock_; }
  const std::vector<uint8_t>& superblock() const { return superblock_; }

  // Before the first WRITE. `state`: as the disc is now; `formatted`: by this burn.
  absl::Status Begin(BurnWriter& writer, const MediaState& state, bool formatted);
  // Behind the last. E_IMAPI_BURN_VERIFICATION_FAILED: the session does not read as `sha256` says;
  // the superblock is the old one.
  absl::Status Finish(BurnWriter& writer, const std::optional<Sha256Digest>& sha256);

 private:
  absl::Status CheckReadsBack(Drive& drive, const std::optional<Sha256Digest>& sha256) const;

  const mastering::Plan& plan_;
  const BurnRow& row_;
  std::vector<uint8_t> old_superblock_;
  std::vector<uint8_t> superblock_;
  bool ends_format_ = false;
};

}  // namespace carousel

#endif  // SERVER_BURN_OVERWRITING_H_
