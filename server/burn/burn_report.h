// What became of a burn, and what the drive says of the disc since. Plain values.
#ifndef SERVER_BURN_BURN_REPORT_H_
#define SERVER_BURN_BURN_REPORT_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "hal/base/types.h"
#include "hal/drive/burn_status.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/media_state.h"
#include "server/digest/sha256.h"

namespace carousel {

struct BurnReport {
  // OK: the session is on the disc and closed, as far as the drive says; nothing was read back.
  // Of a simulated burn: the drive has taken all of it.
  // CANCELLED only where nothing was written; never UNAVAILABLE once a WRITE was sent.
  absl::Status status;
  // Of the whole burn. kNone: the disc is as it was. kPartly: the first `written` sectors are there
  // and the session is not closed; 0: the disc was formatted, or a track reserved.
  DiscEffect effect = DiscEffect::kNone;
  // The laser was off. The effect is kNone, whatever happened.
  bool simulated = false;
  // By which the medium was written; null: none was chosen. Of BurnTable.
  const BurnRow* row = nullptr;
  // A session lay on the disc before.
  bool had_session = false;
  // Sectors that the drive has acknowledged.
  Sectors written;
  // Of the volume without its padding, as the drive was given it. Absent unless all of it was.
  std::optional<Sha256Digest> sha256;
  // What replaces the first sectors of a disc that is overwritten; of others empty.
  std::vector<uint8_t> superblock;
  // The drive refused the address as not the next writable one: somebody else has written.
  bool wrong_address = false;
  // Read after the burn, also after one that failed; nothing where the drive did not answer.
  std::optional<MediaState> after;
  // Not OK: the drive still keeps the disc.
  absl::Status removal;
};

}  // namespace carousel

#endif  // SERVER_BURN_BURN_REPORT_H_
