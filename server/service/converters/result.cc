#include "server/service/converters/result.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "hal/base/types.h"
#include "proto/status/text.h"
#include "server/errors/errors.h"
#include "server/service/converters/image.h"
#include "server/service/converters/time.h"

namespace carousel {
namespace {

constexpr size_t kMaxJob = 256;

}  // namespace

absl::StatusOr<ResultJobs::Request> ResultRequestFromProto(
    const v1::CreateResultImageRequest& proto) {
  ResultJobs::Request request{.job = proto.job()};
  if (proto.has_creation_time()) {
    if (!IsTime(proto.creation_time())) return InvalidFieldError("creation_time", "is no time");
    request.creation_time = TimeFromProto(proto.creation_time());
  }
  if (proto.job().size() > kMaxJob) return InvalidFieldError("job", "is longer than 256 bytes");
  if (std::any_of(proto.job().begin(), proto.job().end(), absl::ascii_iscntrl))
    return InvalidFieldError("job", "has control characters");
  if (proto.has_refer_to_equal_files()) request.refer = proto.refer_to_equal_files();
  return request;
}

void ResultReportToProto(const ResultReport& report, v1::CreateResultImageResponse* proto) {
  const mastering::Plan& plan = *report.made.result->plan;
  ImageToProto(report.image, proto->mutable_image());
  proto->set_total_blocks(plan.sectors().value());
  proto->set_block_size(kSectorSize);
  proto->set_session_start_block(plan.start().value());
  proto->set_volume_name(ToUtf8(plan.volume_name()));
  proto->set_session_id(report.made.result->session_id);
  proto->set_referring_file_count(report.made.referring_files);
  proto->set_bytes_not_written(report.made.bytes_not_written);
  for (const ResultWarning& warning : report.made.warnings) {
    v1::Warning* out = proto->add_warnings();
    out->set_reason(warning.reason);
    out->set_message(warning.message);
  }
}

v1::CreateResultImageMetadata::Step ResultStepToProto(ResultStep step) {
  switch (step) {
    case ResultStep::kCollecting:
      return v1::CreateResultImageMetadata::COLLECTING;
    case ResultStep::kCompleting:
      return v1::CreateResultImageMetadata::COMPLETING;
    case ResultStep::kPlanning:
      return v1::CreateResultImageMetadata::PLANNING;
    case ResultStep::kDone:
      return v1::CreateResultImageMetadata::DONE;
  }
  return v1::CreateResultImageMetadata::STEP_UNSPECIFIED;
}

void ProgressItemToProto(const ProgressItem& item, v1::ProgressItem* proto) {
  proto->set_description(ToUtf8(item.description));
  proto->set_first_block(item.first);
  proto->set_last_block(item.last);
  proto->set_block_count(item.last - item.first + 1);
}

}  // namespace carousel
