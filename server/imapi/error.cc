#include "server/imapi/error.h"

#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "hal/scsi/sense.h"

namespace carousel::imapi {
namespace {

constexpr char kPayloadUrl[] = "carousel/imapi.Error";
// Separates fields of the payload; no name or value that the service makes contains it, and one
// that came from a device loses it.
constexpr char kSeparator = '\x1F';

std::string Encode(const ErrorDetail& detail) {
  std::string payload = absl::StrCat(static_cast<uint32_t>(detail.hresult));
  for (const auto& [key, value] : detail.metadata) {
    std::string clean = value;
    for (char& c : clean) {
      if (c == kSeparator) c = '?';
    }
    absl::StrAppend(&payload, std::string(1, kSeparator), key, std::string(1, kSeparator), clean);
  }
  return payload;
}

// Retryable causes make the wrapping error retryable.
bool IsTransientCause(absl::string_view cause) {
  const HresultInfo* info = FindHresultByName(cause);
  return info != nullptr && info->retry == Retry::kYes &&
         info->code == absl::StatusCode::kUnavailable;
}

bool IsStashCode(Hresult hresult) {
  switch (hresult) {
    case Hresult::IMAPI_E_STASHFILE_OPEN_FAILURE:
    case Hresult::IMAPI_E_STASHFILE_SEEK_FAILURE:
    case Hresult::IMAPI_E_STASHFILE_WRITE_FAILURE:
    case Hresult::IMAPI_E_STASHFILE_READ_FAILURE:
    case Hresult::IMAPI_E_STASHFILE_MOVE:
      return true;
    default:
      return false;
  }
}

absl::StatusCode CodeFor(Hresult hresult, const Metadata& metadata) {
  const auto cause = metadata.find("cause");
  if (cause == metadata.end()) return CanonicalCode(hresult);
  const bool full = cause->second == "ENOSPC" || cause->second == "EDQUOT";
  if (full && IsStashCode(hresult)) return absl::StatusCode::kResourceExhausted;
  const bool wraps = hresult == Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER ||
                     hresult == Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE;
  if (wraps && IsTransientCause(cause->second)) return absl::StatusCode::kUnavailable;
  return CanonicalCode(hresult);
}

}  // namespace

absl::Status MakeError(Hresult hresult, absl::string_view message, Metadata metadata) {
  absl::Status status(CodeFor(hresult, metadata), message);
  status.SetPayload(kPayloadUrl, absl::Cord(Encode(ErrorDetail{hresult, std::move(metadata)})));
  return status;
}

std::optional<ErrorDetail> GetDetail(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return std::nullopt;
  const std::vector<std::string> fields = absl::StrSplit(std::string(*payload), kSeparator);
  uint32_t value = 0;
  if (!absl::SimpleAtoi(fields[0], &value)) return std::nullopt;
  ErrorDetail detail{.hresult = static_cast<Hresult>(value)};
  for (size_t i = 1; i + 1 < fields.size(); i += 2) detail.metadata[fields[i]] = fields[i + 1];
  return detail;
}

absl::Status WithMetadata(const absl::Status& status, absl::string_view key,
                          absl::string_view value) {
  std::optional<ErrorDetail> detail = GetDetail(status);
  if (!detail.has_value()) return status;
  detail->metadata.emplace(std::string(key), std::string(value));
  absl::Status result = status;
  result.SetPayload(kPayloadUrl, absl::Cord(Encode(*detail)));
  return result;
}

absl::Status AfterWrite(const absl::Status& status) {
  if (status.code() != absl::StatusCode::kUnavailable) return status;
  absl::Status aborted(absl::StatusCode::kAborted, status.message());
  status.ForEachPayload([&aborted](absl::string_view url, const absl::Cord& payload) {
    aborted.SetPayload(url, payload);
  });
  return aborted;
}

}  // namespace carousel::imapi
