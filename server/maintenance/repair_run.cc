#include "server/maintenance/repair_run.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/profile.h"
#include "server/burn/disc_reload.h"
#include "server/disc_format/drive_block_reader.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

using imapi::Hresult;

// Sector by sector: a part that cannot be read is what is looked for.
absl::StatusOr<SuperblockSectors> ReadSuperblock(Drive& drive, size_t bytes) {
  SuperblockSectors sectors;
  for (size_t i = 0; i < bytes / kSectorSize; ++i) {
    std::vector<uint8_t> sector(kSectorSize);
    const absl::Status read = drive.Read(Lba(static_cast<int64_t>(i)), absl::MakeSpan(sector));
    if (!read.ok() && !IsUnreadableBlock(read)) return imapi::FromDevice(read);
    sectors.push_back(read.ok() ? std::optional(std::move(sector)) : std::nullopt);
  }
  return sectors;
}

bool IsWhole(const std::string& superblock) {
  return !superblock.empty() && superblock.size() % kSectorSize == 0;
}

absl::Status StateError(absl::string_view why) {
  return imapi::MakeError(Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE, why);
}

}  // namespace

absl::StatusOr<ActionRecord> RepairRun::FailedBurn() {
  ASSIGN_OR_RETURN(const std::vector<ActionRecord> held,
                   journal().HeldActionsOfDisc(subject().drive, identity()));
  // The first of them found the disc as it was; later ones may have found a half.
  for (const ActionRecord& action : held) {
    const bool wrote = action.intent.kind == ActionKind::kWriteSession ||
                       action.intent.kind == ActionKind::kRepair;
    if (wrote && IsWhole(action.intent.old_superblock)) return action;
  }
  return StateError("the journal has no failed burn of this disc with a superblock to put back");
}

absl::Status RepairRun::DoCheck(Drive& drive, const Found& found) {
  if (!mmc::IsOverwritable(found.state.profile)) {
    return imapi::MakeError(Hresult::E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED,
                            "only media that are overwritten have a superblock",
                            {{"media", std::string(mmc::ProfileName(found.state.profile))}});
  }
  ASSIGN_OR_RETURN(burn_, FailedBurn());
  const ActionIntent& intent = burn_.intent;
  ASSIGN_OR_RETURN(const SuperblockSectors sectors,
                   ReadSuperblock(drive, intent.old_superblock.size()));
  switch (JudgeSuperblock(sectors, intent.old_superblock, intent.start, intent.planned,
                          found.state.ReadableEnd())) {
    case SuperblockState::kOld:
      return Settle("the superblock is as it was before");
    case SuperblockState::kHalfWritten:
      needed_ = true;
      return Settle("the superblock is half written");
    case SuperblockState::kNew:
      return StateError("the superblock of the new session is whole; verify the session");
    case SuperblockState::kForeign:
      break;
  }
  return imapi::MakeError(Hresult::IMAPI_E_DISC_MISMATCH,
                          "the first sectors are neither what the disc had nor what was written",
                          {{"property", "superblock"}});
}

absl::Status RepairRun::Settle(absl::string_view seen) {
  if (burn_.outcome.has_value()) return absl::OkStatus();
  return journal().RecordOutcome(burn_.id,
                                 {.result = ActionResult::kFailed, .detail = std::string(seen)});
}

absl::Status RepairRun::DoChange(Drive& drive, const Found&) {
  if (!needed_) return absl::OkStatus();
  Show(MaintenanceAction::kWritingSuperblock);
  const std::string& old = burn_.intent.old_superblock;
  const auto* bytes = reinterpret_cast<const uint8_t*>(old.data());
  RETURN_IF_ERROR(Change({.kind = ActionKind::kRepair,
                          .start = burn_.intent.start,
                          .planned = burn_.intent.planned,
                          .old_superblock = old},
                         [&](JournaledAction& action) -> absl::Status {
                           RETURN_IF_ERROR(action.Note(drive.writer()->Write(
                               Lba(0), absl::MakeConstSpan(bytes, old.size()))));
                           return action.Note(drive.writer()->Synchronize(ShowPart()));
                         }));
  Show(MaintenanceAction::kReadingBack);
  RETURN_IF_ERROR(imapi::FromDevice(drive.PreventRemoval(false)));
  return ReloadDisc(drive, clock_);
}

absl::Status RepairRun::DoConfirm(Drive& drive, const Found& now) {
  const std::string& old = burn_.intent.old_superblock;
  ASSIGN_OR_RETURN(const SuperblockSectors sectors, ReadSuperblock(drive, old.size()));
  if (JudgeSuperblock(sectors, old, burn_.intent.start, burn_.intent.planned,
                      now.state.ReadableEnd()) != SuperblockState::kOld) {
    return imapi::MakeError(Hresult::E_IMAPI_BURN_VERIFICATION_FAILED,
                            "the superblock does not read as it was written",
                            {{"cause", "different"}});
  }
  return Release();
}

absl::Status RepairRun::Release() {
  ASSIGN_OR_RETURN(const std::vector<ActionRecord> held,
                   journal().HeldActionsOfDisc(subject().drive, identity()));
  for (const ActionRecord& action : held) {
    if (action.intent.old_superblock != burn_.intent.old_superblock) continue;
    RETURN_IF_ERROR(journal().Acknowledge(
        action.id, {.who = absl::StrCat("operations/", subject().operation),
                    .note = "the superblock from before the burn is back, and read"}));
  }
  return absl::OkStatus();
}

}  // namespace carousel
