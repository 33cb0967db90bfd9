#include "server/spool/upload_spec.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"

namespace carousel {
namespace {

constexpr size_t kMaxName = 256;
constexpr size_t kMaxPath = 32 * 1024;
constexpr absl::string_view kTitle = "carousel upload 1";

absl::Status CheckName(absl::string_view field, const std::string& value) {
  if (value.empty()) return InvalidFieldError(field, "is empty");
  if (value.size() > kMaxName) return InvalidFieldError(field, "is longer than 256 bytes");
  return absl::OkStatus();
}

absl::Status NotARecord() { return absl::InvalidArgumentError("not the record of an upload"); }

bool TakeText(absl::string_view line, absl::string_view name, std::string* value) {
  return absl::ConsumePrefix(&line, name) && absl::CUnescape(line, value);
}

}  // namespace

absl::Status CheckUploadSpec(const UploadSpec& spec) {
  RETURN_IF_ERROR(CheckName("owner", spec.key.owner));
  RETURN_IF_ERROR(CheckName("upload_id", spec.key.upload_id));
  if (spec.path.size() > kMaxPath) return InvalidFieldError("path", "is longer than 32 KiB");
  if (spec.size < 0) return InvalidFieldError("size", "is negative");
  return absl::OkStatus();
}

std::string EncodeUploadSpec(const UploadSpec& spec) {
  return absl::StrCat(kTitle, "\nowner ", absl::CEscape(spec.key.owner), "\nupload_id ",
                      absl::CEscape(spec.key.upload_id), "\npath ", absl::CEscape(spec.path),
                      "\nsize ", spec.size, "\nsha256 ", ToHex(spec.sha256), "\n");
}

absl::StatusOr<UploadSpec> DecodeUploadSpec(absl::string_view text) {
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  if (lines.size() != 7 || lines[0] != kTitle || !lines[6].empty()) return NotARecord();
  UploadSpec spec;
  absl::string_view size = lines[4];
  absl::string_view sha256 = lines[5];
  if (!TakeText(lines[1], "owner ", &spec.key.owner) ||
      !TakeText(lines[2], "upload_id ", &spec.key.upload_id) ||
      !TakeText(lines[3], "path ", &spec.path) || !absl::ConsumePrefix(&size, "size ") ||
      !absl::SimpleAtoi(size, &spec.size) || !absl::ConsumePrefix(&sha256, "sha256 ")) {
    return NotARecord();
  }
  ASSIGN_OR_RETURN(spec.sha256, ParseSha256(sha256));
  RETURN_IF_ERROR(CheckUploadSpec(spec));
  return spec;
}

}  // namespace carousel
