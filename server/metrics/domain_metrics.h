// Counts validations, imports, moves, burns, other jobs on discs and the journal's writes. Private
// to server/metrics.
#ifndef SERVER_METRICS_DOMAIN_METRICS_H_
#define SERVER_METRICS_DOMAIN_METRICS_H_

#include <prometheus/registry.h>

#include <array>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/metrics/family.h"
#include "server/metrics/observers.h"
#include "server/metrics/outcome.h"

namespace carousel::metrics {

class ValidationMetrics : public ValidationObserver {
 public:
  explicit ValidationMetrics(prometheus::Registry* registry);
  void OnValidation(const absl::Status& outcome) override;

 private:
  prometheus::Counter& Counter(size_t reason, size_t rule);

  Counters family_;
  prometheus::Counter& accepted_;
  std::vector<std::array<Cached<prometheus::Counter>, kRuleCount>> refused_;  // by reason
};

class ImportMetrics : public ImportObserver {
 public:
  ImportMetrics(const std::vector<std::string>& drives, prometheus::Registry* registry);
  void OnImportProgress(absl::string_view drive, const ImportWork& added) override;
  void OnImportEnd(absl::string_view drive, const absl::Status& outcome, const ImportWork& total,
                   absl::Duration took) override;

 private:
  struct Series {
    std::string drive;
    prometheus::Counter& entries;
    prometheus::Counter& bytes;
    prometheus::Counter& blocks;
    prometheus::Histogram& duration;
    prometheus::Gauge& entries_per_second;
    prometheus::Gauge& bytes_per_second;
  };
  // Null for a drive that was not announced.
  const Series* Find(absl::string_view drive) const;

  Counters entries_;
  Counters bytes_;
  Counters blocks_;
  Histograms duration_;
  Gauges entries_per_second_;
  Gauges bytes_per_second_;
  Gauges last_success_;
  Counters failures_;
  std::map<std::string, Series, std::less<>> by_drive_;
};

class MoveMetrics : public MoveObserver {
 public:
  explicit MoveMetrics(prometheus::Registry* registry);
  void OnMove(MoveOutcome outcome, absl::Duration took) override;

 private:
  prometheus::Counter* CounterOf(MoveOutcome outcome) const;

  Counters moves_;
  prometheus::Counter& moved_;
  prometheus::Counter& still_at_source_;
  prometheus::Counter& in_gripper_;
  prometheus::Counter& unknown_;
  prometheus::Histogram& duration_;
};

class BurnMetrics : public BurnObserver {
 public:
  BurnMetrics(const std::vector<std::string>& drives, prometheus::Registry* registry);
  void OnBurnEnd(const BurnEnd& end) override;

 private:
  Counters burns_;
  Counters bytes_;
  Histograms duration_;
  Counters wrong_address_;
  Counters dry_;
  Gauges lowest_;
};

class DiscJobMetrics : public DiscJobObserver {
 public:
  explicit DiscJobMetrics(prometheus::Registry* registry);
  void OnDiscJobEnd(const DiscJobEnd& end) override;

 private:
  Counters jobs_;
  Histograms duration_;
};

class JournalMetrics : public JournalObserver {
 public:
  explicit JournalMetrics(prometheus::Registry* registry);
  void OnJournalWrite(JournalRecord record, const absl::Status& outcome,
                      absl::Duration took) override;
  void OnHeldDiscs(int64_t discs) override;

 private:
  Counters records_;
  prometheus::Gauge& held_discs_;
  prometheus::Histogram& duration_;
};

}  // namespace carousel::metrics

#endif  // SERVER_METRICS_DOMAIN_METRICS_H_
