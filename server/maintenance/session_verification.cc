#include "server/maintenance/session_verification.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/profile.h"
#include "server/burn/disc_reload.h"
#include "server/burn/repeating_block_reader.h"
#include "server/burn/verify_checks.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/maintenance/interrupted_actions.h"
#include "server/mastering/superblock.h"

namespace carousel {
namespace {

using imapi::Hresult;

// Nothing that was burnt before an erasure is on the disc.
bool Erases(const ActionRecord& action) {
  const bool erases =
      action.intent.kind == ActionKind::kBlank || action.intent.kind == ActionKind::kFormat;
  return erases &&
         !(action.outcome.has_value() && action.outcome->result == ActionResult::kNothingDone);
}

std::vector<uint8_t> ReadSuperblock(Drive& drive) {
  std::vector<uint8_t> superblock(mastering::kSuperblockSectors.bytes());
  if (!drive.Read(Lba(0), absl::MakeSpan(superblock)).ok()) superblock.clear();
  return superblock;
}

}  // namespace

SessionVerification::SessionVerification(Request request, Surroundings surroundings)
    : request_(std::move(request)), surroundings_(std::move(surroundings)) {
  report_.level = request_.level;
}

SessionVerificationReport SessionVerification::Run(Drive& drive) {
  report_.status = Verify(drive);
  VerifyProgress progress = surroundings_.control->progress();
  if (report_.status.ok()) progress.action = VerifyAction::kCompleted;
  surroundings_.control->Publish(progress);
  return std::move(report_);
}

absl::Status SessionVerification::Verify(Drive& drive) {
  surroundings_.control->Publish({.action = VerifyAction::kExamining});
  RETURN_IF_ERROR(Look(drive));
  RETURN_IF_ERROR(ChooseSession(drive));
  if (report_.session.number == 0) return Settle(drive, false);
  ASSIGN_OR_RETURN(const std::optional<Sha256Digest> digest, FindDigest());
  const absl::Status status =
      digest.has_value() ? VerifyAgainst(drive, digest) : VerifyByManifest(drive);
  const bool proven =
      status.ok() && request_.level == VerifyLevel::kFull && report_.basis != VerifyBasis::kNothing;
  // What the disc shows of interrupted actions it shows also where the session is bad.
  const absl::Status settled = report_.facts.has_value() ? Settle(drive, proven) : absl::OkStatus();
  return status.ok() ? settled : status;
}

absl::Status SessionVerification::Look(Drive& drive) {
  absl::StatusOr<MediaFacts> facts = surroundings_.read_facts(drive);
  if (!facts.ok()) return imapi::FromDevice(facts.status());
  if (!facts->present) {
    return imapi::MakeError(Hresult::E_IMAPI_RECORDER_MEDIA_NO_MEDIA, "the drive is empty");
  }
  absl::StatusOr<MediaState> state = drive.ReadMediaState();
  if (!state.ok()) return imapi::FromDevice(state.status());
  report_.facts = *std::move(facts);
  state_ = *std::move(state);
  return absl::OkStatus();
}

absl::Status SessionVerification::ChooseSession(Drive& drive) {
  RepeatingBlockReader disc(&drive, state_.ReadableEnd());
  absl::StatusOr<std::vector<DiscSession>> sessions = ListDiscSessions(state_, disc);
  if (!sessions.ok()) return imapi::FromDevice(sessions.status());
  const size_t wanted =
      request_.session == 0 ? sessions->size() : static_cast<size_t>(request_.session);
  if (wanted > sessions->size()) {
    return InvalidFieldError("session", absl::StrCat("is ", wanted, "; the disc has ",
                                                     sessions->size(), " complete sessions"));
  }
  if (wanted > 0) {
    report_.session = std::move((*sessions)[wanted - 1]);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const int held, CountHeld());
  if (held > 0) return absl::OkStatus();
  return imapi::MakeError(Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE,
                          "the disc has no complete session");
}

DiscIdentity SessionVerification::identity() const {
  return {.barcode = request_.subject.barcode,
          .identifier = report_.facts->disc_identifier,
          .generation = report_.facts->generation};
}

absl::StatusOr<int> SessionVerification::CountHeld() {
  ASSIGN_OR_RETURN(const std::vector<ActionRecord> held,
                   surroundings_.journal->HeldActionsOfDisc(request_.subject.drive, identity()));
  return static_cast<int>(held.size());
}

absl::StatusOr<std::optional<Sha256Digest>> SessionVerification::FindDigest() {
  std::optional<Sha256Digest> digest;
  const std::string& barcode = request_.subject.barcode;
  if (barcode.empty()) return digest;
  ASSIGN_OR_RETURN(const std::vector<ActionRecord> actions,
                   surroundings_.journal->ActionsOfBarcode(barcode));
  for (const ActionRecord& action : actions) {
    if (Erases(action)) digest.reset();
    if (action.intent.kind != ActionKind::kWriteSession) continue;
    if (action.intent.start != report_.session.start || !action.outcome.has_value()) continue;
    const std::string& bytes = action.outcome->sha256;
    digest.reset();
    if (bytes.size() != Sha256Digest().size()) continue;
    digest.emplace();
    std::copy(bytes.begin(), bytes.end(), digest->begin());
  }
  return digest;
}

absl::Status SessionVerification::VerifyAgainst(Drive& drive,
                                                const std::optional<Sha256Digest>& digest) {
  if (digest.has_value()) report_.basis = VerifyBasis::kJournal;
  if (!report_.session.volume_end.has_value() && digest.has_value()) {
    return imapi::MakeError(Hresult::E_IMAPI_BURN_VERIFICATION_FAILED,
                            "no file system begins where the session was written",
                            {{"cause", "session"}});
  }
  VerifyRun run({.level = request_.level,
                 .disc_identifier = report_.facts->disc_identifier,
                 .start = report_.session.start,
                 .volume_end = report_.session.volume_end.value_or(report_.session.end),
                 .sha256 = digest},
                surroundings_.read_facts, surroundings_.control, surroundings_.clock);
  VerifyReport verified = run.Run(drive);
  report_.sha256 = verified.sha256;
  report_.compared = verified.compared;
  report_.repeats += verified.repeats;
  report_.facts = std::move(verified.facts);
  return verified.status;
}

absl::Status SessionVerification::VerifyByManifest(Drive& drive) {
  if (request_.level == VerifyLevel::kFull) {
    surroundings_.control->Publish({.action = VerifyAction::kReloading});
    const std::string identifier = report_.facts->disc_identifier;
    report_.facts.reset();
    RETURN_IF_ERROR(ReloadDisc(drive, *surroundings_.clock, {.cancelled = [this] {
                                 return surroundings_.control->cancelled();
                               }}));
    RETURN_IF_ERROR(Look(drive));
    RETURN_IF_ERROR(CheckIdentifier(identifier, *report_.facts));
  }
  const DiscSession& session = report_.session;
  surroundings_.control->Publish({.action = VerifyAction::kExamining});
  RETURN_IF_ERROR(
      CheckSessionIsSane(state_, session.start, session.volume_end.value_or(session.end)));
  RepeatingBlockReader disc(&drive, state_.ReadableEnd());
  ASSIGN_OR_RETURN(const std::optional<SessionManifest> manifest,
                   ReadSessionManifest(disc, session.start, report_.warnings));
  report_.repeats += disc.repeats();
  if (!manifest.has_value()) return VerifyAgainst(drive, std::nullopt);
  report_.basis = VerifyBasis::kManifest;
  report_.session_id = manifest->manifest.session;
  report_.job = manifest->manifest.job;
  report_.program = manifest->manifest.program;
  const absl::Status status = ReadFiles(disc, *manifest);
  report_.repeats = disc.repeats();
  return status.ok() ? Judge() : status;
}

absl::Status SessionVerification::ReadFiles(BlockReader& disc, const SessionManifest& session) {
  const absl::Time since = surroundings_.clock->Now();
  const auto on_piece = [&](Lba next, Sectors done, Sectors total) {
    VerifyProgress progress{
        .action = VerifyAction::kReading, .next = next, .done = done, .total = total};
    const double seconds = absl::ToDoubleSeconds(surroundings_.clock->Now() - since);
    if (seconds > 0) progress.speed = static_cast<int64_t>(done.value() / seconds);
    surroundings_.control->Publish(progress);
    if (!surroundings_.control->cancelled()) return absl::OkStatus();
    return imapi::MakeError(Hresult::E_IMAPI_REQUEST_CANCELLED, "the verification was cancelled");
  };
  ASSIGN_OR_RETURN(FileCheck check, CheckFiles(disc, session,
                                               {.read = request_.level == VerifyLevel::kFull,
                                                .on_piece = on_piece}));
  report_.files = check.files;
  report_.compared = check.sectors;
  report_.faults = std::move(check.faults);
  return absl::OkStatus();
}

absl::Status SessionVerification::Judge() const {
  if (report_.faults.empty()) return absl::OkStatus();
  const FileFault& first = report_.faults.front();
  imapi::Metadata metadata = {{"cause", "file"},
                              {"path", first.path},
                              {"fault", std::string(FileFaultCauseName(first.cause))},
                              {"faults", absl::StrCat(report_.faults.size())}};
  if (first.block.has_value()) metadata["block"] = absl::StrCat(first.block->value());
  return imapi::MakeError(
      Hresult::E_IMAPI_BURN_VERIFICATION_FAILED,
      absl::StrCat(first.path, " is ", FileFaultCauseName(first.cause), "; ", report_.faults.size(),
                   " files are not what the manifest says"),
      std::move(metadata));
}

absl::Status SessionVerification::Settle(Drive& drive, bool proven) {
  Journal& journal = *surroundings_.journal;
  ASSIGN_OR_RETURN(const int before, CountHeld());
  if (before == 0) return absl::OkStatus();
  DiscEvidence evidence{.facts = *report_.facts, .state = state_};
  if (mmc::IsOverwritable(state_.profile)) evidence.superblock = ReadSuperblock(drive);
  RETURN_IF_ERROR(SettleInterrupted(journal, request_.subject.drive, identity(), evidence));
  if (evidence.facts.physically_blank || evidence.facts.heuristically_blank) {
    RETURN_IF_ERROR(
        ReleaseErased(journal, request_.subject.drive, identity(), request_.subject.operation));
  }
  if (proven) {
    ASSIGN_OR_RETURN(const std::vector<ActionRecord> held,
                     journal.HeldActionsOfDisc(request_.subject.drive, identity()));
    for (const ActionRecord& action : held) RETURN_IF_ERROR(Release(action));
  }
  ASSIGN_OR_RETURN(report_.held, CountHeld());
  report_.settled = before - report_.held;
  return absl::OkStatus();
}

absl::Status SessionVerification::Release(const ActionRecord& action) {
  const bool of_session =
      action.intent.kind == ActionKind::kWriteSession || action.intent.kind == ActionKind::kClose;
  if (!of_session || action.intent.start != report_.session.start) return absl::OkStatus();
  if (!action.outcome.has_value()) {
    if (action.of_this_run) return absl::OkStatus();
    ActionOutcome outcome{
        .result = ActionResult::kSucceeded,
        .written = report_.session.volume_end.value_or(report_.session.end) - report_.session.start,
        .detail = absl::StrCat("verified by operations/", request_.subject.operation)};
    if (report_.sha256.has_value())
      outcome.sha256.assign(report_.sha256->begin(), report_.sha256->end());
    return surroundings_.journal->RecordOutcome(action.id, outcome);
  }
  return surroundings_.journal->Acknowledge(
      action.id, {.who = absl::StrCat("operations/", request_.subject.operation),
                  .note = "the session is closed and reads as it was meant to be"});
}

}  // namespace carousel
