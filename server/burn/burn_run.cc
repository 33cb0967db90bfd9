#include "server/burn/burn_run.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/mode_sense.h"
#include "server/burn/burn_checks.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

using imapi::Hresult;

// The drive is asked for its buffer as often: twice a second at 4x of BD.
constexpr int64_t kPiecesBetweenQuestions = 8;

absl::Status Aborted(const absl::Status& status) {
  absl::Status result(absl::StatusCode::kAborted, status.message());
  status.ForEachPayload([&result](absl::string_view url, const absl::Cord& payload) {
    result.SetPayload(url, payload);
  });
  return result;
}

}  // namespace

BurnRun::BurnRun(BurnRequest request, ReadFacts read_facts, BurnJournal* journal,
                 BurnControl* control)
    : request_(std::move(request)),
      read_facts_(std::move(read_facts)),
      journal_(*journal),
      control_(*control),
      disc_(request_.disc),
      progress_{.start = request_.plan->start(),
                .next = request_.plan->start(),
                .end = request_.plan->end()} {
  report_.simulated = request_.simulate;
}

BurnReport BurnRun::Run(Drive& drive) {
  if (drive.writer() == nullptr) {
    report_.status =
        imapi::MakeError(Hresult::E_IMAPI_DF2DATA_RECORDER_NOT_SUPPORTED, "the drive only reads");
    return std::move(report_);
  }
  writer_.emplace(&drive, &report_);
  report_.status = Burn(drive);
  if (writer_->sent()) {
    absl::StatusOr<MediaState> after = drive.ReadMediaState();
    if (after.ok()) report_.after = *std::move(after);
    if (report_.status.ok() && !request_.simulate) {
      report_.status = after.ok() ? CheckWritten(drive) : imapi::FromDevice(after.status());
      if (!report_.status.ok()) report_.effect = DiscEffect::kUnknown;
    }
    report_.status = imapi::AfterWrite(report_.status);
  }
  if (overwriting_.has_value()) report_.superblock = overwriting_->superblock();
  if (report_.status.ok()) Show(BurnAction::kCompleted);
  return std::move(report_);
}

absl::Status BurnRun::Burn(Drive& drive) {
  Show(BurnAction::kValidatingMedia);
  RETURN_IF_ERROR(CheckNotCancelled());
  RETURN_IF_ERROR(Validate(drive));
  RETURN_IF_ERROR(imapi::FromDevice(drive.PreventRemoval(true)));
  pipeline_ = std::make_unique<BurnPipeline>(request_.plan, request_.contents, request_.buffer);
  control_.SetWake([this] { pipeline_->Interrupt(); });
  absl::Status status = Prepare(drive);
  if (status.ok()) status = WriteSession();
  control_.SetWake(nullptr);
  pipeline_.reset();
  if (request_.simulate) {
    const absl::Status ended = EndSimulation(*drive.writer());
    if (status.ok()) status = ended;
  } else if (status.ok()) {
    status = Close();
  }
  report_.removal = drive.PreventRemoval(false);
  return status;
}

absl::Status BurnRun::Validate(Drive& drive) {
  const absl::StatusOr<MediaFacts> facts = read_facts_(drive);
  if (!facts.ok()) return imapi::FromDevice(facts.status());
  RETURN_IF_ERROR(CheckSameDisc(request_.disc, *facts));
  report_.had_session = facts->newest_session().has_value();
  const absl::StatusOr<MediaState> state = drive.ReadMediaState();
  if (!state.ok()) return imapi::FromDevice(state.status());
  RETURN_IF_ERROR(Choose(*state));
  if (row_->method != BurnMethod::kOverwrite) return absl::OkStatus();
  overwriting_.emplace(request_.plan, row_);
  return overwriting_->ReadOld(drive, *facts);
}

absl::Status BurnRun::Choose(const MediaState& state) {
  ASSIGN_OR_RETURN(row_, ChooseBurnRow(state, request_.plan->start(), request_.plan->sectors()));
  if (request_.finalize && row_->method == BurnMethod::kOverwrite) {
    return imapi::MakeError(Hresult::E_NOTIMPL, "the medium cannot be closed for ever");
  }
  if (request_.simulate && !row_->simulation_feature.has_value()) {
    return imapi::MakeError(Hresult::E_NOTIMPL, "the medium cannot be written for a test");
  }
  report_.row = row_;
  return CheckNextWritable(disc_, state, request_.plan->start());
}

