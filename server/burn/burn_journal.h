// Who is told before a burn changes a disc, and after. An interface: a burn knows no data base.
#ifndef SERVER_BURN_BURN_JOURNAL_H_
#define SERVER_BURN_BURN_JOURNAL_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "hal/base/types.h"
#include "hal/drive/burn_status.h"
#include "server/digest/sha256.h"

namespace carousel {

// One step that cannot be taken back.
enum class BurnStep : uint8_t {
  // Every WRITE of the session, and of the superblock behind it; of a disc that is written at once
  // also RESERVE TRACK before it, of a format its end.
  kWriteSession,
  kClose,   // of track and session
  kFormat,  // FORMAT UNIT before a session, where the medium takes none otherwise
};

struct BurnIntent {
  BurnStep step = BurnStep::kWriteSession;
  Lba start;
  Sectors planned;  // 0: kClose, kFormat
  // What lies in the first sectors of a disc that is overwritten, before they are.
  std::vector<uint8_t> old_superblock;
};

struct BurnOutcome {
  absl::Status status;
  DiscEffect effect = DiscEffect::kNone;
  Sectors written;
  std::optional<Sha256Digest> sha256;  // as in BurnReport
};

// Called on the device's thread; may block until what it was told is safe.
class BurnJournal {
 public:
  virtual ~BurnJournal() = default;
  // Before the step's first command. On an error the step is not done.
  virtual absl::Status Begin(const BurnIntent& intent) = 0;
  // After every Begin that went well. An error fails the burn: what happened to the disc would not
  // be known after a restart.
  virtual absl::Status End(const BurnIntent& intent, const BurnOutcome& outcome) = 0;
};

}  // namespace carousel

#endif  // SERVER_BURN_BURN_JOURNAL_H_
