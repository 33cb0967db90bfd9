#include "server/metrics/outcome.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel::metrics {
namespace {

constexpr absl::string_view kCodes[kGrpcCodeCount] = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

constexpr absl::string_view kGrpcCodes[kGrpcCodeCount] = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

// Success is named as COM names it.
constexpr absl::string_view kSuccess = "S_OK";

size_t CodeIndex(absl::StatusCode code) {
  const auto index = static_cast<size_t>(code);
  return index < kGrpcCodeCount ? index : static_cast<size_t>(absl::StatusCode::kUnknown);
}

}  // namespace

// First the canonical codes, then the catalogue.
size_t ReasonIndex(const absl::Status& status) {
  if (status.ok()) return 0;
  const std::optional<imapi::ErrorDetail> detail = imapi::GetDetail(status);
  const imapi::HresultInfo* info =
      detail.has_value() ? imapi::FindHresult(detail->hresult) : nullptr;
  if (info == nullptr) return CodeIndex(status.code());
  return kGrpcCodeCount + static_cast<size_t>(info - imapi::AllHresults().data());
}

size_t ReasonCount() { return kGrpcCodeCount + imapi::AllHresults().size(); }

std::string ReasonName(size_t index) {
  if (index == 0) return std::string(kSuccess);
  if (index < kGrpcCodeCount) return std::string(kCodes[index]);
  return std::string(imapi::AllHresults()[index - kGrpcCodeCount].name);
}

size_t RuleIndex(const absl::Status& status) {
  const std::optional<imapi::ErrorDetail> detail = imapi::GetDetail(status);
  if (!detail.has_value()) return 0;
  const auto rule = detail->metadata.find("rule");
  if (rule == detail->metadata.end()) return 0;
  absl::string_view number = rule->second;
  uint32_t index = 0;
  if (!absl::ConsumePrefix(&number, "R") || !absl::SimpleAtoi(number, &index)) return 0;
  return index < kRuleCount ? index : 0;
}

std::string RuleName(size_t index) { return index == 0 ? "none" : absl::StrCat("R", index); }

absl::string_view GrpcCodeName(int code) {
  return kGrpcCodes[CodeIndex(static_cast<absl::StatusCode>(code))];
}

}  // namespace carousel::metrics
