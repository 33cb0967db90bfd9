#include "server/service/converters/disc_job.h"

#include <algorithm>
#include <any>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "proto/status/text.h"
#include "server/digest/sha256.h"
#include "server/disc_format/drive_media.h"
#include "server/errors/errors.h"
#include "server/service/converters/disc_format.h"

namespace carousel {
namespace {

using Metadata = v1::DiscJobMetadata;

// What fits an answer of 4 MiB with paths of a usual length.
constexpr int kMostFiles = 10'000;
constexpr double kPercent = 100;

google::protobuf::Duration DurationToProto(absl::Duration duration) {
  google::protobuf::Duration proto;
  const int64_t seconds = absl::IDivDuration(duration, absl::Seconds(1), &duration);
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(duration)));
  return proto;
}

Metadata::Action ActionToProto(MaintenanceAction action) {
  switch (action) {
    case MaintenanceAction::kExamining:
      return Metadata::ACTION_EXAMINING;
    case MaintenanceAction::kBlanking:
      return Metadata::ACTION_BLANKING;
    case MaintenanceAction::kFormatting:
      return Metadata::ACTION_FORMATTING;
    case MaintenanceAction::kClearing:
      return Metadata::ACTION_CLEARING;
    case MaintenanceAction::kClosingTrack:
      return Metadata::ACTION_CLOSING_TRACK;
    case MaintenanceAction::kClosingSession:
      return Metadata::ACTION_CLOSING_SESSION;
    case MaintenanceAction::kWritingSuperblock:
      return Metadata::ACTION_WRITING_SUPERBLOCK;
    case MaintenanceAction::kReadingBack:
      return Metadata::ACTION_READING_BACK;
    case MaintenanceAction::kCompleted:
      return Metadata::ACTION_COMPLETED;
  }
  return Metadata::ACTION_UNSPECIFIED;
}

Metadata::Action ActionToProto(VerifyAction action) {
  switch (action) {
    case VerifyAction::kReloading:
      return Metadata::ACTION_RELOADING;
    case VerifyAction::kExamining:
      return Metadata::ACTION_EXAMINING;
    case VerifyAction::kReading:
      return Metadata::ACTION_READING;
    case VerifyAction::kCompleted:
      return Metadata::ACTION_COMPLETED;
  }
  return Metadata::ACTION_UNSPECIFIED;
}

void VerifyProgressToProto(const VerifyProgress& progress, Metadata* metadata) {
  metadata->set_action(ActionToProto(progress.action));
  metadata->set_sectors_done(progress.done.value());
  metadata->set_sectors_total(progress.total.value());
  metadata->set_next_sector(progress.next.value());
  if (progress.total > Sectors(0)) {
    metadata->set_percent(kPercent * static_cast<double>(progress.done.value()) /
                          static_cast<double>(progress.total.value()));
  }
  if (!progress.speed.has_value() || *progress.speed <= 0) return;
  metadata->set_sectors_per_second(*progress.speed);
  const Sectors left = std::max(Sectors(0), progress.total - progress.done);
  *metadata->mutable_remaining() =
      DurationToProto(absl::Seconds(static_cast<double>(left.value()) / *progress.speed));
}

void FormatToProto(const OperationView& view, std::shared_ptr<const MediaFacts> facts,
                   v1::DiscFormat* proto) {
  DiscFormatToProto(
      {.drive = view.subject.drive, .disc = view.subject.disc, .facts = std::move(facts)}, proto);
}

void SessionToProto(const DiscSession& session, v1::DiscSession* proto) {
  proto->set_number(session.number);
  proto->set_start(session.start.value());
  proto->set_sectors((session.end - session.start).value());
  if (session.volume_end.has_value())
    proto->set_volume_sectors((*session.volume_end - session.start).value());
  proto->set_volume_name(ToUtf8(session.volume_name));
  proto->set_data(session.data);
}

void WarningsToProto(const std::vector<std::string>& warnings,
                     google::protobuf::RepeatedPtrField<v1::Warning>* proto) {
  for (const std::string& text : warnings) {
    v1::Warning* warning = proto->Add();
    warning->set_reason("MANIFEST");
    warning->set_message(ToUtf8(text));
  }
}

void VerificationToProto(const OperationView& view, const SessionVerificationReport& report,
                         v1::VerifySessionResponse* response) {
  if (report.session.number > 0) SessionToProto(report.session, response->mutable_session());
  response->set_basis(static_cast<v1::VerifySessionResponse::Basis>(report.basis));
  if (report.sha256.has_value()) response->set_sha256(ToHex(*report.sha256));
  response->set_sectors(report.compared.value());
  response->set_repeated_reads(report.repeats);
  if (report.basis == VerifyBasis::kManifest) {
    v1::SessionManifest* manifest = response->mutable_manifest();
    manifest->set_session_id(ToUtf8(report.session_id));
    manifest->set_job(ToUtf8(report.job));
    manifest->set_program(ToUtf8(report.program));
    manifest->set_file_count(report.files);
  }
  WarningsToProto(report.warnings, response->mutable_warnings());
  response->set_settled_actions(report.settled);
  response->set_held_actions(report.held);
  if (report.facts.has_value()) {
    FormatToProto(view, std::make_shared<const MediaFacts>(*report.facts),
                  response->mutable_disc_format());
  }
}

