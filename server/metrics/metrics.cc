#include "server/metrics/metrics.h"

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hal/base/mutex.h"
#include "server/metrics/catalogue.h"
#include "server/metrics/domain_metrics.h"
#include "server/metrics/family.h"
#include "server/metrics/grpc_metrics.h"
#include "server/metrics/process_stats.h"
#include "server/metrics/scsi_metrics.h"

namespace carousel {
namespace {

using metrics::Metric;

prometheus::MetricFamily FamilyOf(const Metric& metric) {
  return {.name = std::string(metric.name),
          .help = std::string(metric.help),
          .type = metric.type == metrics::Type::kCounter ? prometheus::MetricType::Counter
                                                         : prometheus::MetricType::Gauge};
}

void AddValue(const Metric& metric, const std::vector<std::string>& label_values, double value,
              prometheus::MetricFamily* family) {
  prometheus::ClientMetric sample;
  for (const auto& [name, text] : metrics::LabelsOf(metric, label_values)) {
    sample.label.push_back({name, text});
  }
  if (metric.type == metrics::Type::kCounter) {
    sample.counter.value = value;
  } else {
    sample.gauge.value = value;
  }
  family->metric.push_back(std::move(sample));
}

// What is asked for at a scrape and not counted before.
prometheus::MetricFamily Single(const Metric& metric, double value) {
  prometheus::MetricFamily family = FamilyOf(metric);
  AddValue(metric, {}, value, &family);
  return family;
}

void AppendProcess(std::vector<prometheus::MetricFamily>* families) {
  const std::optional<metrics::ProcessStats> stats = metrics::ReadProcessStats();
  if (!stats.has_value()) return;
  families->push_back(Single(metrics::kProcessCpu, stats->cpu_seconds));
  families->push_back(Single(metrics::kProcessStartTime, stats->start_time_seconds));
  families->push_back(Single(metrics::kProcessResidentMemory, stats->resident_bytes));
  families->push_back(Single(metrics::kProcessVirtualMemory, stats->virtual_bytes));
  families->push_back(Single(metrics::kProcessOpenFds, stats->open_fds));
  families->push_back(Single(metrics::kProcessMaxFds, stats->max_fds));
  families->push_back(Single(metrics::kProcessThreads, stats->threads));
}

constexpr std::pair<DriveSnapshot::State, const char*> kStates[] = {
    {DriveSnapshot::State::kOpening, "opening"},    {DriveSnapshot::State::kEmpty, "empty"},
    {DriveSnapshot::State::kNotReady, "not_ready"}, {DriveSnapshot::State::kReady, "ready"},
    {DriveSnapshot::State::kFailed, "failed"},
};

prometheus::MetricFamily DriveStates(const std::vector<const DriveStation*>& stations) {
  prometheus::MetricFamily family = FamilyOf(metrics::kDriveState);
  for (const DriveStation* station : stations) {
    const DriveSnapshot::State now = station->snapshot().state;
    for (const auto& [state, name] : kStates) {
      AddValue(metrics::kDriveState, {station->id(), name}, state == now ? 1 : 0, &family);
    }
  }
  return family;
}

void AppendSpool(const SpoolUse& use, std::vector<prometheus::MetricFamily>* families) {
  families->push_back(Single(metrics::kSpoolQuota, static_cast<double>(use.quota_bytes)));
  prometheus::MetricFamily used = FamilyOf(metrics::kSpoolUsed);
  AddValue(metrics::kSpoolUsed, {"uploads"}, static_cast<double>(use.upload_bytes), &used);
  AddValue(metrics::kSpoolUsed, {"contents"}, static_cast<double>(use.content_bytes), &used);
  families->push_back(std::move(used));
  families->push_back(Single(metrics::kSpoolUploads, static_cast<double>(use.uploads)));
}

}  // namespace

struct Metrics::Rep {
  explicit Rep(const Options& options)
      : validations(&registry),
        imports(options.drives, &registry),
        moves(&registry),
        burns(options.drives, &registry),
        disc_jobs(&registry),
        journal(&registry),
        grpc(options.grpc_methods, &registry),
        commands(metrics::kScsiCommands, &registry),
        durations(metrics::kScsiCommandDuration, &registry) {
    for (const std::string& drive : options.drives) {
      scsi[drive] = std::make_unique<metrics::ScsiMetrics>(drive, &commands, &durations);
    }
    metrics::Gauges(metrics::kBuildInfo, &registry)
        .With({options.version, options.revision, options.compiler, options.compilation_mode})
        .Set(1);
    metrics::Gauges(metrics::kRobotInfo, &registry)
        .With({options.robot_id, options.config_digest})
        .Set(1);
  }

  prometheus::Registry registry;
  metrics::ValidationMetrics validations;
  metrics::ImportMetrics imports;
  metrics::MoveMetrics moves;
  metrics::BurnMetrics burns;
  metrics::DiscJobMetrics disc_jobs;
  metrics::JournalMetrics journal;
  metrics::GrpcMetrics grpc;
  metrics::Counters commands;
  metrics::Histograms durations;
  std::map<std::string, std::unique_ptr<metrics::ScsiMetrics>, std::less<>> scsi;

  mutable Mutex mutex;
  std::vector<const DriveStation*> stations ABSL_GUARDED_BY(mutex);
  std::function<SpoolUse()> spool ABSL_GUARDED_BY(mutex);
};

Metrics::Metrics(const Options& options) : rep_(std::make_unique<Rep>(options)) {}
Metrics::~Metrics() = default;

ValidationObserver* Metrics::validations() { return &rep_->validations; }
ImportObserver* Metrics::imports() { return &rep_->imports; }
MoveObserver* Metrics::moves() { return &rep_->moves; }
BurnObserver* Metrics::burns() { return &rep_->burns; }
DiscJobObserver* Metrics::disc_jobs() { return &rep_->disc_jobs; }
JournalObserver* Metrics::journal() { return &rep_->journal; }
GrpcObserver* Metrics::grpc() { return &rep_->grpc; }

scsi::TransportObserver* Metrics::scsi(absl::string_view drive) {
  const auto found = rep_->scsi.find(std::string(drive));
  return found == rep_->scsi.end() ? nullptr : found->second.get();
}

void Metrics::WatchDrives(std::vector<const DriveStation*> stations) {
  MutexLock lock(&rep_->mutex);
  rep_->stations = std::move(stations);
}

void Metrics::WatchSpool(std::function<SpoolUse()> use) {
  MutexLock lock(&rep_->mutex);
  rep_->spool = std::move(use);
}

std::string Metrics::Text() const {
  std::vector<prometheus::MetricFamily> families = rep_->registry.Collect();
  {
    // Held while they are asked, which wait for no device: after WatchDrives and WatchSpool return,
    // nobody asks those of before.
    MutexLock lock(&rep_->mutex);
    if (!rep_->stations.empty()) families.push_back(DriveStates(rep_->stations));
    if (rep_->spool) AppendSpool(rep_->spool(), &families);
  }
  AppendProcess(&families);
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace carousel
