// The writing side of a virtual drive with one disc in it: answers the CDBs that write, and says
// when each answer comes. Keeps the disc in the store as it would be found after a power cut.
#ifndef HAL_VIRTUAL_ROBOT_VIRTUAL_WRITER_H_
#define HAL_VIRTUAL_ROBOT_VIRTUAL_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/mmc/mode_sense.h"
#include "hal/scsi/command.h"
#include "hal/scsi/sense.h"
#include "hal/virtual_robot/device_answers.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/disc_recorder.h"
#include "hal/virtual_robot/disc_store.h"
#include "hal/virtual_robot/drive_type.h"
#include "hal/virtual_robot/quirks.h"
#include "hal/virtual_robot/reply.h"

namespace carousel::virtual_robot {

// Not thread-safe. Never sleeps.
class VirtualWriter : private DiscKeeper {
 public:
  // `type`, `quirks` and `disc` outlive it; `disc` is the drive's, and is changed by what is
  // written.
  VirtualWriter(const DriveType& type, const Quirks& quirks, DiscStore store, DiscData data,
                Disc* disc);

  // What is buffered is lost: the drive is switched off.
  ~VirtualWriter() override { recorder_.LosePower(); }

  // True of the opcodes that Execute answers.
  static bool Answers(uint8_t opcode);
  // Executes at once; `done` is when the host sees the answer, not before it was.
  Reply Execute(const scsi::Command& command, absl::Time now, absl::Time* done);

  // 2/04/07 with progress while an operation that was begun with IMMED is running.
  std::optional<scsi::Sense> Busy(absl::Time now) const;
  // As MODE SELECT, SET STREAMING and SET CD SPEED left it.
  WriteSettings settings() const { return {.page05 = page_, .speed = Speed()}; }
  // What is buffered, over what was read from the disc.
  void Overlay(Lba start, absl::Span<uint8_t> out) const { recorder_.Overlay(start, out); }
  // The disc leaves the drive: a drive writes its buffer before.
  void Finish() { (void)recorder_.Synchronize(); }
  void LosePower() { recorder_.LosePower(); }

 private:
  absl::Status WriteSectors(Lba start, absl::Span<const uint8_t> sectors) override;
  absl::Status Save(const Disc& disc) override;

  Reply WriteBlocks(const scsi::Command& command, absl::Time now, absl::Time* done);
  Reply Synchronize(absl::Span<const uint8_t> cdb, absl::Time now, absl::Time* done);
  Reply Close(absl::Span<const uint8_t> cdb, absl::Time now, absl::Time* done);
  Reply Blank(absl::Span<const uint8_t> cdb, absl::Time now, absl::Time* done);
  Reply Format(const scsi::Command& command, absl::Time now, absl::Time* done);
  Reply SelectMode(const scsi::Command& command);
  Reply SetStreaming(const scsi::Command& command);
  Reply SetCdSpeed(absl::Span<const uint8_t> cdb);
  Reply BufferCapacity(absl::Span<const uint8_t> cdb, absl::Time now) const;
  // Work that takes `duration` after the buffer is written.
  Reply Long(Refusal refusal, bool immediate, absl::Duration duration, absl::Time now,
             absl::Time* done);
  // Onto the disc, in multiples of 1x and in bytes a second.
  double Speed() const;
  double Rate() const;
  absl::Duration WritingTime(Sectors count) const;

  const DriveType& type_;
  const Quirks& quirks_;
  const DiscStore store_;
  const DiscData data_;
  Disc& disc_;
  DiscRecorder recorder_;
  mmc::ModePage page_;
  // The speed asked for, bytes a second; absent: the fastest.
  std::optional<double> speed_;
  // When all that was taken will be on the disc.
  absl::Time written_at_ = absl::InfinitePast();
  absl::Time busy_from_ = absl::InfinitePast();
  absl::Time busy_until_ = absl::InfinitePast();
};

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_VIRTUAL_WRITER_H_
