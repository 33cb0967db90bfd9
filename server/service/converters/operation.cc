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

// The place `end` as the response of a move shows it.
void EndToProto(const MoveEnd& end, const RobotView& robots, v1::Slot* slot) {
  if (const auto view = robots.Slot(end.id); view.ok()) SlotToProto(*view, slot);
}
void EndToProto(const MoveEnd& end, const RobotView& robots, v1::Drive* drive) {
  if (const auto view = robots.Drive(end.id); view.ok()) DriveToProto(*view, drive);
}
void EndToProto(const MoveEnd& end, const RobotView& robots, v1::ImportExportSlot* slot) {
  if (const auto view = robots.ImportExportSlot(end.id); view.ok())
    ImportExportSlotToProto(*view, slot);
}

// A `Response` with the field slot.
template <typename Response>
void SlotResponse(const MoveReport& report, const RobotView& robots, Operation* proto) {
  Response response;
  EndToProto(report.leg.to, robots, response.mutable_slot());
  proto->mutable_response()->PackFrom(response);
}

void MoveResponseToProto(OperationKind kind, const MoveReport& report, const RobotView& robots,
                         Operation* proto) {
  if (kind == OperationKind::kLoadDisc) {
    v1::LoadDiscResponse response;
    EndToProto(report.leg.to, robots, response.mutable_drive());
    proto->mutable_response()->PackFrom(response);
  } else if (kind == OperationKind::kExchangeDisc) {
    v1::ExchangeDiscResponse response;
    EndToProto(report.leg.to, robots, response.mutable_drive());
    if (report.displaced.has_value())
      EndToProto(report.displaced->to, robots, response.mutable_slot());
    proto->mutable_response()->PackFrom(response);
  } else if (kind == OperationKind::kExportDisc) {
    v1::ExportDiscResponse response;
    EndToProto(report.leg.to, robots, response.mutable_import_export_slot());
    proto->mutable_response()->PackFrom(response);
  } else if (kind == OperationKind::kUnloadDisc) {
    SlotResponse<v1::UnloadDiscResponse>(report, robots, proto);
  } else if (kind == OperationKind::kImportDisc) {
    SlotResponse<v1::ImportDiscResponse>(report, robots, proto);
  } else {
    SlotResponse<v1::MoveDiscResponse>(report, robots, proto);
  }
}

void MoveToProto(const OperationView& view, const std::string& robot_id, const RobotView& robots,
                 Operation* proto) {
  v1::MoveDiscMetadata metadata;
  FillCommon(view, robot_id, &metadata);
  FillDrive(view, &metadata);
  const auto* report = std::any_cast<MoveReport>(&view.progress);
  if (report != nullptr) {
    metadata.set_source(report->leg.from.Name());
    metadata.set_destination(report->leg.to.Name());
    if (report->displaced.has_value()) {
      metadata.set_displaced_disc(NameFromId("discs", report->displaced->disc));
      metadata.set_displaced_destination(report->displaced->to.Name());
    }
  }
  proto->mutable_metadata()->PackFrom(metadata);
  if (view.done() && view.status.ok() && report != nullptr)
    MoveResponseToProto(view.subject.kind, *report, robots, proto);
}

void InventoryToProto(const OperationView& view, const std::string& robot_id, Operation* proto) {
  v1::TakeInventoryMetadata metadata;
  FillCommon(view, robot_id, &metadata);
  if (const auto* progress = std::any_cast<InventoryProgress>(&view.progress))
    metadata.set_rescan(progress->rescan);
  proto->mutable_metadata()->PackFrom(metadata);
  if (const auto* report = std::any_cast<InventoryReport>(&view.response)) {
    v1::TakeInventoryResponse response;
    response.set_disc_count(static_cast<int32_t>(report->discs));
    response.set_unlabelled_count(static_cast<int32_t>(report->unlabelled));
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
    case OperationKind::kMoveDisc:
    case OperationKind::kExchangeDisc:
    case OperationKind::kImportDisc:
    case OperationKind::kExportDisc:
      MoveToProto(view, robot_id, robots, proto);
      break;
    case OperationKind::kTakeInventory:
      InventoryToProto(view, robot_id, proto);
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