absl::Status BurnRun::Prepare(Drive& drive) {
  // Before anything is done to the disc: contents that cannot be read cost it nothing.
  RETURN_IF_ERROR(NextPiece().status());
  if (overwriting_.has_value()) RETURN_IF_ERROR(Format(drive));
  RETURN_IF_ERROR(SetUp(*drive.writer()));
  absl::StatusOr<MediaState> state = drive.ReadMediaState();
  if (!state.ok()) return imapi::FromDevice(state.status());
  state_ = *std::move(state);
  RETURN_IF_ERROR(CheckNextWritable(disc_, state_, request_.plan->start()));
  progress_.speed = state_.current_write_speed;
  return CheckNotCancelled();
}

absl::Status BurnRun::Format(Drive& drive) {
  const absl::StatusOr<MediaState> state = drive.ReadMediaState();
  if (!state.ok()) return imapi::FromDevice(state.status());
  const std::optional<mmc::FormatParameters> format = FormatNeeded(*state, request_.plan->end());
  if (!format.has_value()) return absl::OkStatus();
  const BurnIntent intent{.step = BurnStep::kFormat, .start = request_.plan->start()};
  RETURN_IF_ERROR(journal_.Begin(intent));
  Show(BurnAction::kFormattingMedia);
  RETURN_IF_ERROR(Finish(intent, writer_->Format(*format, {})));
  formatted_ = true;
  absl::StatusOr<MediaFacts> facts = read_facts_(drive);
  if (!facts.ok()) return imapi::FromDevice(facts.status());
  disc_ = *std::move(facts);
  const absl::StatusOr<MediaState> now = drive.ReadMediaState();
  return now.ok() ? Choose(*now) : imapi::FromDevice(now.status());
}

absl::Status BurnRun::SetUp(DiscWriter& writer) {
  Show(BurnAction::kInitializingHardware);
  const absl::Status speed = writer.SetWriteSpeed(
      {.command = row_->speed, .speed = request_.speed, .end = request_.plan->end()});
  // A drive without the command writes at its own speed, which is what was asked for then.
  const bool mind = request_.speed.has_value() || !absl::IsFailedPrecondition(speed);
  if (!speed.ok() && mind) return imapi::FromDevice(speed);
  const std::optional<mmc::WriteParameters> page = WriteParametersFor(
      *row_, {.keep_appendable = !request_.finalize, .simulate = request_.simulate});
  if (page.has_value()) RETURN_IF_ERROR(imapi::FromDevice(writer.SetWriteParameters(*page)));
  RETURN_IF_ERROR(CheckNotCancelled());
  if (!row_->calibrate || request_.simulate) return absl::OkStatus();
  Show(BurnAction::kCalibratingPower);
  return imapi::FromDevice(writer.CalibratePower());
}

absl::Status BurnRun::WriteSession() {
  BurnIntent intent{.step = BurnStep::kWriteSession,
                    .start = request_.plan->start(),
                    .planned = request_.plan->sectors()};
  if (overwriting_.has_value()) intent.old_superblock = overwriting_->old_superblock();
  if (!request_.simulate) RETURN_IF_ERROR(journal_.Begin(intent));
  Show(BurnAction::kWritingData);
  absl::Status status;
  if (row_->reserve) status = writer_->Reserve(request_.plan->sectors());
  if (overwriting_.has_value()) status = overwriting_->Begin(*writer_, state_, formatted_);
  if (status.ok()) status = WriteAll();
  if (status.ok()) {
    Show(BurnAction::kFinalization);
    status = writer_->Synchronize();
  }
  if (status.ok()) {
    report_.sha256 = pipeline_->digest();
    if (overwriting_.has_value()) status = overwriting_->Finish(*writer_, report_.sha256);
  }
  return request_.simulate ? status : Finish(intent, status);
}

absl::StatusOr<absl::Span<const uint8_t>> BurnRun::NextPiece() {
  absl::StatusOr<absl::Span<const uint8_t>> piece = pipeline_->Front();
  RETURN_IF_ERROR(CheckNotCancelled());
  return piece;
}

