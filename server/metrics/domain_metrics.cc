#include "server/metrics/domain_metrics.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/imapi/error.h"

namespace carousel::metrics {
namespace {

using imapi::Hresult;

// The refusals of the contract, which exist from the start so that their rates begin at zero.
struct Refusal {
  Hresult hresult;
  const char* rule;
};
constexpr Refusal kContract[] = {
    {Hresult::E_POINTER, "R1"},
    {Hresult::E_POINTER, "R2"},
    {Hresult::E_NOINTERFACE, "R2"},
    {Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, "R3"},
    {Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER, "R4"},
    {Hresult::IMAPI_E_INCOMPATIBLE_MULTISESSION_TYPE, "R5"},
    {Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, "R5"},
    {Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER, "R6"},
    {Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, "R7"},
    {Hresult::IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED, "R8"},
    {Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, "R9"},
    {Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER, "R10"},
    {Hresult::IMAPI_E_IMPORT_SEEK_FAILURE, "R11"},
    {Hresult::IMAPI_E_FSI_INTERNAL_ERROR, "R12"},
};

// By the clock that a scrape's time comes from too.
double UnixSeconds() { return absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()); }

}  // namespace

ValidationMetrics::ValidationMetrics(prometheus::Registry* registry)
    : family_(kMultisessionValidations, registry),
      accepted_(family_.With({"accepted", ReasonName(0), RuleName(0)})),
      refused_(ReasonCount()) {
  for (const Refusal& refusal : kContract) {
    const absl::Status status = imapi::MakeError(refusal.hresult, "", {{"rule", refusal.rule}});
    Counter(ReasonIndex(status), RuleIndex(status));
  }
}

void ValidationMetrics::OnValidation(const absl::Status& outcome) {
  if (outcome.ok()) {
    accepted_.Increment();
  } else {
    Counter(ReasonIndex(outcome), RuleIndex(outcome)).Increment();
  }
}

prometheus::Counter& ValidationMetrics::Counter(size_t reason, size_t rule) {
  return refused_[reason][rule].Get([&]() -> prometheus::Counter& {
    return family_.With({"refused", ReasonName(reason), RuleName(rule)});
  });
}

ImportMetrics::ImportMetrics(const std::vector<std::string>& drives, prometheus::Registry* registry)
    : entries_(kImportEntries, registry),
      bytes_(kImportBytes, registry),
      blocks_(kImportBlocks, registry),
      duration_(kImportDuration, registry),
      entries_per_second_(kImportEntriesPerSecond, registry),
      bytes_per_second_(kImportBytesPerSecond, registry),
      last_success_(kImportLastSuccess, registry),
      failures_(kImportFailures, registry) {
  for (const std::string& drive : drives) {
    by_drive_.emplace(
        drive, Series{drive, entries_.With({drive}), bytes_.With({drive}), blocks_.With({drive}),
                      duration_.With({drive}), entries_per_second_.With({drive}),
                      bytes_per_second_.With({drive})});
  }
}

const ImportMetrics::Series* ImportMetrics::Find(absl::string_view drive) const {
  const auto found = by_drive_.find(std::string(drive));
  return found == by_drive_.end() ? nullptr : &found->second;
}

void ImportMetrics::OnImportProgress(absl::string_view drive, const ImportWork& added) {
  const Series* series = Find(drive);
  if (series == nullptr) return;
  series->entries.Increment(static_cast<double>(std::max<int64_t>(0, added.entries)));
  series->bytes.Increment(static_cast<double>(std::max<int64_t>(0, added.bytes)));
  series->blocks.Increment(static_cast<double>(std::max<int64_t>(0, added.blocks)));
}

void ImportMetrics::OnImportEnd(absl::string_view drive, const absl::Status& outcome,
                                const ImportWork& total, absl::Duration took) {
  if (!outcome.ok()) failures_.With({ReasonName(ReasonIndex(outcome))}).Increment();
  const Series* series = Find(drive);
  if (series == nullptr) return;
  const double seconds = absl::ToDoubleSeconds(took);
  series->duration.Observe(seconds);
  if (!outcome.ok()) return;
  last_success_.With({series->drive}).Set(UnixSeconds());
  if (seconds <= 0) return;
  series->entries_per_second.Set(static_cast<double>(total.entries) / seconds);
  series->bytes_per_second.Set(static_cast<double>(total.bytes) / seconds);
}

MoveMetrics::MoveMetrics(prometheus::Registry* registry)
    : moves_(kChangerMoves, registry),
      moved_(moves_.With({"moved"})),
      still_at_source_(moves_.With({"still_at_source"})),
      in_gripper_(moves_.With({"in_gripper"})),
      unknown_(moves_.With({"unknown"})),
      duration_(Histograms(kChangerMoveDuration, registry).With({})) {}

