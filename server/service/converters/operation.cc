#include "server/service/converters/operation.h"

#include <any>

#include "absl/strings/str_cat.h"
#include "carousel/v1/disc_format.pb.h"
#include "carousel/v1/image.pb.h"
#include "carousel/v1/robot.pb.h"
#include "proto/status/rpc_status.h"
#include "server/burn/write_report.h"
#include "server/errors/errors.h"
#include "server/library/move_jobs.h"
#include "server/maintenance/disc_job_report.h"
#include "server/result/result_jobs.h"
#include "server/service/converters/disc_job.h"
#include "server/service/converters/image.h"
#include "server/service/converters/names.h"
#include "server/service/converters/result.h"
#include "server/service/converters/robot.h"
#include "server/service/converters/time.h"
#include "server/service/converters/tree.h"
#include "server/service/converters/write_image.h"
#include "server/session_import/import_jobs.h"
#include "server/session_import/importer.h"

namespace carousel {
namespace {

using google::longrunning::Operation;

// What the metadata of all kinds begin with.
template <typename Metadata>
void FillCommon(const OperationView& view, const std::string& robot_id, Metadata* metadata) {
  metadata->set_robot_id(robot_id);
  *metadata->mutable_create_time() = TimeToProto(view.create_time);
  if (view.end_time.has_value()) *metadata->mutable_end_time() = TimeToProto(*view.end_time);
  metadata->set_trace_id(view.subject.trace_id);
}

// And those of operations that have a drive.
template <typename Metadata>
void FillDrive(const OperationView& view, Metadata* metadata) {
  metadata->set_drive(NameFromId("drives", view.subject.drive));
  metadata->set_disc(NameFromId("discs", view.subject.disc));
}

void ImportToProto(const OperationView& view, const std::string& robot_id, Operation* proto) {
  v1::ImportFileSystemMetadata metadata;
  FillCommon(view, robot_id, &metadata);
  FillDrive(view, &metadata);
  metadata.set_image(NameFromId("images", view.subject.image));
  if (const auto* progress = std::any_cast<ImportProgress>(&view.progress))
    ImportProgressToProto(*progress, &metadata);
  if (const auto* report = std::any_cast<ImportReport>(&view.response)) {
    metadata.set_files_total(metadata.files_done());
    v1::ImportFileSystemResponse response;
    ImportReportToProto(*report, &response);
    proto->mutable_response()->PackFrom(response);
  }
  proto->mutable_metadata()->PackFrom(metadata);
}

void MoveToProto(const OperationView& view, const std::string& robot_id, const RobotView& robots,
                 Operation* proto) {
  v1::MoveDiscMetadata metadata;
  FillCommon(view, robot_id, &metadata);
  FillDrive(view, &metadata);
  const auto* report = std::any_cast<MoveReport>(&view.progress);
  if (report != nullptr) {
    metadata.set_source(report->source);
    metadata.set_destination(report->destination);
  }
  proto->mutable_metadata()->PackFrom(metadata);
  if (!view.done() || !view.status.ok() || report == nullptr) return;
  if (view.subject.kind == OperationKind::kLoadDisc) {
    v1::LoadDiscResponse response;
    if (const auto drive = robots.Drive(report->drive); drive.ok())
      DriveToProto(*drive, response.mutable_drive());
    proto->mutable_response()->PackFrom(response);
  } else {
    v1::UnloadDiscResponse response;
    if (const auto slot = robots.Slot(report->slot); slot.ok())
      SlotToProto(*slot, response.mutable_slot());
    proto->mutable_response()->PackFrom(response);
  }
}

void ResultToProto(const OperationView& view, const std::string& robot_id, Operation* proto) {
  v1::CreateResultImageMetadata metadata;
  FillCommon(view, robot_id, &metadata);
  metadata.set_image(NameFromId("images", view.subject.image));
  if (const auto* progress = std::any_cast<ResultProgress>(&view.progress))
    metadata.set_step(ResultStepToProto(progress->step));
  proto->mutable_metadata()->PackFrom(metadata);
  if (const auto* report = std::any_cast<ResultReport>(&view.response)) {
    v1::CreateResultImageResponse response;
    ResultReportToProto(*report, &response);
    proto->mutable_response()->PackFrom(response);
  }
}

void DiscJobToProto(const OperationView& view, const std::string& robot_id, Operation* proto) {
  v1::DiscJobMetadata metadata;
  FillCommon(view, robot_id, &metadata);
  FillDrive(view, &metadata);
  if (const auto* progress = std::any_cast<DiscJobProgress>(&view.progress))
    DiscJobProgressToProto(*progress, &metadata);
  proto->mutable_metadata()->PackFrom(metadata);
  if (view.done() && view.status.ok()) DiscJobResponseToProto(view, proto);
}

void WriteImageToProto(const OperationView& view, const std::string& robot_id, Operation* proto) {
  v1::WriteImageMetadata metadata;
  FillCommon(view, robot_id, &metadata);
  FillDrive(view, &metadata);
  metadata.set_image(NameFromId("images", view.subject.image));
  if (const auto* progress = std::any_cast<WriteProgress>(&view.progress))
    WriteProgressToProto(*progress, &metadata);
  else if (auto interrupted = GetReason(view.status); interrupted.has_value())
    metadata.set_disc_state(interrupted->metadata["disc_state"]);
  if (const auto* report = std::any_cast<WriteReport>(&view.response)) {
    v1::WriteImageResponse response;
    response.set_disc(metadata.disc());
    WriteReportToProto(*report, &response);
    proto->mutable_response()->PackFrom(response);
  }
  proto->mutable_metadata()->PackFrom(metadata);
}

}  // namespace

void OperationToProto(const OperationView& view, const std::string& robot_id,
                      const RobotView& robots, Operation* proto) {
  proto->set_name(NameFromId("operations", view.id));
  proto->set_done(view.done());
  switch (view.subject.kind) {
    case OperationKind::kImportFileSystem:
      ImportToProto(view, robot_id, proto);
      break;
    case OperationKind::kLoadDisc:
    case OperationKind::kUnloadDisc:
      MoveToProto(view, robot_id, robots, proto);
      break;
    case OperationKind::kAddTree:
      AddTreeToProto(view, robot_id, proto);
      break;
    case OperationKind::kWriteImage:
      WriteImageToProto(view, robot_id, proto);
      break;
    case OperationKind::kCreateResultImage:
      ResultToProto(view, robot_id, proto);
      break;
    case OperationKind::kEraseMedia:
    case OperationKind::kCloseDisc:
    case OperationKind::kRepairDisc:
    case OperationKind::kVerifySession:
      DiscJobToProto(view, robot_id, proto);
      break;
  }
  if (view.done() && !view.status.ok())
    *proto->mutable_error() = ToRpcStatus(view.status, robot_id);
}

}  // namespace carousel
