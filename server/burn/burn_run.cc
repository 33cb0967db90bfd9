#include "server/burn/burn_run.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "server/burn/burn_checks.h"
#include "server/digest/sha256.h"
#include "server/imapi/error.h"
#include "server/mastering/superblock.h"

namespace carousel {
namespace {

using imapi::Hresult;

// Read back at once.
constexpr Sectors kPiece = BurnPipeline::kPiece;
// The drive is asked for its buffer as often: twice a second at 4x of BD.
constexpr int kPiecesBetweenQuestions = 8;

absl::Status WithCode(absl::StatusCode code, const absl::Status& status) {
  absl::Status result(code, status.message());
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
      progress_{.start = request_.plan->start(),
                .next = request_.plan->start(),
                .end = request_.plan->end()} {}

BurnReport BurnRun::Run(Drive& drive) {
  report_.status = Burn(drive);
  if (sent_) {
    absl::StatusOr<MediaState> after = drive.ReadMediaState();
    if (after.ok()) report_.after = *std::move(after);
    if (report_.status.ok()) {
      report_.status = after.ok() ? CheckWritten(drive) : imapi::FromDevice(after.status());
      if (!report_.status.ok()) report_.effect = DiscEffect::kUnknown;
    }
    report_.status = imapi::AfterWrite(report_.status);
  }
  if (report_.status.ok()) Show(BurnAction::kCompleted);
  return std::move(report_);
}

absl::Status BurnRun::Burn(Drive& drive) {
  if (drive.writer() == nullptr) {
    return imapi::MakeError(Hresult::E_IMAPI_DF2DATA_RECORDER_NOT_SUPPORTED,
                            "the drive only reads");
  }
  Show(BurnAction::kValidatingMedia);
  RETURN_IF_ERROR(CheckNotCancelled());
  RETURN_IF_ERROR(Validate(drive));
  RETURN_IF_ERROR(imapi::FromDevice(drive.PreventRemoval(true)));
  pipeline_ = std::make_unique<BurnPipeline>(request_.plan, request_.contents, request_.buffer);
  control_.SetWake([this] { pipeline_->Interrupt(); });
  absl::Status status = Prepare(drive);
  if (status.ok()) status = WriteSession(drive);
  control_.SetWake(nullptr);
  pipeline_.reset();
  if (status.ok()) status = Close(*drive.writer());
  report_.removal = drive.PreventRemoval(false);
  return status;
}

absl::Status BurnRun::Validate(Drive& drive) {
  const absl::StatusOr<MediaFacts> facts = read_facts_(drive);
  if (!facts.ok()) return imapi::FromDevice(facts.status());
  RETURN_IF_ERROR(CheckSameDisc(request_.disc, *facts));
  const absl::StatusOr<MediaState> state = drive.ReadMediaState();
  if (!state.ok()) return imapi::FromDevice(state.status());
  ASSIGN_OR_RETURN(row_, ChooseBurnRow(*state, request_.plan->start(), request_.plan->sectors()));
  RETURN_IF_ERROR(CheckNextWritable(request_.disc, *state, request_.plan->start()));
  if (!overwrites()) return absl::OkStatus();
  if (request_.finalize) {
    return imapi::MakeError(Hresult::E_NOTIMPL, "the medium cannot be closed for ever");
  }
  return ReadOldSuperblock(drive, *facts);
}

absl::Status BurnRun::Prepare(Drive& drive) {
  DiscWriter& writer = *drive.writer();
  Show(BurnAction::kInitializingHardware);
  const absl::Status speed = writer.SetWriteSpeed(
      {.command = row_->speed, .speed = request_.speed, .end = request_.plan->end()});
  // A drive without the command writes at its own speed, which is what was asked for then.
  const bool mind = request_.speed.has_value() || !absl::IsFailedPrecondition(speed);
  if (!speed.ok() && mind) return imapi::FromDevice(speed);
  const std::optional<mmc::WriteParameters> page =
      WriteParametersFor(*row_, {.keep_appendable = !request_.finalize});
  if (page.has_value()) RETURN_IF_ERROR(imapi::FromDevice(writer.SetWriteParameters(*page)));
  RETURN_IF_ERROR(CheckNotCancelled());
  if (row_->calibrate) {
    Show(BurnAction::kCalibratingPower);
    RETURN_IF_ERROR(imapi::FromDevice(writer.CalibratePower()));
  }
  RETURN_IF_ERROR(NextPiece().status());
  const absl::StatusOr<MediaState> state = drive.ReadMediaState();
  if (!state.ok()) return imapi::FromDevice(state.status());
  RETURN_IF_ERROR(CheckNextWritable(request_.disc, *state, request_.plan->start()));
  if (!overwrites()) track_ = state->AppendTrack()->number;
  progress_.speed = state->current_write_speed;
  return CheckNotCancelled();
}

absl::Status BurnRun::WriteSession(Drive& drive) {
  DiscWriter& writer = *drive.writer();
  const BurnIntent intent{.step = BurnStep::kWriteSession,
                          .start = request_.plan->start(),
                          .planned = request_.plan->sectors(),
                          .old_superblock = old_superblock_};
  RETURN_IF_ERROR(journal_.Begin(intent));
  Show(BurnAction::kWritingData);
  absl::Status status = WriteAll(drive);
  if (status.ok()) {
    Show(BurnAction::kFinalization);
    status = Synchronize(writer);
  }
  if (status.ok()) {
    report_.sha256 = pipeline_->digest();
    if (overwrites()) status = WriteSuperblock(drive);
  }
  return Finish(intent, status);
}

absl::StatusOr<absl::Span<const uint8_t>> BurnRun::NextPiece() {
  absl::StatusOr<absl::Span<const uint8_t>> piece = pipeline_->Front();
  RETURN_IF_ERROR(CheckNotCancelled());
  return piece;
}

absl::Status BurnRun::WriteAll(Drive& drive) {
  while (progress_.next < progress_.end) {
    const absl::StatusOr<absl::Span<const uint8_t>> piece = NextPiece();
    if (!piece.ok()) {
      // The drive is well: what it has taken comes to rest, so that the state read next is true.
      if (sent_) RETURN_IF_ERROR(Synchronize(*drive.writer()));
      return piece.status();
    }
    RETURN_IF_ERROR(WritePiece(drive, *piece));
  }
  return absl::OkStatus();
}

absl::Status BurnRun::WritePiece(Drive& drive, absl::Span<const uint8_t> sectors) {
  sent_ = true;
  const BurnStatus written = drive.writer()->Write(progress_.next, sectors);
  report_.written += written.taken();
  report_.wrong_address = written.wrong_address();
  if (report_.written > Sectors(0)) report_.effect = DiscEffect::kPartly;
  // Not FromDevice alone, for which some sense is success: here sectors are missing.
  if (!written.ok()) {
    const absl::Status status = Judge(written);
    return status.ok() ? WithCode(absl::StatusCode::kInternal, written.status()) : status;
  }
  pipeline_->Pop();
  progress_.next += written.taken();
  progress_.bytes = report_.written.bytes();
  Show(BurnAction::kWritingData);
  const int64_t pieces = report_.written.value() / kPiece.value();
  return pieces % kPiecesBetweenQuestions == 1 ? AskForBuffer(drive) : absl::OkStatus();
}

absl::Status BurnRun::AskForBuffer(Drive& drive) {
  if (!tells_buffer_) return absl::OkStatus();
  const MediaGeneration before = drive.generation();
  const absl::StatusOr<WriteBuffer> buffer = drive.writer()->ReadBufferCapacity();
  tells_buffer_ = buffer.ok();
  progress_.drive_buffer = buffer.ok() ? std::optional(*buffer) : std::nullopt;
  if (buffer.ok() || drive.generation() == before) return absl::OkStatus();
  // It came in the place of the answer that what the drive had taken is lost: no WRITE will be
  // told.
  report_.effect = DiscEffect::kUnknown;
  return imapi::AfterWrite(imapi::FromDevice(buffer.status()));
}

absl::Status BurnRun::Synchronize(DiscWriter& writer) { return Judge(writer.Synchronize()); }

absl::Status BurnRun::ReadOldSuperblock(Drive& drive, const MediaFacts& facts) {
  old_superblock_.assign(mastering::kSuperblockSectors.bytes(), 0);
  if (facts.newest_session().has_value()) {
    const absl::Status read = drive.Read(Lba(0), absl::MakeSpan(old_superblock_));
    if (!read.ok()) return imapi::FromDevice(read);
  }
  ASSIGN_OR_RETURN(superblock_, mastering::MakeSuperblock(*request_.plan, old_superblock_));
  return absl::OkStatus();
}

absl::Status BurnRun::WriteSuperblock(Drive& drive) {
  RETURN_IF_ERROR(CheckReadsBack(drive));
  const BurnStatus written = drive.writer()->Write(Lba(0), superblock_);
  if (!written.ok()) {
    // Even a refusal may have come behind the first of its sectors.
    report_.effect = DiscEffect::kUnknown;
    const absl::Status status = Judge(written);
    return status.ok() ? WithCode(absl::StatusCode::kInternal, written.status()) : status;
  }
  return Synchronize(*drive.writer());
}

absl::Status BurnRun::CheckReadsBack(Drive& drive) const {
  Sha256Hasher hasher;
  std::vector<uint8_t> buffer(kPiece.bytes());
  const Lba end = request_.plan->volume_end();
  for (Lba at = request_.plan->start(); at < end; at += kPiece) {
    const absl::Span<uint8_t> piece =
        absl::MakeSpan(buffer).first(std::min(kPiece, end - at).bytes());
    const absl::Status read = drive.Read(at, piece);
    if (!read.ok()) return imapi::AfterWrite(imapi::FromDevice(read));
    hasher.Update(piece);
  }
  if (hasher.Finish() == report_.sha256) return absl::OkStatus();
  return imapi::MakeError(Hresult::E_IMAPI_BURN_VERIFICATION_FAILED,
                          "the session does not read as it was written");
}

absl::Status BurnRun::Close(DiscWriter& writer) {
  // Of media that are overwritten, only a format has an end (BurnRow::close_session).
  if (row_->close_session != CloseSessionNeed::kAlways) {
    report_.effect = DiscEffect::kDone;
    return absl::OkStatus();
  }
  const BurnIntent intent{.step = BurnStep::kClose, .start = request_.plan->start()};
  RETURN_IF_ERROR(journal_.Begin(intent));
  absl::Status status = CloseAll(writer);
  if (status.ok()) report_.effect = DiscEffect::kDone;
  return Finish(intent, std::move(status));
}

absl::Status BurnRun::CloseAll(DiscWriter& writer) {
  if (row_->close_track == CloseTrackNeed::kAlways) {
    RETURN_IF_ERROR(Judge(writer.CloseTrack(track_)));
  }
  return Judge(writer.CloseSession(request_.finalize ? row_->finalize : row_->keep_appendable));
}

absl::Status BurnRun::Judge(const BurnStatus& status) {
  if (status.ok()) return absl::OkStatus();
  const absl::Status error = imapi::FromDevice(status.status());
  if (!error.ok() && status.effect() == DiscEffect::kUnknown) {
    report_.effect = DiscEffect::kUnknown;
  }
  return imapi::AfterWrite(error);
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
  if (!sent_) {
    return imapi::MakeError(Hresult::E_IMAPI_REQUEST_CANCELLED,
                            "cancelled; nothing was written to the disc");
  }
  const std::string written = absl::StrCat(report_.written.value());
  return WithCode(absl::StatusCode::kAborted,
                  imapi::MakeError(Hresult::E_IMAPI_REQUEST_CANCELLED,
                                   absl::StrCat("cancelled after ", written,
                                                " sectors were written; the session is not closed"),
                                   {{"written", written}}));
}

absl::Status BurnRun::CheckWritten(Drive& drive) const {
  if (overwrites()) {
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
