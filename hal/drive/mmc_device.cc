#include "hal/drive/mmc_device.h"

#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

// Additional sense codes, SPC-4 annex F.
constexpr uint8_t kNotReadyAsc = 0x04;
constexpr uint8_t kMediumNotPresentAsc = 0x3A;
// 04/00 to 04/03: cause not reportable, becoming ready, start needed, a person needed. Above: the
// drive is busy with the same medium.
constexpr uint8_t kLastNotReadyAscq = 0x03;

// Marks a status that a busy device gave, apart from one that cannot be reached.
constexpr char kBusyUrl[] = "carousel/scsi.Busy";

// NOT READY that may mean another medium or none.
bool LostReadiness(const scsi::Sense& sense) {
  if (sense.key != scsi::SenseKey::kNotReady) return false;
  return sense.asc == kMediumNotPresentAsc ||
         (sense.asc == kNotReadyAsc && sense.ascq <= kLastNotReadyAscq);
}

// Data came and the drive corrected or only remarks something.
bool IsGoodSense(const scsi::Sense& sense) {
  return sense.key == scsi::SenseKey::kRecoveredError ||
         (sense.key == scsi::SenseKey::kNoSense && sense.asc == 0);
}

absl::Status BusyError(absl::string_view what) {
  absl::Status status = absl::UnavailableError(absl::StrCat(what, "BUSY"));
  status.SetPayload(kBusyUrl, absl::Cord());
  return status;
}

absl::Status StatusError(const scsi::Result& result, uint8_t opcode, absl::string_view name) {
  const std::string what = absl::StrCat(name, ": ", scsi::OpcodeName(opcode), " ended with ");
  switch (result.status) {
    case scsi::ScsiStatus::kCheckCondition:
      return scsi::SenseStatus(result.sense, opcode, name);
    case scsi::ScsiStatus::kBusy:
    case scsi::ScsiStatus::kTaskSetFull:
      return BusyError(what);
    case scsi::ScsiStatus::kReservationConflict:
      return absl::FailedPreconditionError(absl::StrCat(what, "RESERVATION CONFLICT"));
    case scsi::ScsiStatus::kTaskAborted:
      return absl::AbortedError(absl::StrCat(what, "TASK ABORTED"));
    case scsi::ScsiStatus::kGood:
    case scsi::ScsiStatus::kConditionMet:
      break;
  }
  return absl::InternalError(absl::StrCat(what, "status ", static_cast<int>(result.status)));
}

}  // namespace

MmcDevice::MmcDevice(std::unique_ptr<scsi::Transport> transport, Clock* clock,
                     MediaGeneration first)
    : transport_(std::move(transport)), clock_(clock), generation_(first) {}

absl::StatusOr<size_t> MmcDevice::Execute(const scsi::Command& command) {
  const absl::StatusOr<scsi::Result> result = transport_->Execute(command);
  if (!result.ok()) {
    // Without an answer nothing is known of the medium. A command that was never sent says nothing.
    if (!absl::IsInvalidArgument(result.status())) {
      ready_ = false;
      AdvanceGeneration();
    }
    return result.status();
  }
  if (result->good() ||
      (result->status == scsi::ScsiStatus::kCheckCondition && IsGoodSense(result->sense))) {
    return result->transferred;
  }
  const absl::Status status = StatusError(*result, command.opcode(), name());
  NoteFailure(status);
  return status;
}

void MmcDevice::NoteFailure(const absl::Status& status) {
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(status);
  if (!payload.has_value()) return;
  if (payload->sense.key == scsi::SenseKey::kUnitAttention) {
    AdvanceGeneration();
  } else if (LostReadiness(payload->sense) && ready_) {
    ready_ = false;
    AdvanceGeneration();
  }
}

absl::StatusOr<size_t> MmcDevice::ExecutePastUnitAttention(const scsi::Command& command,
                                                           int attempts) {
  absl::StatusOr<size_t> result = Execute(command);
  for (int i = 1; i < attempts && !result.ok() && IsUnitAttention(result.status()); ++i) {
    result = Execute(command);
  }
  return result;
}

void MmcDevice::NotePresence(bool present) {
  if (present_.has_value() && *present_ != present) AdvanceGeneration();
  present_ = present;
  ready_ = present;
}

bool IsUnitAttention(const absl::Status& status) {
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(status);
  return payload.has_value() && payload->sense.key == scsi::SenseKey::kUnitAttention;
}

bool IsBusy(const absl::Status& status) { return status.GetPayload(kBusyUrl).has_value(); }

bool IsRefusal(const absl::Status& status) {
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(status);
  if (!payload.has_value()) return false;
  const scsi::Sense& sense = payload->sense;
  if (sense.key == scsi::SenseKey::kUnitAttention) return false;
  if (sense.key == scsi::SenseKey::kAbortedCommand) return false;
  if (sense.key != scsi::SenseKey::kNotReady) return true;
  return sense.asc != kNotReadyAsc && sense.asc != kMediumNotPresentAsc;
}

absl::Status RefusalAsInternal(const absl::Status& status) {
  if (!IsRefusal(status)) return status;
  absl::Status internal(absl::StatusCode::kInternal, status.message());
  status.ForEachPayload([&internal](absl::string_view url, const absl::Cord& payload) {
    internal.SetPayload(url, payload);
  });
  return internal;
}

}  // namespace carousel
