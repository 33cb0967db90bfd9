#include "server/burn/write_run.h"

#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "hal/base/status_macros.h"
#include "server/burn/burn_advice.h"
#include "server/burn/burn_run.h"
#include "server/imapi/error.h"
#include "server/mastering/content.h"
#include "server/mastering/image_reader.h"

namespace carousel {
namespace {

using imapi::Hresult;

DiscCondition ConditionAfterBurn(const BurnReport& report) {
  if (report.simulated) return DiscCondition::kUntouched;
  switch (report.effect) {
    case DiscEffect::kNone:
      return DiscCondition::kUntouched;
    case DiscEffect::kPartly:
      return DiscCondition::kPartlyWritten;
    case DiscEffect::kDone:
      return DiscCondition::kWritten;
    case DiscEffect::kUnknown:
      break;
  }
  return DiscCondition::kUnknown;
}

// Behind a burn nothing may be repeated, and a cancellation has not undone it.
absl::Status AfterBurn(const absl::Status& status) {
  if (!absl::IsCancelled(status)) return imapi::AfterWrite(status);
  absl::Status aborted(absl::StatusCode::kAborted, status.message());
  status.ForEachPayload([&aborted](absl::string_view url, const absl::Cord& payload) {
    aborted.SetPayload(url, payload);
  });
  return aborted;
}

bool IsVerdict(const absl::Status& status) {
  const std::optional<imapi::ErrorDetail> detail = imapi::GetDetail(status);
  return detail.has_value() && detail->hresult == Hresult::E_IMAPI_BURN_VERIFICATION_FAILED;
}

// At `per_second` sectors.
std::optional<absl::Duration> TimeFor(Sectors left, int64_t per_second) {
  if (per_second <= 0) return std::nullopt;
  return absl::Seconds(static_cast<double>(left.value()) / static_cast<double>(per_second));
}

// What the operator does, and when the disc takes a session again: docs/burn_faults.md.
absl::Status WithAdvice(const BurnReport& burn) {
  return imapi::WithMetadata(
      imapi::WithMetadata(burn.status, "advice", BurnAdviceName(AdviceAfter(burn))), "next_session",
      NextSessionName(NextSessionAfter(burn)));
}

}  // namespace

WriteRun::WriteRun(std::shared_ptr<const ResultImage> image, WriteOptions options,
                   ReadFacts read_facts, NewJournal new_journal, Clock* clock)
    : image_(std::move(image)),
      options_(options),
      read_facts_(std::move(read_facts)),
      new_journal_(std::move(new_journal)),
      clock_(*clock) {
  burn_control_.Publish(
      {.start = image_->plan->start(), .next = image_->plan->start(), .end = image_->plan->end()});
}

absl::StatusOr<WriteReport> WriteRun::Run(Drive& drive) {
  {
    MutexLock lock(&mutex_);
    begin_ = clock_.Now();
  }
  absl::StatusOr<WriteReport> report = Write(drive);
  MutexLock lock(&mutex_);
  end_ = clock_.Now();
  if (!report.ok())
    return imapi::WithMetadata(report.status(), "disc_state", DiscConditionName(condition_));
  report->condition = condition_;
  return report;
}

absl::StatusOr<MediaFacts> WriteRun::FactsOfDisc(Drive& drive) const {
  if (image_->bound != nullptr) return *image_->bound->facts;
  absl::StatusOr<MediaFacts> facts = read_facts_(drive);
  if (!facts.ok()) return imapi::FromDevice(facts.status());
  if (!facts->present) {
    return imapi::MakeError(Hresult::E_IMAPI_RECORDER_MEDIA_NO_MEDIA, "the drive is empty");
  }
  if (facts->newest_session().has_value()) {
    return imapi::MakeError(
        Hresult::E_IMAPI_DF2DATA_MEDIA_NOT_BLANK,
        "the image continues no disc, and the disc in the drive has a session already");
  }
  return facts;
}

absl::StatusOr<WriteReport> WriteRun::Write(Drive& drive) {
  ASSIGN_OR_RETURN(const MediaFacts disc, FactsOfDisc(drive));
  profile_ = disc.profile;
  const std::unique_ptr<mastering::ContentSource> contents = image_->open_contents();
  const std::unique_ptr<BurnJournal> journal = new_journal_(disc);
  burn_ = BurnRun({.disc = disc,
                   .plan = image_->plan.get(),
                   .contents = contents.get(),
                   .speed = options_.speed,
                   .finalize = options_.close,
                   .simulate = options_.simulate},
                  read_facts_, journal.get(), &burn_control_)
              .Run(drive);
  SetCondition(ConditionAfterBurn(burn_));
  if (!burn_.status.ok()) return WithAdvice(burn_);
  WriteReport report{.simulated = options_.simulate,
                     .start = image_->plan->start(),
                     .sectors = image_->plan->sectors(),
                     .session_id = image_->session_id,
                     .sha256 = burn_.sha256};
  if (options_.simulate) return report;
  const absl::StatusOr<MediaFacts> after = read_facts_(drive);
  if (!after.ok()) return AfterBurn(imapi::FromDevice(after.status()));
  report.session_number = after->session_count;
  if (!options_.verify.has_value()) return report;
  RETURN_IF_ERROR(AfterBurn(Verify(drive, *after)));
  report.verified = options_.verify;
  return report;
}

absl::Status WriteRun::Verify(Drive& drive, const MediaFacts& facts) {
  const absl::Time start = clock_.Now();
  {
    MutexLock lock(&mutex_);
    verifying_ = true;
  }
  // A source of its own: what the burn has read from is at its end.
  const std::unique_ptr<mastering::ContentSource> contents = image_->open_contents();
  mastering::ImageReader source(image_->plan.get(), contents.get());
  const VerifyReport report = VerifyRun({.level = *options_.verify,
                                         .disc_identifier = facts.disc_identifier,
                                         .start = image_->plan->start(),
                                         .volume_end = image_->plan->volume_end(),
                                         .sha256 = burn_.sha256,
                                         .source = &source,
                                         .superblock = burn_.superblock},
                                        read_facts_, &verify_control_, &clock_)
                                  .Run(drive);
  verified_ = report.status;
  verify_time_ = clock_.Now() - start;
  if (report.status.ok()) {
    // A quick look may have seen what the drive remembers.
    if (options_.verify == VerifyLevel::kFull) SetCondition(DiscCondition::kGood);
  } else if (IsVerdict(report.status)) {
    SetCondition(DiscCondition::kSuspect);
  }
  return report.status;
}

void WriteRun::SetCondition(DiscCondition condition) {
  MutexLock lock(&mutex_);
  condition_ = condition;
}

void WriteRun::Cancel() {
  burn_control_.Cancel();
  verify_control_.Cancel();
}

WriteProgress WriteRun::progress() const {
  WriteProgress progress{.burn = burn_control_.progress()};
  MutexLock lock(&mutex_);
  progress.condition = condition_;
  if (begin_.has_value()) progress.elapsed = end_.value_or(clock_.Now()) - *begin_;
  if (verifying_) {
    progress.verify = verify_control_.progress();
    progress.remaining =
        TimeFor(progress.verify->total - progress.verify->done, progress.verify->speed.value_or(0));
  } else if (progress.burn.action == BurnAction::kWritingData) {
    const Sectors left = progress.burn.end - progress.burn.next;
    const Sectors done = progress.burn.next - progress.burn.start;
    const double seconds = absl::ToDoubleSeconds(progress.elapsed);
    const auto pace = static_cast<int64_t>(seconds > 0 ? done.value() / seconds : 0);
    progress.remaining = TimeFor(left, progress.burn.speed.value_or(pace));
  }
  if (end_.has_value()) progress.remaining = absl::ZeroDuration();
  return progress;
}

}  // namespace carousel
