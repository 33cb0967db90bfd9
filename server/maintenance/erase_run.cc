#include "server/maintenance/erase_run.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "hal/base/status_macros.h"
#include "hal/drive/burn_table.h"
#include "server/disc_format/blank_contents.h"
#include "server/disc_format/drive_block_reader.h"
#include "server/imapi/error.h"
#include "server/maintenance/interrupted_actions.h"

namespace carousel {
namespace {

using imapi::Hresult;

// Where a blank disc has to be zero (blank_contents.h): 2 MiB, whole units of every medium.
constexpr Sectors kEdge{1'024};
constexpr Sectors kPiece{512};

Hresult CodeOf(const BurnStatus& status) {
  if (status.effect() == DiscEffect::kNone)
    return Hresult::E_IMAPI_ERASE_DRIVE_FAILED_ERASE_COMMAND;
  return absl::IsDeadlineExceeded(status.status())
             ? Hresult::E_IMAPI_ERASE_TOOK_LONGER_THAN_ONE_HOUR
             : Hresult::E_IMAPI_ERASE_UNEXPECTED_DRIVE_RESPONSE_DURING_ERASE;
}

// The erasure's own code in place of the recorder's, with what the drive said.
absl::Status Judge(JournaledAction& action, const BurnStatus& status) {
  const absl::Status failure = action.Note(status);
  if (failure.ok()) return failure;
  const auto detail = imapi::GetDetail(failure);
  return imapi::MakeError(CodeOf(status), failure.message(),
                          detail.has_value() ? detail->metadata : imapi::Metadata());
}

}  // namespace

absl::Status EraseRun::DoCheck(Drive&, const Found& found) {
  ASSIGN_OR_RETURN(choice_, ChooseErase(found.state, mode_));
  // An erasure that a stop of the service has cut short has no outcome until somebody sees the
  // disc.
  return SettleInterrupted(journal(), subject().drive, identity(),
                           {.facts = found.facts, .state = found.state});
}

absl::Status EraseRun::DoChange(Drive& drive, const Found&) {
  return Change({.kind = choice_.blank.has_value() ? ActionKind::kBlank : ActionKind::kFormat},
                [&](JournaledAction& action) {
                  return choice_.blank.has_value() ? Blank(drive, action) : Format(drive, action);
                });
}

absl::Status EraseRun::Blank(Drive& drive, JournaledAction& action) {
  Show(MaintenanceAction::kBlanking);
  return Judge(action, drive.writer()->Blank(*choice_.blank, ShowPart()));
}

absl::Status EraseRun::Format(Drive& drive, JournaledAction& action) {
  if (choice_.format.has_value()) {
    Show(MaintenanceAction::kFormatting);
    RETURN_IF_ERROR(Judge(action, drive.writer()->Format(*choice_.format, ShowPart())));
  }
  Show(MaintenanceAction::kClearing);
  RETURN_IF_ERROR(Clear(drive, action));
  if (!choice_.format.has_value()) return absl::OkStatus();
  // What was begun in the background is stopped: a disc that is being formatted stays in the drive.
  const absl::StatusOr<MediaState> state = drive.ReadMediaState();
  if (!state.ok()) return imapi::AfterWrite(imapi::FromDevice(state.status()));
  const BurnRow* const row = FindBurnRow(*state);
  if (row == nullptr || row->close_session != CloseSessionNeed::kAfterFormat) {
    return absl::OkStatus();
  }
  Show(MaintenanceAction::kClosingSession);
  return Judge(action, drive.writer()->CloseSession(row->keep_appendable, ShowPart()));
}

// The head always; the tail only where something is left, which few discs have.
absl::Status EraseRun::Clear(Drive& drive, JournaledAction& action) {
  const absl::StatusOr<MediaState> state = drive.ReadMediaState();
  if (!state.ok()) return imapi::AfterWrite(imapi::FromDevice(state.status()));
  const Lba end = state->ReadableEnd();
  RETURN_IF_ERROR(WriteZeros(drive, action, Lba(0), std::min(Lba(0) + kEdge, end)));
  DriveBlockReader disc(&drive, end);
  const absl::StatusOr<bool> blank = HasBlankContents(disc);
  if (!blank.ok()) return imapi::AfterWrite(imapi::FromDevice(blank.status()));
  if (*blank) return absl::OkStatus();
  return WriteZeros(drive, action, std::max(Lba(0), end - kEdge), end);
}

absl::Status EraseRun::WriteZeros(Drive& drive, JournaledAction& action, Lba start, Lba end) {
  const std::vector<uint8_t> zeros(kPiece.bytes());
  for (Lba at = start; at < end; at += kPiece) {
    const Sectors count = std::min(kPiece, end - at);
    RETURN_IF_ERROR(
        Judge(action, drive.writer()->Write(at, absl::MakeConstSpan(zeros).first(count.bytes()))));
  }
  return Judge(action, drive.writer()->Synchronize(ShowPart()));
}

absl::Status EraseRun::DoConfirm(Drive&, const Found& now) {
  if (now.facts.physically_blank || now.facts.heuristically_blank)
    return ReleaseErased(journal(), subject().drive, identity(), subject().operation);
  return imapi::MakeError(Hresult::E_IMAPI_ERASE_UNEXPECTED_DRIVE_RESPONSE_DURING_ERASE,
                          "the drive says that it is done, and the disc is not blank");
}

}  // namespace carousel
