// Uploads on the wire.
#ifndef SERVER_SERVICE_CONVERTERS_UPLOAD_H_
#define SERVER_SERVICE_CONVERTERS_UPLOAD_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "carousel/v1/image.pb.h"
#include "server/image/tree_editor.h"
#include "server/spool/spool.h"
#include "server/uploads/uploads.h"

namespace carousel {

// The attributes of a new item; `field` is theirs in the request. INVALID_ARGUMENT (INVALID_FIELD):
// a time that is none, a mode with other bits.
absl::StatusOr<TreeEditor::Attributes> AttributesFromProto(absl::string_view field,
                                                           const v1::ItemAttributes& proto);

// INVALID_ARGUMENT (INVALID_FIELD): it is empty or longer than 256 bytes.
absl::Status CheckUploadId(absl::string_view field, absl::string_view upload_id);

// Without the image. INVALID_ARGUMENT (INVALID_FIELD): of CheckUploadId and AttributesFromProto; a
// size below 0, a digest that has not 32 bytes.
absl::StatusOr<Uploads::Request> UploadFromProto(const v1::UploadStart& proto);

void UploadToProto(const Spool::UploadState& state, v1::Upload* proto);

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_UPLOAD_H_
