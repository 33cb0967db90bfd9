// Errors as label values: finite, whatever a client, a disc or a drive brings about.
#ifndef SERVER_METRICS_OUTCOME_H_
#define SERVER_METRICS_OUTCOME_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace carousel::metrics {

// A number below ReasonCount() for the reason of `status`: S_OK, a name of the IMAPI catalogue, or
// for errors without one their canonical code in capitals.
size_t ReasonIndex(const absl::Status& status);
size_t ReasonCount();
std::string ReasonName(size_t index);

// Which rule made an error: 1 to 12 for R1 to R12, 0 for none.
inline constexpr size_t kRuleCount = 13;
size_t RuleIndex(const absl::Status& status);
std::string RuleName(size_t index);

// "InvalidArgument": gRPC's codes as its Go library, and so the usual dashboards, spell them.
absl::string_view GrpcCodeName(int code);
inline constexpr int kGrpcCodeCount = 17;

}  // namespace carousel::metrics

#endif  // SERVER_METRICS_OUTCOME_H_
