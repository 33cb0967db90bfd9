#include "server/metrics/grpc_metrics.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

namespace carousel::metrics {
namespace {

const char* TypeOf(const GrpcMethod& method) {
  if (method.client_stream) return method.server_stream ? "bidi_stream" : "client_stream";
  return method.server_stream ? "server_stream" : "unary";
}

// Type, service and method.
std::vector<std::string> LabelsOf(const GrpcMethod& method) {
  const std::pair<std::string, std::string> names =
      absl::StrSplit(absl::StripPrefix(method.path, "/"), absl::MaxSplits('/', 1));
  return {TypeOf(method), names.first, names.second};
}

}  // namespace

class GrpcMetrics::MethodMetrics : public GrpcMethodObserver {
 public:
  MethodMetrics(GrpcMetrics* family, std::vector<std::string> labels)
      : started_(family->started_.With(labels)),
        received_(family->received_.With(labels)),
        sent_(family->sent_.With(labels)),
        handling_(family->handling_.With(labels)) {
    labels.emplace_back();
    for (int code = 0; code < kGrpcCodeCount; ++code) {
      labels.back() = std::string(GrpcCodeName(code));
      handled_[code] = &family->handled_.With(labels);
    }
  }

  void OnStarted() override { started_.Increment(); }
  void OnMessageReceived() override { received_.Increment(); }
  void OnMessageSent() override { sent_.Increment(); }
  void OnHandled(absl::StatusCode code, absl::Duration took) override {
    const int index = static_cast<int>(code);
    const bool known = index >= 0 && index < kGrpcCodeCount;
    handled_[known ? index : static_cast<int>(absl::StatusCode::kUnknown)]->Increment();
    handling_.Observe(absl::ToDoubleSeconds(took));
  }

 private:
  prometheus::Counter& started_;
  prometheus::Counter& received_;
  prometheus::Counter& sent_;
  prometheus::Histogram& handling_;
  std::array<prometheus::Counter*, kGrpcCodeCount> handled_;
};

GrpcMetrics::GrpcMetrics(const std::vector<GrpcMethod>& methods, prometheus::Registry* registry)
    : started_(kGrpcStarted, registry),
      handled_(kGrpcHandled, registry),
      received_(kGrpcMessagesReceived, registry),
      sent_(kGrpcMessagesSent, registry),
      handling_(kGrpcHandling, registry),
      unknown_(Make({"unary", "unknown", "unknown"})) {
  for (const GrpcMethod& method : methods) methods_[method.path] = Make(LabelsOf(method));
}

GrpcMetrics::~GrpcMetrics() = default;

std::unique_ptr<GrpcMetrics::MethodMetrics> GrpcMetrics::Make(
    const std::vector<std::string>& labels) {
  return std::make_unique<MethodMetrics>(this, labels);
}

GrpcMethodObserver* GrpcMetrics::Method(absl::string_view path) {
  const auto found = methods_.find(path);
  return found == methods_.end() ? unknown_.get() : found->second.get();
}

}  // namespace carousel::metrics
