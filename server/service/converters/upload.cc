#include "server/service/converters/upload.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/service/converters/time.h"

namespace carousel {
namespace {

constexpr size_t kMaxUploadId = 256;
// Permissions, set-id bits and the sticky bit (POSIX.1 sys/stat.h).
constexpr uint32_t kModeBits = 07777;

}  // namespace

absl::StatusOr<TreeEditor::Attributes> AttributesFromProto(absl::string_view field,
                                                           const v1::ItemAttributes& proto) {
  TreeEditor::Attributes attributes{.modify_time = absl::Now()};
  if (proto.has_modify_time()) {
    if (!IsTime(proto.modify_time()))
      return InvalidFieldError(absl::StrCat(field, ".modify_time"), "is no time");
    attributes.modify_time = TimeFromProto(proto.modify_time());
  }
  if (!proto.has_mode() && !proto.has_uid() && !proto.has_gid()) return attributes;
  if ((proto.mode() & ~kModeBits) != 0)
    return InvalidFieldError(absl::StrCat(field, ".mode"), "has bits that are no permissions");
  attributes.posix = PosixAttributes{.mode = proto.mode(), .uid = proto.uid(), .gid = proto.gid()};
  return attributes;
}

absl::Status CheckUploadId(absl::string_view field, absl::string_view upload_id) {
  if (upload_id.empty()) return InvalidFieldError(field, "is empty");
  if (upload_id.size() > kMaxUploadId) return InvalidFieldError(field, "is longer than 256 bytes");
  return absl::OkStatus();
}

absl::StatusOr<Uploads::Request> UploadFromProto(const v1::UploadStart& proto) {
  RETURN_IF_ERROR(CheckUploadId("start.upload_id", proto.upload_id()));
  if (proto.size_bytes() < 0) return InvalidFieldError("start.size_bytes", "is negative");
  Uploads::Request request{.etag = proto.etag(),
                           .upload_id = proto.upload_id(),
                           .path = proto.path(),
                           .size = proto.size_bytes()};
  if (proto.sha256().size() != request.sha256.size())
    return InvalidFieldError("start.sha256", "has not 32 bytes");
  std::copy(proto.sha256().begin(), proto.sha256().end(), request.sha256.begin());
  ASSIGN_OR_RETURN(request.attributes, AttributesFromProto("start.attributes", proto.attributes()));
  return request;
}

void UploadToProto(const Spool::UploadState& state, v1::Upload* proto) {
  proto->set_upload_id(state.spec.key.upload_id);
  proto->set_path(state.spec.path);
  proto->set_size_bytes(state.spec.size);
  proto->set_sha256(std::string(state.spec.sha256.begin(), state.spec.sha256.end()));
  proto->set_durable_offset(state.durable_offset);
  proto->set_complete(state.finished);
}

}  // namespace carousel