void MoveMetrics::OnMove(MoveOutcome outcome, absl::Duration took) {
  CounterOf(outcome)->Increment();
  duration_.Observe(absl::ToDoubleSeconds(took));
}

prometheus::Counter* MoveMetrics::CounterOf(MoveOutcome outcome) const {
  switch (outcome) {
    case MoveOutcome::kMoved:
      return &moved_;
    case MoveOutcome::kStillAtSource:
      return &still_at_source_;
    case MoveOutcome::kInGripper:
      return &in_gripper_;
    case MoveOutcome::kUnknown:
      return &unknown_;
  }
  return &unknown_;
}

namespace {

std::string OutcomeName(const absl::Status& outcome) {
  if (outcome.ok()) return "done";
  const auto detail = imapi::GetDetail(outcome).value_or(imapi::ErrorDetail());
  return detail.hresult == Hresult::E_IMAPI_REQUEST_CANCELLED ? "cancelled" : "failed";
}

}  // namespace

BurnMetrics::BurnMetrics(const std::vector<std::string>& drives, prometheus::Registry* registry)
    : burns_(kBurns, registry),
      bytes_(kBurnBytes, registry),
      duration_(kBurnDuration, registry),
      wrong_address_(kBurnWrongAddress, registry),
      dry_(kBurnBufferDry, registry),
      lowest_(kBurnBufferLowest, registry) {
  // An alarm on a counter needs its zero.
  for (const std::string& drive : drives) {
    wrong_address_.With({drive});
    dry_.With({drive});
  }
}

void BurnMetrics::OnBurnEnd(const BurnEnd& end) {
  const std::string drive(end.drive);
  const std::string media(end.media);
  burns_.With({media, OutcomeName(end.outcome), std::string(end.disc_state)}).Increment();
  bytes_.With({media}).Increment(static_cast<double>(std::max<int64_t>(0, end.bytes)));
  if (end.outcome.ok()) duration_.With({media}).Observe(absl::ToDoubleSeconds(end.took));
  if (end.wrong_address) wrong_address_.With({drive}).Increment();
  dry_.With({drive}).Increment(static_cast<double>(std::max<int64_t>(0, end.times_dry)));
  if (end.buffer_bytes <= 0) return;
  lowest_.With({drive}).Set(static_cast<double>(end.lowest_buffer_bytes) /
                            static_cast<double>(end.buffer_bytes));
}

DiscJobMetrics::DiscJobMetrics(prometheus::Registry* registry)
    : jobs_(kDiscJobs, registry), duration_(kDiscJobDuration, registry) {}

void DiscJobMetrics::OnDiscJobEnd(const DiscJobEnd& end) {
  const std::string kind(end.kind);
  jobs_.With({kind, OutcomeName(end.outcome), std::string(end.disc_state)}).Increment();
  duration_.With({kind}).Observe(absl::ToDoubleSeconds(end.took));
}

namespace {

constexpr JournalRecord kJournalRecordKinds[] = {
    JournalRecord::kOperation, JournalRecord::kOperationEnd,    JournalRecord::kIntent,
    JournalRecord::kOutcome,   JournalRecord::kAcknowledgement, JournalRecord::kRemoval};

std::string RecordName(JournalRecord record) {
  switch (record) {
    case JournalRecord::kOperation:
      return "operation";
    case JournalRecord::kOperationEnd:
      return "operation_end";
    case JournalRecord::kIntent:
      return "intent";
    case JournalRecord::kOutcome:
      return "outcome";
    case JournalRecord::kAcknowledgement:
      return "acknowledgement";
    case JournalRecord::kRemoval:
      return "removal";
  }
  return "unknown";
}

}  // namespace

JournalMetrics::JournalMetrics(prometheus::Registry* registry)
    : records_(kJournalRecords, registry),
      held_discs_(Gauges(kJournalHeldDiscs, registry).With({})),
      duration_(Histograms(kJournalWriteDuration, registry).With({})) {
  for (const JournalRecord record : kJournalRecordKinds) {
    records_.With({RecordName(record), "recorded"});
    records_.With({RecordName(record), "failed"});
  }
}

void JournalMetrics::OnJournalWrite(JournalRecord record, const absl::Status& outcome,
                                    absl::Duration took) {
  records_.With({RecordName(record), outcome.ok() ? "recorded" : "failed"}).Increment();
  duration_.Observe(absl::ToDoubleSeconds(took));
}

void JournalMetrics::OnHeldDiscs(int64_t discs) { held_discs_.Set(static_cast<double>(discs)); }

}  // namespace carousel::metrics
