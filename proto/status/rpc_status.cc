#include "proto/status/rpc_status.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/any.pb.h"
#include "google/rpc/error_details.pb.h"
#include "proto/status/text.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using Metadata = std::map<std::string, std::string>;

// gRPC 1.51 refuses trailing metadata above 8 KiB: message and details, the latter in base64, stay
// below it together.
constexpr size_t kMaxMessage = 800;
constexpr size_t kMaxDescription = 400;
constexpr size_t kMaxMetadataValue = 300;
constexpr size_t kMaxMetadata = 1800;

// What an error says, whichever part of the domain made it.
struct Facts {
  std::string reason;
  Metadata metadata;
  const imapi::HresultInfo* hresult = nullptr;
};

Facts FactsOf(const absl::Status& status) {
  if (std::optional<imapi::ErrorDetail> detail = imapi::GetDetail(status)) {
    Facts facts{.reason = std::string(imapi::HresultName(detail->hresult)),
                .metadata = std::move(detail->metadata),
                .hresult = imapi::FindHresult(detail->hresult)};
    facts.metadata["hresult"] = absl::StrFormat("0x%08X", static_cast<uint32_t>(detail->hresult));
    return facts;
  }
  if (std::optional<ReasonDetail> detail = GetReason(status))
    return {.reason = std::move(detail->reason), .metadata = std::move(detail->metadata)};
  return {.reason = absl::StatusCodeToString(status.code())};
}

absl::string_view Get(const Metadata& metadata, const char* key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? absl::string_view() : absl::string_view(found->second);
}

template <typename Detail>
void AddDetail(const Detail& detail, google::rpc::Status* rpc) {
  rpc->add_details()->PackFrom(detail);
}

void AddErrorInfo(const Facts& facts, absl::string_view robot, google::rpc::Status* rpc) {
  google::rpc::ErrorInfo info;
  info.set_reason(facts.reason);
  info.set_domain(kErrorDomain);
  size_t room = kMaxMetadata;
  for (const auto& [key, value] : facts.metadata) {
    std::string clean = CleanText(value, kMaxMetadataValue);
    if (key.size() + clean.size() > room) continue;
    room -= key.size() + clean.size();
    (*info.mutable_metadata())[key] = std::move(clean);
  }
  if (!robot.empty()) (*info.mutable_metadata())["robot"] = std::string(robot);
  AddDetail(info, rpc);
}

std::string Prefixed(absl::string_view prefix, absl::string_view id) {
  return absl::StartsWith(id, prefix) ? std::string(id) : absl::StrCat(prefix, id);
}

void AddPreconditionFailure(const Facts& facts, absl::string_view message,
                            google::rpc::Status* rpc) {
  google::rpc::PreconditionFailure failure;
  auto* violation = failure.add_violations();
  violation->set_description(CleanText(message, kMaxDescription));
  if (facts.reason == "CHANGER_FAILURE") {
    violation->set_type("CHANGER");
    violation->set_subject("robot");
  } else if (absl::string_view operation = Get(facts.metadata, "operation"); !operation.empty()) {
    violation->set_type("OPERATION");
    violation->set_subject(Prefixed("operations/", operation));
  } else if (absl::string_view drive = Get(facts.metadata, "drive"); !drive.empty()) {
    violation->set_type("MEDIA");
    violation->set_subject(Prefixed("drives/", drive));
  } else {
    violation->set_type("STATE");
    violation->set_subject(CleanText(Get(facts.metadata, "resource"), kMaxMetadataValue));
  }
  AddDetail(failure, rpc);
}

// The path of the field at fault, as AIP-193 writes it.
std::string FieldOf(const Metadata& metadata) {
  if (absl::string_view field = Get(metadata, "field"); !field.empty())
    return CleanText(field, kMaxMetadataValue);
  if (Get(metadata, "rule").empty()) return "";
  std::string path = "multisession_interfaces";
  const absl::string_view element = Get(metadata, "element");
  if (element.empty()) return path;
  absl::StrAppend(&path, ".interfaces[", element, "]");
  if (absl::string_view property = Get(metadata, "property"); !property.empty())
    absl::StrAppend(&path, ".", property);
  return CleanText(path, kMaxMetadataValue);
}

