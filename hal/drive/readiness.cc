#include "hal/drive/readiness.h"

#include <optional>

#include "absl/status/status.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/medium_removal.h"
#include "hal/mmc/readiness.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

constexpr uint8_t kNotReadyAsc = 0x04;
constexpr uint8_t kStartNeededAscq = 0x02;
constexpr uint8_t kMediumNotPresentAsc = 0x3A;

enum class Answer : uint8_t { kReady, kNoMedium, kUnitAttention, kStartNeeded, kLater, kError };

Answer Classify(const absl::Status& status) {
  if (status.ok()) return Answer::kReady;
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(status);
  if (!payload.has_value()) {
    return IsBusy(status) ? Answer::kLater : Answer::kError;
  }
  const scsi::Sense& sense = payload->sense;
  if (sense.key == scsi::SenseKey::kUnitAttention) return Answer::kUnitAttention;
  if (sense.key != scsi::SenseKey::kNotReady) return Answer::kError;
  if (sense.asc == kMediumNotPresentAsc) return Answer::kNoMedium;
  if (sense.Is(kNotReadyAsc, kStartNeededAscq)) return Answer::kStartNeeded;
  return absl::IsUnavailable(status) ? Answer::kLater : Answer::kError;
}

}  // namespace

absl::StatusOr<bool> WaitUntilReady(MmcDevice& device, const ReadinessOptions& options) {
  const absl::Time deadline = device.clock().Now() + options.budget;
  int unit_attentions = 0;
  bool started = false;
  while (true) {
    const absl::Status status = device.Execute(mmc::MakeCommand(mmc::TestUnitReadyCdb{})).status();
    switch (Classify(status)) {
      case Answer::kReady:
        device.NotePresence(true);
        return true;
      case Answer::kNoMedium:
        device.NotePresence(false);
        return false;
      case Answer::kError:
        return status;
      case Answer::kUnitAttention:
        if (++unit_attentions > options.max_unit_attentions) return status;
        continue;
      case Answer::kStartNeeded:
        // Once: a drive that does not start is asked until the budget ends.
        if (!started) {
          started = true;
          // Whether it worked is what TEST UNIT READY says next.
          (void)device.Execute(mmc::MakeCommand(mmc::StartStopUnitCdb{.start = true}));
          continue;
        }
        break;
      case Answer::kLater:
        break;
    }
    if (device.clock().Now() + options.poll_interval > deadline) return status;
    device.clock().SleepFor(options.poll_interval);
  }
}

}  // namespace carousel
