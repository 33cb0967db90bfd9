#include "server/fs/iso9660/errors.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/imapi/error.h"

namespace carousel::iso9660 {
namespace {

using imapi::Hresult;

std::string Block(Lba block) { return absl::StrCat(block.value()); }

}  // namespace

absl::Status InconsistentError(absl::string_view message, Lba block) {
  return imapi::MakeError(Hresult::IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR,
                          absl::StrCat("sector ", Block(block), ": ", message),
                          {{"block", Block(block)}});
}

absl::Status InvalidNameError(absl::string_view name, Lba block) {
  const std::string shown = absl::CHexEscape(name.substr(0, 256));
  return imapi::MakeError(
      Hresult::IMAPI_E_INVALID_PATH,
      absl::StrCat("sector ", Block(block), ": the disc names an entry \"", shown, "\""),
      {{"block", Block(block)}, {"cause", "disc"}, {"name", shown}});
}

absl::Status NotSupportedError(absl::string_view message, Lba block) {
  return imapi::MakeError(Hresult::IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED,
                          absl::StrCat("sector ", Block(block), ": ", message),
                          {{"block", Block(block)}});
}

absl::Status CancelledError() {
  return imapi::MakeError(Hresult::E_IMAPI_REQUEST_CANCELLED, "the import was cancelled");
}

absl::Status LimitError(absl::string_view limit, int64_t value) {
  return imapi::MakeError(Hresult::E_OUTOFMEMORY,
                          absl::StrCat("the import needs more than ", limit, " ", value),
                          {{"limit", std::string(limit)}, {"value", absl::StrCat(value)}});
}

absl::Status FromRead(const absl::Status& status, Lba block) {
  if (status.ok() || imapi::GetDetail(status).has_value()) return status;
  switch (status.code()) {
    case absl::StatusCode::kCancelled:
      return CancelledError();
    case absl::StatusCode::kDataLoss:
      return imapi::MakeError(
          Hresult::IMAPI_E_IMPORT_READ_FAILURE,
          absl::StrCat("sector ", Block(block), " cannot be read: ", status.message()),
          {{"block", Block(block)}});
    case absl::StatusCode::kOutOfRange:
      return InconsistentError(status.message(), block);
    default:
      return status;
  }
}

}  // namespace carousel::iso9660