void AddBadRequest(const Facts& facts, absl::string_view message, google::rpc::Status* rpc) {
  const std::string field = FieldOf(facts.metadata);
  if (field.empty()) return;
  google::rpc::BadRequest bad;
  auto* violation = bad.add_field_violations();
  violation->set_field(field);
  violation->set_description(CleanText(message, kMaxDescription));
  AddDetail(bad, rpc);
}

void AddResourceInfo(const Facts& facts, absl::string_view message, google::rpc::Status* rpc) {
  const absl::string_view resource = Get(facts.metadata, "resource");
  if (resource.empty()) return;
  google::rpc::ResourceInfo info;
  info.set_resource_type(std::string(Get(facts.metadata, "resource_type")));
  info.set_resource_name(CleanText(resource, kMaxMetadataValue));
  info.set_description(CleanText(message, kMaxDescription));
  AddDetail(info, rpc);
}

// When to come back, by what the wait is for.
int64_t RetrySeconds(const Facts& facts) {
  const absl::string_view cause = Get(facts.metadata, "cause");
  const absl::string_view what = cause.empty() ? absl::string_view(facts.reason) : cause;
  if (what == "E_IMAPI_RECORDER_MEDIA_FORMAT_IN_PROGRESS" || what == "LIMIT_REACHED") return 60;
  if (what == "E_IMAPI_RECORDER_LOCKED" || what == "E_IMAPI_RECORDER_MEDIA_BUSY") return 5;
  if (what == "DRAINING") return 10;
  return 1;
}

void AddRetryInfo(const Facts& facts, google::rpc::Status* rpc) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(RetrySeconds(facts));
  AddDetail(retry, rpc);
}

bool RetryHelps(absl::StatusCode code, const Facts& facts) {
  if (code == absl::StatusCode::kUnavailable) return true;
  // An import's limit or a full medium is the same tomorrow.
  return code == absl::StatusCode::kResourceExhausted && facts.reason == "LIMIT_REACHED";
}

}  // namespace

google::rpc::Status ToRpcStatus(const absl::Status& status, absl::string_view robot) {
  google::rpc::Status rpc;
  if (status.ok()) return rpc;
  const Facts facts = FactsOf(status);
  rpc.set_code(static_cast<int>(status.code()));
  rpc.set_message(CleanText(status.message(), kMaxMessage));
  AddErrorInfo(facts, robot, &rpc);
  switch (status.code()) {
    case absl::StatusCode::kFailedPrecondition:
      AddPreconditionFailure(facts, status.message(), &rpc);
      break;
    case absl::StatusCode::kInvalidArgument:
      AddBadRequest(facts, status.message(), &rpc);
      break;
    case absl::StatusCode::kNotFound:
      AddResourceInfo(facts, status.message(), &rpc);
      break;
    default:
      if (RetryHelps(status.code(), facts)) AddRetryInfo(facts, &rpc);
  }
  return rpc;
}

absl::Status FromRpcStatus(const google::rpc::Status& rpc) {
  if (rpc.code() == 0) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(rpc.code());
  google::rpc::ErrorInfo info;
  for (const google::protobuf::Any& detail : rpc.details()) {
    if (detail.Is<google::rpc::ErrorInfo>() && detail.UnpackTo(&info)) break;
  }
  if (info.domain() != kErrorDomain) return absl::Status(code, rpc.message());
  Metadata metadata(info.metadata().begin(), info.metadata().end());
  const std::string hresult = std::string(Get(metadata, "hresult"));
  metadata.erase("hresult");
  uint32_t value = 0;
  if (!absl::SimpleHexAtoi(hresult, &value))
    return MakeReasonError(code, rpc.message(), {info.reason(), std::move(metadata)});
  const absl::Status made =
      imapi::MakeError(static_cast<imapi::Hresult>(value), rpc.message(), std::move(metadata));
  // The wire's code counts: it knows of a WRITE that the detail does not.
  absl::Status status(code, rpc.message());
  made.ForEachPayload(
      [&](absl::string_view url, const absl::Cord& payload) { status.SetPayload(url, payload); });
  return status;
}

}  // namespace carousel