template <typename Response>
void PackFormat(const OperationView& view, const MaintenanceResponse& result, Response response,
                google::longrunning::Operation* proto) {
  if (result.facts != nullptr) FormatToProto(view, result.facts, response.mutable_disc_format());
  proto->mutable_response()->PackFrom(response);
}

}  // namespace

absl::StatusOr<VerifyLevel> VerifyLevelFromProto(v1::VerifySessionRequest::Level level) {
  switch (level) {
    case v1::VerifySessionRequest::LEVEL_QUICK:
      return VerifyLevel::kQuick;
    case v1::VerifySessionRequest::LEVEL_FULL:
      return VerifyLevel::kFull;
    default:
      return InvalidFieldError("level", "is no level of verification");
  }
}

absl::StatusOr<EraseMode> EraseModeFromProto(v1::EraseMediaRequest::Mode mode) {
  switch (mode) {
    case v1::EraseMediaRequest::MODE_MINIMAL:
      return EraseMode::kMinimal;
    case v1::EraseMediaRequest::MODE_FULL:
      return EraseMode::kWhole;
    case v1::EraseMediaRequest::MODE_FORMAT:
      return EraseMode::kFormat;
    default:
      return InvalidFieldError("mode", "is no way to erase a medium");
  }
}

absl::StatusOr<CloseMode> CloseModeFromProto(v1::CloseDiscRequest::Mode mode) {
  switch (mode) {
    case v1::CloseDiscRequest::MODE_SESSION:
      return CloseMode::kSession;
    case v1::CloseDiscRequest::MODE_DISC:
      return CloseMode::kDisc;
    default:
      return InvalidFieldError("mode", "does not say what is to be closed");
  }
}

void DiscJobProgressToProto(const DiscJobProgress& progress, v1::DiscJobMetadata* metadata) {
  if (progress.maintenance.has_value()) {
    metadata->set_action(ActionToProto(progress.maintenance->action));
    if (progress.maintenance->part.has_value())
      metadata->set_percent(kPercent * *progress.maintenance->part);
  }
  if (progress.verify.has_value()) VerifyProgressToProto(*progress.verify, metadata);
  *metadata->mutable_elapsed() = DurationToProto(progress.elapsed);
  metadata->set_disc_state(std::string(DiscConditionName(progress.condition)));
  for (const FileFault& fault : progress.faults) {
    v1::DiscJobMetadata::FileFault* proto = metadata->add_faults();
    proto->set_path(ToUtf8(fault.path));
    proto->set_cause(std::string(FileFaultCauseName(fault.cause)));
    if (fault.block.has_value()) proto->set_block(fault.block->value());
  }
}

void DiscJobResponseToProto(const OperationView& view, google::longrunning::Operation* proto) {
  if (const auto* done = std::any_cast<VerificationResponse>(&view.response)) {
    v1::VerifySessionResponse response;
    VerificationToProto(view, done->report, &response);
    proto->mutable_response()->PackFrom(response);
    return;
  }
  const auto* done = std::any_cast<MaintenanceResponse>(&view.response);
  if (done == nullptr) return;
  switch (view.subject.kind) {
    case OperationKind::kEraseMedia:
      return PackFormat(view, *done, v1::EraseMediaResponse(), proto);
    case OperationKind::kCloseDisc:
      return PackFormat(view, *done, v1::CloseDiscResponse(), proto);
    default: {
      v1::RepairDiscResponse response;
      response.set_changed(done->changed);
      return PackFormat(view, *done, response, proto);
    }
  }
}

void DiscDescriptionToProto(const DiscDescription& description, bool with_files,
                            v1::DescribeDiscResponse* response) {
  DiscFormatToProto(description.medium, response->mutable_disc_format());
  for (const DiscSession& session : description.sessions)
    SessionToProto(session, response->add_sessions());
  response->set_open_session(description.open_session);
  WarningsToProto(description.warnings, response->mutable_warnings());
  if (!description.manifest.has_value()) return;
  v1::SessionManifest* manifest = response->mutable_manifest();
  manifest->set_session_id(ToUtf8(description.manifest->session));
  manifest->set_job(ToUtf8(description.manifest->job));
  manifest->set_program(ToUtf8(description.manifest->program));
  manifest->set_file_count(static_cast<int64_t>(description.manifest->files.size()));
  if (!with_files) return;
  for (const mastering::Manifest::File& file : description.manifest->files) {
    if (manifest->files_size() >= kMostFiles) break;
    v1::SessionManifest::File* proto = manifest->add_files();
    proto->set_path(ToUtf8(file.path));
    proto->set_sha256(ToHex(file.sha256));
  }
}

}  // namespace carousel
