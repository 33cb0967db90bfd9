// Writing on one virtual disc: WRITE only where a drive takes it, a buffer that a power cut loses,
// and the disc's text and data kept in step. No time.
//
// A block of write-once media is written to the data file once, when it leaves the buffer, and
// never again: WRITE is taken at the next writable address only, and that never goes back behind
// what has left the buffer.
#ifndef HAL_VIRTUAL_ROBOT_DISC_RECORDER_H_
#define HAL_VIRTUAL_ROBOT_DISC_RECORDER_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/mmc/blank.h"
#include "hal/mmc/close_track_session.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/mode_sense.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/session_rules.h"
#include "hal/virtual_robot/write_buffer.h"

namespace carousel::virtual_robot {

// Where a disc is kept: the store in a drive, memory in tests.
class DiscKeeper {
 public:
  virtual ~DiscKeeper() = default;
  virtual absl::Status WriteSectors(Lba start, absl::Span<const uint8_t> sectors) = 0;
  // The disc as it would be found after a power cut. Validate(disc) holds.
  virtual absl::Status Save(const Disc& disc) = 0;
};

// Not thread-safe.
class DiscRecorder {
 public:
  // A buffer that is fuller than `buffer_size` is written. Both outlive it. `disc` is the disc as
  // the drive shows it, what is buffered included; it is changed by every method.
  DiscRecorder(Disc* disc, DiscKeeper* keeper, Sectors buffer_size);

  // As MODE SELECT set it; media without page 05h ignore it. Ends a test write and forgets what was
  // reserved for one.
  void set_page(const mmc::WriteParameters& page);
  const mmc::WriteParameters& page() const { return page_; }

  Refusal Write(Lba start, absl::Span<const uint8_t> sectors);
  Refusal Synchronize();
  Refusal ReserveTrack(Sectors size);
  Refusal CloseTrackSession(const mmc::CloseTrackSessionCdb& cdb);
  Refusal BlankDisc(const mmc::BlankCdb& cdb);
  Refusal FormatUnit(const mmc::FormatParameters& format);
  // What is buffered is lost.
  void LosePower();

  Sectors buffered() const { return buffer_.size(); }
  Sectors buffer_size() const { return buffer_size_; }
  void Overlay(Lba start, absl::Span<uint8_t> out) const { buffer_.Overlay(start, out); }

 private:
  // The track takes the place that was reserved for it.
  void FillReservation();
  bool IsAtOnce() const;
  // Writes what is buffered; with `whole_units` without the last unit if it is not full.
  absl::Status Drain(bool whole_units);
  // At most `most` sectors of the oldest write.
  absl::Status WriteOldest(Sectors most);
  // The open track is on the disc up to `end`.
  absl::Status KeepUpTo(Lba end);
  absl::Status Save();
  Refusal Changed(Refusal refusal);

  Disc& disc_;
  DiscKeeper& keeper_;
  const Sectors buffer_size_;
  WriteBuffer buffer_;
  // The disc without what is buffered.
  Disc kept_;
  mmc::WriteParameters page_;
  // The end of the reserved track.
  std::optional<Lba> reserved_;
  // Where a test write goes on.
  std::optional<Lba> simulated_;
  // Up to where a quick format has been written.
  Lba grown_;
};

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_DISC_RECORDER_H_
