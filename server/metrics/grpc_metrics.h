// Counts gRPC calls by method. Private to server/metrics.
#ifndef SERVER_METRICS_GRPC_METRICS_H_
#define SERVER_METRICS_GRPC_METRICS_H_

#include <prometheus/registry.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "server/metrics/family.h"
#include "server/metrics/metrics.h"
#include "server/metrics/observers.h"
#include "server/metrics/outcome.h"

namespace carousel::metrics {

class GrpcMetrics : public GrpcObserver {
 public:
  GrpcMetrics(const std::vector<GrpcMethod>& methods, prometheus::Registry* registry);
  ~GrpcMetrics() override;
  GrpcMethodObserver* Method(absl::string_view path) override;

 private:
  class MethodMetrics;

  std::unique_ptr<MethodMetrics> Make(const std::vector<std::string>& labels);

  Counters started_;
  Counters handled_;
  Counters received_;
  Counters sent_;
  Histograms handling_;
  // Complete after construction, so it is read without a lock.
  absl::flat_hash_map<std::string, std::unique_ptr<MethodMetrics>> methods_;
  std::unique_ptr<MethodMetrics> unknown_;
};

}  // namespace carousel::metrics

#endif  // SERVER_METRICS_GRPC_METRICS_H_
