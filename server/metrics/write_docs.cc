#include "server/metrics/write_docs.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/metrics/catalogue.h"

namespace carousel::metrics {
namespace {

constexpr char kIntroduction[] = R"(# Metrics

Made from server/metrics/catalogue.cc by `bazel run //server/metrics:print_docs`; a test fails when this page is stale.

`carouseld` serves them at `/metrics` of its HTTP port (`listen.http`, 127.0.0.1:9470) in Prometheus' text format, next to `/livez` (the
process is worth keeping) and `/readyz` (it may get work); the two probes answer 200 or 503 and say why.

Every label's values come from a finite set: no names of files, discs, operations or clients. `grpc_server_*` are named as the gRPC
libraries for Go and Java name them, so that their dashboards and alerts fit. OpenTelemetry's `rpc.server.call.duration` is
`grpc_server_handling_seconds` with the same buckets; its `rpc.method` is `grpc_service/grpc_method`, its `rpc.response.status_code` is
`grpc_code`.

Durations are in seconds. Those of imports, moves and SCSI commands are by the robot's clock, which runs `time_scale` times as fast as the
machine's on a virtual robot; those of gRPC calls are machine time.
)";

std::string Section(const Metric& metric) {
  std::string text =
      absl::StrCat("\n## ", metric.name, "\n\n", metric.help, " A ", TypeName(metric.type), ".\n");
  if (!metric.labels.empty()) absl::StrAppend(&text, "\n| label | values |\n|---|---|\n");
  for (const Label& label : metric.labels) {
    absl::StrAppend(&text, "| ", label.name, " | ", label.values, " |\n");
  }
  if (!metric.buckets.empty()) {
    absl::StrAppend(&text, "\nBuckets end at ", absl::StrJoin(metric.buckets, ", "), " seconds.\n");
  }
  return text;
}

}  // namespace

std::string Documentation() {
  std::string text = kIntroduction;
  for (const Metric* metric : All()) absl::StrAppend(&text, Section(*metric));
  return text;
}

}  // namespace carousel::metrics
