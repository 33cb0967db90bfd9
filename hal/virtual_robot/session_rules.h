// What RESERVE, CLOSE, BLANK and FORMAT do to a virtual disc, by its medium and state, and with
// which sense a drive refuses them. Pure: from disc to disc, without data and time.
#ifndef HAL_VIRTUAL_ROBOT_SESSION_RULES_H_
#define HAL_VIRTUAL_ROBOT_SESSION_RULES_H_

#include <cstdint>
#include <optional>

#include "hal/base/types.h"
#include "hal/mmc/blank.h"
#include "hal/mmc/close_track_session.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/mode_sense.h"
#include "hal/scsi/sense.h"
#include "hal/virtual_robot/disc.h"

namespace carousel::virtual_robot {

// Nothing: done.
using Refusal = std::optional<scsi::Sense>;

// The medium is written as mode page 05h says; others ignore it.
bool HasWriteParameters(const Disc& disc);

// Why no command may write this disc: pressed, write-protected, or pseudo-overwrite, whose drive
// remaps blocks in a way that is not modelled.
Refusal WriteObstacle(const Disc& disc);

// WRITE of [start, start + count) with page 05h as it is; the address is checked too. `reserved`:
// the end of the track that RESERVE TRACK has announced.
Refusal CheckWrite(const Disc& disc, const mmc::WriteParameters& page, std::optional<Lba> reserved,
                   Lba start, Sectors count);
// The write was taken: the track grows, or begins. On overwritable media nothing changes.
void AddToTrack(Disc& disc, Lba start, Sectors count);

// The open track ends with a whole unit. Returns the zeros to write.
Sectors PadOpenTrack(Disc& disc);

Refusal CheckReservation(const Disc& disc, const mmc::WriteParameters& page,
                         std::optional<Lba> reserved, Sectors size);
// Any function of CLOSE TRACK SESSION. The track is padded before.
Refusal Close(Disc& disc, const mmc::WriteParameters& page, const mmc::CloseTrackSessionCdb& cdb);
Refusal Blank(Disc& disc, const mmc::BlankCdb& cdb);
Refusal Format(Disc& disc, const mmc::FormatParameters& format);

// Power was cut while blocks were buffered.
void Damage(Disc& disc);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_SESSION_RULES_H_