absl::Status BurnRun::WriteAll() {
  while (progress_.next < progress_.end) {
    const absl::StatusOr<absl::Span<const uint8_t>> piece = NextPiece();
    if (!piece.ok()) {
      // The drive is well: what it has taken comes to rest, so that the state read next is true.
      if (writer_->sent()) RETURN_IF_ERROR(writer_->Synchronize());
      return piece.status();
    }
    const Sectors before = report_.written;
    RETURN_IF_ERROR(writer_->Write(progress_.next, *piece));
    pipeline_->Pop();
    progress_.next += report_.written - before;
    progress_.bytes = report_.written.bytes();
    Show(BurnAction::kWritingData);
    RETURN_IF_ERROR(AskForBuffer());
  }
  return absl::OkStatus();
}

absl::Status BurnRun::AskForBuffer() {
  const int64_t pieces = report_.written.value() / BurnPipeline::kPiece.value();
  if (!tells_buffer_ || pieces % kPiecesBetweenQuestions != 1) return absl::OkStatus();
  const absl::Status status = writer_->AskForBuffer(&progress_.drive_buffer);
  tells_buffer_ = progress_.drive_buffer.has_value();
  return status;
}

absl::Status BurnRun::Close() {
  // What is written at once the drive closes by itself; of media that are overwritten only a format
  // has an end.
  if (row_->close_session != CloseSessionNeed::kAlways) {
    writer_->Finish();
    return absl::OkStatus();
  }
  const BurnIntent intent{.step = BurnStep::kClose, .start = request_.plan->start()};
  RETURN_IF_ERROR(journal_.Begin(intent));
  Show(BurnAction::kFinalization);
  const absl::Status status = CloseAll();
  if (status.ok()) writer_->Finish();
  return Finish(intent, status);
}

absl::Status BurnRun::CloseAll() {
  if (row_->close_track == CloseTrackNeed::kAlways) {
    RETURN_IF_ERROR(writer_->CloseTrack(state_.AppendTrack()->number));
  }
  return writer_->CloseSession(request_.finalize ? row_->finalize : row_->keep_appendable);
}

// Whoever writes or closes next means it.
absl::Status BurnRun::EndSimulation(DiscWriter& writer) {
  return imapi::AfterWrite(imapi::FromDevice(
      writer.SetWriteParameters(*WriteParametersFor(*row_, {.keep_appendable = true}))));
}

absl::Status BurnRun::Finish(const BurnIntent& intent, absl::Status status) {
  const DiscEffect effect = status.ok() ? DiscEffect::kDone : report_.effect;
  const absl::Status ended = journal_.End(
      intent,
      {.status = status, .effect = effect, .written = report_.written, .sha256 = report_.sha256});
  return status.ok() ? ended : status;
}

absl::Status BurnRun::CheckNotCancelled() const {
  if (!control_.cancelled()) return absl::OkStatus();
  if (!writer_->sent() || request_.simulate) {
    return imapi::MakeError(Hresult::E_IMAPI_REQUEST_CANCELLED,
                            "cancelled; nothing was written to the disc");
  }
  const std::string written = absl::StrCat(report_.written.value());
  return Aborted(imapi::MakeError(
      Hresult::E_IMAPI_REQUEST_CANCELLED,
      absl::StrCat("cancelled after ", written, " sectors were written; the session is not closed"),
      {{"written", written}}));
}

absl::Status BurnRun::CheckWritten(Drive& drive) const {
  if (overwriting_.has_value()) {
    const absl::StatusOr<MediaFacts> facts = read_facts_(drive);
    if (!facts.ok()) return imapi::FromDevice(facts.status());
    if (facts->newest_session() == progress_.start) return absl::OkStatus();
    return imapi::MakeError(Hresult::E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE,
                            "the session was written and is not the newest of the disc");
  }
  const TrackState* session = report_.after->LastCompleteSessionStart();
  if (session != nullptr && session->start == progress_.start) return absl::OkStatus();
  return imapi::MakeError(Hresult::E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE,
                          "the drive says that the session is closed and does not show it");
}

void BurnRun::Show(BurnAction action) {
  progress_.action = action;
  if (pipeline_ != nullptr) progress_.buffer = pipeline_->level();
  control_.Publish(progress_);
}

}  // namespace carousel
