#include "server/service/converters/write_image.h"

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "hal/base/status_macros.h"
#include "server/burn/burn_control.h"
#include "server/burn/verify_run.h"
#include "server/digest/sha256.h"
#include "server/errors/errors.h"
#include "server/service/converters/names.h"
#include "server/service/converters/time.h"

namespace carousel {
namespace {

using v1::WriteImageMetadata;
using v1::WriteImageRequest;

constexpr size_t kMaxWho = 256;
constexpr size_t kMaxNote = 4096;

google::protobuf::Duration DurationToProto(absl::Duration duration) {
  google::protobuf::Duration proto;
  proto.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &duration));
  proto.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(duration)));
  return proto;
}

absl::StatusOr<std::optional<VerifyLevel>> VerificationFromProto(
    WriteImageRequest::Verification proto) {
  switch (proto) {
    case WriteImageRequest::VERIFICATION_UNSPECIFIED:
      return std::nullopt;
    case WriteImageRequest::VERIFICATION_QUICK:
      return VerifyLevel::kQuick;
    case WriteImageRequest::VERIFICATION_FULL:
      return VerifyLevel::kFull;
    default:
      return InvalidFieldError("verification", "is unknown");
  }
}

WriteImageMetadata::Action ActionOf(const BurnProgress& burn) {
  switch (burn.action) {
    case BurnAction::kValidatingMedia:
      return WriteImageMetadata::ACTION_VALIDATING_MEDIA;
    case BurnAction::kFormattingMedia:
      return WriteImageMetadata::ACTION_FORMATTING_MEDIA;
    case BurnAction::kInitializingHardware:
      return WriteImageMetadata::ACTION_INITIALIZING_HARDWARE;
    case BurnAction::kCalibratingPower:
      return WriteImageMetadata::ACTION_CALIBRATING_POWER;
    case BurnAction::kWritingData:
      return WriteImageMetadata::ACTION_WRITING_DATA;
    case BurnAction::kFinalization:
      return WriteImageMetadata::ACTION_FINALIZATION;
    case BurnAction::kCompleted:
      return WriteImageMetadata::ACTION_COMPLETED;
  }
  return WriteImageMetadata::ACTION_UNSPECIFIED;
}

WriteImageMetadata::Action ActionOf(const VerifyProgress& verify) {
  switch (verify.action) {
    case VerifyAction::kReloading:
      return WriteImageMetadata::ACTION_RELOADING;
    case VerifyAction::kExamining:
    case VerifyAction::kReading:
      return WriteImageMetadata::ACTION_VERIFYING;
    case VerifyAction::kCompleted:
      return WriteImageMetadata::ACTION_COMPLETED;
  }
  return WriteImageMetadata::ACTION_UNSPECIFIED;
}

}  // namespace

absl::StatusOr<BurnJobs::Request> WriteImageFromProto(const WriteImageRequest& proto) {
  BurnJobs::Request request{.etag = proto.etag()};
  ASSIGN_OR_RETURN(request.image, IdFromName("image", proto.image(), "images"));
  ASSIGN_OR_RETURN(request.drive, IdFromName("drive", proto.drive(), "drives"));
  if (proto.sectors_per_second() < 0) return InvalidFieldError("sectors_per_second", "is negative");
  if (proto.sectors_per_second() > 0)
    request.options.speed = mmc::SectorsPerSecond(proto.sectors_per_second());
  ASSIGN_OR_RETURN(request.options.verify, VerificationFromProto(proto.verification()));
  if (proto.simulate() && request.options.verify.has_value())
    return InvalidFieldError("verification", "stands beside simulate, which writes nothing");
  request.options.close = proto.close();
  request.options.simulate = proto.simulate();
  ASSIGN_OR_RETURN(request.request, RequestIdOf(proto));
  return request;
}

void WriteReportToProto(const WriteReport& report, v1::WriteImageResponse* proto) {
  proto->set_disc_state(std::string(DiscConditionName(report.condition)));
  proto->set_session_number(report.session_number);
  proto->set_start(report.start.value());
  proto->set_sectors(report.sectors.value());
  proto->set_session_id(report.session_id);
  if (report.sha256.has_value()) proto->set_sha256(ToHex(*report.sha256));
  if (report.verified.has_value()) {
    proto->set_verification(*report.verified == VerifyLevel::kFull
                                ? WriteImageRequest::VERIFICATION_FULL
                                : WriteImageRequest::VERIFICATION_QUICK);
  }
  proto->set_simulated(report.simulated);
}

void WriteProgressToProto(const WriteProgress& progress, WriteImageMetadata* proto) {
  const BurnProgress& burn = progress.burn;
  proto->set_action(progress.verify.has_value() ? ActionOf(*progress.verify) : ActionOf(burn));
  proto->set_start(burn.start.value());
  proto->set_next_sector(burn.next.value());
  proto->set_end(burn.end.value());
  proto->set_bytes_written(burn.bytes);
  std::optional<int64_t> speed = burn.speed;
  if (progress.verify.has_value()) {
    speed = progress.verify->speed;
    proto->set_sectors_verified(progress.verify->done.value());
    proto->set_sectors_to_verify(progress.verify->total.value());
  }
  if (speed.has_value()) proto->set_sectors_per_second(*speed);
  proto->mutable_service_buffer()->set_size_bytes(burn.buffer.size);
  proto->mutable_service_buffer()->set_filled_bytes(burn.buffer.filled);
  if (burn.drive_buffer.has_value()) {
    proto->mutable_drive_buffer()->set_size_bytes(burn.drive_buffer->length);
    proto->mutable_drive_buffer()->set_filled_bytes(burn.drive_buffer->length -
                                                    burn.drive_buffer->available);
  }
  *proto->mutable_elapsed() = DurationToProto(progress.elapsed);
  if (progress.remaining.has_value())
    *proto->mutable_remaining() = DurationToProto(*progress.remaining);
  proto->set_disc_state(std::string(DiscConditionName(progress.condition)));
}

absl::StatusOr<Acknowledgement> AcknowledgementFromProto(const v1::AcknowledgeDiscRequest& proto) {
  if (proto.who().empty()) return InvalidFieldError("who", "is empty");
  if (proto.who().size() > kMaxWho) return InvalidFieldError("who", "is too long");
  if (proto.note().size() > kMaxNote) return InvalidFieldError("note", "is too long");
  return Acknowledgement{.who = proto.who(), .note = proto.note()};
}

void ReleasedToProto(const std::vector<ActionRecord>& actions, v1::AcknowledgeDiscResponse* proto) {
  for (const ActionRecord& action : actions) {
    v1::AcknowledgeDiscResponse::Action& out = *proto->add_actions();
    out.set_operation(NameFromId("operations", action.intent.operation));
    out.set_kind(std::string(ActionKindName(action.intent.kind)));
    *out.mutable_time() = TimeToProto(action.time);
    out.set_outcome(action.outcome.has_value() ? "failed" : "interrupted");
  }
}

}  // namespace carousel
