// The catalogue's metrics as prometheus-cpp's families: how labels, buckets and names go from one
// to the other. Private to server/metrics.
#ifndef SERVER_METRICS_FAMILY_H_
#define SERVER_METRICS_FAMILY_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <atomic>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/metrics/catalogue.h"

namespace carousel::metrics {

// `values` in the order of the metric's labels, as many as it has.
inline prometheus::Labels LabelsOf(const Metric& metric, const std::vector<std::string>& values) {
  prometheus::Labels labels;
  for (size_t i = 0; i < metric.labels.size(); ++i) {
    labels[std::string(metric.labels[i].name)] = values.at(i);
  }
  return labels;
}

class Counters {
 public:
  Counters(const Metric& metric, prometheus::Registry* registry)
      : metric_(metric),
        family_(prometheus::BuildCounter()
                    .Name(std::string(metric.name))
                    .Help(std::string(metric.help))
                    .Register(*registry)) {}
  // The same counter for the same values, made at the first call.
  prometheus::Counter& With(const std::vector<std::string>& values) {
    return family_.Add(LabelsOf(metric_, values));
  }

 private:
  const Metric& metric_;
  prometheus::Family<prometheus::Counter>& family_;
};

class Gauges {
 public:
  Gauges(const Metric& metric, prometheus::Registry* registry)
      : metric_(metric),
        family_(prometheus::BuildGauge()
                    .Name(std::string(metric.name))
                    .Help(std::string(metric.help))
                    .Register(*registry)) {}
  prometheus::Gauge& With(const std::vector<std::string>& values) {
    return family_.Add(LabelsOf(metric_, values));
  }

 private:
  const Metric& metric_;
  prometheus::Family<prometheus::Gauge>& family_;
};

class Histograms {
 public:
  Histograms(const Metric& metric, prometheus::Registry* registry)
      : metric_(metric),
        family_(prometheus::BuildHistogram()
                    .Name(std::string(metric.name))
                    .Help(std::string(metric.help))
                    .Register(*registry)) {}
  prometheus::Histogram& With(const std::vector<std::string>& values) {
    return family_.Add(LabelsOf(metric_, values),
                       std::vector<double>(metric_.buckets.begin(), metric_.buckets.end()));
  }

 private:
  const Metric& metric_;
  prometheus::Family<prometheus::Histogram>& family_;
};

// A place that remembers a series once it exists, so that the next event need not look for it.
// Two threads that meet here find the same series: With() is idempotent and never removes any.
template <typename Series>
class Cached {
 public:
  template <typename Find>
  Series& Get(Find find) {
    Series* series = series_.load(std::memory_order_acquire);
    if (series == nullptr) {
      series = &find();
      series_.store(series, std::memory_order_release);
    }
    return *series;
  }

 private:
  std::atomic<Series*> series_{nullptr};
};

}  // namespace carousel::metrics

#endif  // SERVER_METRICS_FAMILY_H_
