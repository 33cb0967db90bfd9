// One MMC device behind a transport: sends commands, turns what came back into a status, and keeps
// the media generation. Knows no sequence of commands.
#ifndef HAL_DRIVE_MMC_DEVICE_H_
#define HAL_DRIVE_MMC_DEVICE_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/base/clock.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"
#include "hal/scsi/transport.h"

namespace carousel {

// Used from one thread, the device's.
class MmcDevice {
 public:
  // `clock` outlives the device. Generations count from `first`.
  MmcDevice(std::unique_ptr<scsi::Transport> transport, Clock* clock,
            MediaGeneration first = MediaGeneration(1));

  // Sends `command` once; blocks at most its time-out. Returns the bytes received, also after a
  // recovered error. An error status carries the sense, as scsi::SenseStatus makes it; UNAVAILABLE
  // also for BUSY, ABORTED for TASK ABORTED, FAILED_PRECONDITION for RESERVATION CONFLICT; else the
  // transport's DEADLINE_EXCEEDED or UNAVAILABLE.
  //
  // A unit attention, a drive that was ready and is not, and a command without an answer advance
  // the generation.
  absl::StatusOr<size_t> Execute(const scsi::Command& command);

  // Execute, and again when a unit attention came in the command's place: the device has then not
  // executed it. At most `attempts` times.
  absl::StatusOr<size_t> ExecutePastUnitAttention(const scsi::Command& command, int attempts);

  // TEST UNIT READY has said whether there is a medium. Advances the generation when that differs
  // from what was known.
  void NotePresence(bool present);
  void AdvanceGeneration() { generation_ = generation_.Next(); }
  MediaGeneration generation() const { return generation_; }

  size_t max_transfer() const { return transport_->max_transfer(); }
  absl::string_view name() const { return transport_->name(); }
  Clock& clock() { return *clock_; }

 private:
  void NoteFailure(const absl::Status& status);

  const std::unique_ptr<scsi::Transport> transport_;
  Clock* const clock_;
  MediaGeneration generation_;
  // As the last TEST UNIT READY said; absent before the first.
  std::optional<bool> present_;
  bool ready_ = false;
};

// A unit attention is in the status.
bool IsUnitAttention(const absl::Status& status);
// The device answered BUSY or TASK SET FULL.
bool IsBusy(const absl::Status& status);
// The device said no to this command, and would to the next try: any sense but unit attention,
// becoming ready and no medium. Firmware is seen that says NOT READY for an invalid field.
bool IsRefusal(const absl::Status& status);
// `status` as INTERNAL, message and payloads kept, if it is a refusal; else as it is.
absl::Status RefusalAsInternal(const absl::Status& status);

}  // namespace carousel

#endif  // HAL_DRIVE_MMC_DEVICE_H_
