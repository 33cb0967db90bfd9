// The writing side of an optical drive, in domain words. Drive::writer() gives it; what each medium
// wants of it is in burn_table.h. Implementations: MmcDiscWriter over any scsi::Transport,
// FakeDiscWriter in tests.
//
//                         Write                       Synchronize
//   (prepared) ---------> (buffered: in the drive, ------> (on the disc) --- CloseTrack, -->
//      ^                   lost by a power cut)               |    ^          CloseSession
//      | speed, page 05h, OPC, ReserveTrack                   +----+ Write
//
// What only prepares returns absl::Status and may be asked again. What may change the disc returns
// BurnStatus, which is never UNAVAILABLE; none of it is ever sent to the device a second time
// unless the device has said that it did not take it.
#ifndef HAL_DRIVE_DISC_WRITER_H_
#define HAL_DRIVE_DISC_WRITER_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/drive/burn_status.h"
#include "hal/drive/burn_table.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/mode_sense.h"
#include "hal/mmc/speed.h"

namespace carousel {

struct WriteSpeed {
  SpeedCommand command = SpeedCommand::kSetStreaming;
  // Absent: as the drive thinks best for the disc.
  std::optional<mmc::SectorsPerSecond> speed;
  // Up to where it holds; SET CD SPEED has no such bound.
  Lba end;
};

// Bytes of the drive's write buffer. 0 <= available <= length.
struct WriteBuffer {
  int64_t length = 0;
  int64_t available = 0;
  bool operator==(const WriteBuffer&) const = default;
};

// kMinimal is quick, and leaves a DVD-RW that can only be written at once.
enum class BlankExtent : uint8_t { kMinimal, kWhole };

// The part done, 0 to 1, of an operation that takes minutes; nothing where the drive does not tell.
// Called at every poll, on the device's thread; must not block. May be empty.
using OnProgress = std::function<void(std::optional<double> part)>;

// Used from one thread, its device's thread. Every method may block for as long as its budget says
// (MmcDiscWriterOptions); none loops without one. Whoever writes has the drive for itself: another
// command in between may end the session.
//
// The generation of the media advances with the first Write after a Synchronize, and with every
// other method that changed the disc or may have: facts about the disc are read anew.
class DiscWriter {
 public:
  virtual ~DiscWriter() = default;

  // --- Before the first block. UNAVAILABLE: busy, becoming ready or another medium, nothing was
  // set; DEADLINE_EXCEEDED: a command hung.

  // FAILED_PRECONDITION with the sense: the drive does not know the command or not for this medium.
  // The speed that it has chosen is MediaState::current_write_speed, read anew.
  virtual absl::Status SetWriteSpeed(const WriteSpeed& speed) = 0;
  // Mode page 05h as the drive has it, with these in place of its own, and read back.
  // FAILED_PRECONDITION: refused, or the drive took it and keeps another write type, multi-session
  // or test-write bit: writing then would do something else than was asked for. INTERNAL: the page
  // cannot be read.
  virtual absl::Status SetWriteParameters(const mmc::WriteParameters& parameters) = 0;
  // SEND OPC INFORMATION, unless the drive has entries for the disc. Only a failed calibration
  // counts (x/73/xx, key other than recovered): INTERNAL or DATA_LOSS with the sense. That the
  // drive refuses the command does not matter: it calibrates by itself.
  virtual absl::Status CalibratePower() = 0;

  // --- What changes the disc. BurnStatus::effect() tells what is known of it afterwards. Codes of
  // all: FAILED_PRECONDITION with the sense: refused. ABORTED with the sense: the drive was not
  // ready, was reset, or another medium is there. DATA_LOSS, INTERNAL with the sense: the drive
  // failed. DEADLINE_EXCEEDED: no answer, or the budget ended while the drive was still at work.

  // RESERVE TRACK: the exact size of what will be written at once. INVALID_ARGUMENT: not positive.
  virtual BurnStatus ReserveTrack(Sectors size) = 0;
  // Writes `sectors.size() / 2048` sectors from `start` on, in WRITEs as large as the transport
  // carries. Repeats a WRITE, within the budget, only where the drive says that it was not taken:
  // its buffer is full, it is busy with what came before, or becoming ready at the first block.
  // BurnStatus::wrong_address() is an alarm. INVALID_ARGUMENT: no whole sectors, or an address that
  // no disc has.
  virtual BurnStatus Write(Lba start, absl::Span<const uint8_t> sectors) = 0;
  // What was written is on the disc. Never sent again: after a reset it would say so of an empty
  // buffer.
  virtual BurnStatus Synchronize(const OnProgress& progress = {}) = 0;
  virtual BurnStatus CloseTrack(TrackNumber track, const OnProgress& progress = {}) = 0;
  // Done when the drive is ready, and READ DISC INFORMATION shows the session, or the disc, closed.
  // INTERNAL: the drive says that it is done and still shows an open session. INVALID_ARGUMENT:
  // SessionClose::kNone.
  virtual BurnStatus CloseSession(SessionClose how, const OnProgress& progress = {}) = 0;
  // Erases a CD-RW or DVD-RW. INTERNAL: the drive says that it is done, and the disc is not blank.
  virtual BurnStatus Blank(BlankExtent extent, const OnProgress& progress = {}) = 0;
  // FORMAT UNIT. A size that is absent becomes the one that the drive offers for the type, a DVD+RW
  // is formatted whole; FAILED_PRECONDITION: it offers none. A DVD+RW is formatted in the
  // background: done when it can be written.
  virtual BurnStatus Format(const mmc::FormatParameters& format,
                            const OnProgress& progress = {}) = 0;

  // --- While a disc is written.

  // Never UNAVAILABLE: ABORTED instead, since it is asked in the middle of burns. INTERNAL: refused
  // or not to be understood.
  virtual absl::StatusOr<WriteBuffer> ReadBufferCapacity() = 0;
};

// INVALID_ARGUMENT unless it is a positive number of whole sectors from -150 on, and below 2^31.
absl::Status CheckWriteRequest(Lba start, size_t size);

}  // namespace carousel

#endif  // HAL_DRIVE_DISC_WRITER_H_
