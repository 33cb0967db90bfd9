// What an optical drive can do, in domain words. Implementations: MmcDrive over any
// scsi::Transport; FakeDrive in tests.
//
//            load, unit attention          state read
//   (empty) ----------------------> (becoming ready) ----> (ready) --+
//      ^          budget spent -> UNAVAILABLE |               |  ^   | read
//      |                                      |         eject |  +---+
//      +--------------------------------------+---------------+
//
// The media generation advances on everything that may have changed the medium: a unit attention,
// an event of the media class, eject, load, a medium that is there or gone without the drive having
// said so, a drive that was ready and is not, and a command without an answer. A refused command
// and a block that cannot be read say nothing of the kind. Writing advances it too (disc_writer.h).
#ifndef HAL_DRIVE_DRIVE_H_
#define HAL_DRIVE_DRIVE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/device_id.h"
#include "hal/base/types.h"
#include "hal/drive/media_state.h"

namespace carousel {

class DiscWriter;

struct DriveIdentity {
  std::string vendor;
  std::string product;
  std::string revision;
  std::string serial;  // VPD page 80h; empty if the drive has none
};

// Used from one thread, its device's thread. Every method may block for as long as its budget says;
// none loops without one.
class Drive {
 public:
  virtual ~Drive() = default;

  // INQUIRY, cached from the first answer on. UNAVAILABLE: the drive cannot be reached.
  virtual absl::StatusOr<DriveIdentity> Identify() = 0;

  // What else it calls itself: the designators of VPD page 83h that name the logical unit. Empty if
  // it has no such page. Codes of Identify.
  virtual absl::StatusOr<std::vector<DeviceId>> ReadDeviceIds() { return std::vector<DeviceId>(); }

  // TEST UNIT READY until the drive is ready or says that it holds no medium. Takes unit
  // attentions, each of which advances the generation. Returns whether a medium is present.
  // UNAVAILABLE with the sense: still becoming ready, busy or formatting when the budget ended.
  // DEADLINE_EXCEEDED: a command hung. FAILED_PRECONDITION with the sense: the drive needs a
  // person.
  virtual absl::StatusOr<bool> CheckReady() = 0;

  // CheckReady, then everything that MediaState has, read anew. All answers are of one generation,
  // else it is read again (at most three times, then ABORTED). Codes of CheckReady; INTERNAL with
  // the sense: an answer that cannot be understood or that was refused.
  virtual absl::StatusOr<MediaState> ReadMediaState() = 0;

  // Reads `out.size() / 2048` sectors from `start` on. `out.size()` is a positive multiple of 2048;
  // requests above the transport's limit are split. All or nothing: on an error the contents of
  // `out` are undefined. DATA_LOSS with the sense: a block could not be read. FAILED_PRECONDITION
  // with the sense: the address is not readable (blank area, beyond the end) or the medium is gone.
  // UNAVAILABLE with the sense: also when a unit attention came in its place, nothing was read
  // then. DEADLINE_EXCEEDED: as for CheckReady. INVALID_ARGUMENT: another size, a negative address.
  // INTERNAL: the drive sent less than it was asked for.
  virtual absl::Status Read(Lba start, absl::Span<uint8_t> out) = 0;

  // START STOP UNIT with LoEj: opens the tray (or releases the disc to the changer), or takes the
  // disc in. Advances the generation. FAILED_PRECONDITION with the sense: removal is prevented, or
  // there is nothing to load.
  virtual absl::Status Eject() = 0;
  virtual absl::Status Load() = 0;

  // Makes the drive forget what it holds of the disc, so that what is read next comes from the disc
  // itself: Eject and Load. A drive that does not move its tray both ways stops and starts the disc
  // instead. Advances the generation; does not wait until the disc is ready. Codes of Eject and
  // Load: after those of Load the disc may lie outside.
  virtual absl::Status Reload() {
    const absl::Status ejected = Eject();
    return ejected.ok() ? Load() : ejected;
  }

  // PREVENT ALLOW MEDIUM REMOVAL.
  virtual absl::Status PreventRemoval(bool prevent) = 0;

  // GET EVENT STATUS NOTIFICATION, media class: advances the generation if the drive reports a new
  // or a removed medium. Cheap; the device's thread calls it each second while idle.
  virtual absl::Status PollEvents() = 0;

  virtual MediaGeneration generation() const = 0;

  // The writing side, of the same thread; the drive's. Null: this one only reads.
  virtual DiscWriter* writer() { return nullptr; }
};

}  // namespace carousel

#endif  // HAL_DRIVE_DRIVE_H_
