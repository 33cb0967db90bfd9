#include "server/service/robot_service.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "proto/status/text.h"
#include "server/errors/errors.h"
#include "server/service/converters/names.h"
#include "server/service/converters/operation.h"
#include "server/service/converters/paging.h"
#include "server/service/converters/robot.h"
#include "server/service/converters/time.h"
#include "server/service/robot_watch.h"

namespace carousel {
namespace {

constexpr char kService[] = "carousel.v1.RobotService";

// One page of a list by index. `views`: the items from (index, limit); `count`: of them all.
template <typename Views, typename Request, typename Response, typename Convert>
absl::Status FillPage(const char* list, size_t count, const Request& request, Views views,
                      Convert convert, Response* response) {
  ASSIGN_OR_RETURN(const Page page, ParsePage(request.page_size(), request.page_token(), list, 0));
  const auto items = views(static_cast<size_t>(page.position), page.size);
  for (const auto& item : items) convert(item);
  const size_t end = static_cast<size_t>(page.position) + items.size();
  if (end < count && !items.empty())
    response->set_next_page_token(MakePageToken(list, static_cast<int64_t>(end)));
  return absl::OkStatus();
}

}  // namespace

RobotService::RobotService(Calls* calls, ServiceInfo info, const RobotView* robots, RobotFeed* feed,
                           MoveJobs* moves, OperationStore* operations)
    : calls_(calls),
      info_(std::move(info)),
      robots_(robots),
      feed_(feed),
      moves_(moves),
      operations_(operations),
      get_robot_(calls->NewMethod(kService, "GetRobot")),
      list_drives_(calls->NewMethod(kService, "ListDrives")),
      get_drive_(calls->NewMethod(kService, "GetDrive")),
      list_slots_(calls->NewMethod(kService, "ListSlots")),
      list_discs_(calls->NewMethod(kService, "ListDiscs")),
      load_(calls->NewMethod(kService, "LoadDisc", Method::Kind::kStarts)),
      unload_(calls->NewMethod(kService, "UnloadDisc", Method::Kind::kStarts)),
      list_import_export_slots_(calls->NewMethod(kService, "ListImportExportSlots")),
      take_inventory_(calls->NewMethod(kService, "TakeInventory", Method::Kind::kStarts)),
      move_(calls->NewMethod(kService, "MoveDisc", Method::Kind::kStarts)),
      exchange_(calls->NewMethod(kService, "ExchangeDisc", Method::Kind::kStarts)),
      import_(calls->NewMethod(kService, "ImportDisc", Method::Kind::kStarts)),
      export_(calls->NewMethod(kService, "ExportDisc", Method::Kind::kStarts)),
      watch_(calls->NewMethod(kService, "WatchRobot")) {}

void RobotService::FillRobot(const std::string& arm_disc, const std::string& changer_reason,
                             v1::Robot* robot) const {
  robot->set_name("robot");
  robot->set_robot_id(calls_->robot_id());
  robot->set_version(absl::StrCat(info_.version, "+", info_.revision));
  robot->set_config_digest(info_.config_digest);
  *robot->mutable_start_time() = TimeToProto(info_.start_time);
  robot->set_drive_count(static_cast<int32_t>(robots_->drive_count()));
  robot->set_slot_count(static_cast<int32_t>(robots_->slot_count()));
  robot->set_import_export_slot_count(static_cast<int32_t>(robots_->import_export_slot_count()));
  robot->set_draining(calls_->draining());
  robot->set_arm_disc(NameFromId("discs", arm_disc));
  robot->set_changer_reason(ToUtf8(changer_reason));
  v1::BuildInfo* build = robot->mutable_build();
  build->set_version(info_.version);
  build->set_revision(info_.revision);
  build->set_compiler(info_.compiler);
  build->set_compilation_mode(info_.compilation_mode);
}

grpc::ServerUnaryReactor* RobotService::GetRobot(Context* context,
                                                 const v1::GetRobotRequest* request,
                                                 v1::Robot* response) {
  return calls_->Serve(context, get_robot_, [&](Call&) -> absl::Status {
    if (request->name() != "robot") return InvalidNameError("name", request->name(), "robot");
    FillRobot(robots_->ArmDisc(), robots_->ChangerReason(), response);
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* RobotService::ListDrives(Context* context,
                                                   const v1::ListDrivesRequest* request,
                                                   v1::ListDrivesResponse* response) {
  return calls_->Serve(context, list_drives_, [&](Call&) {
    return FillPage(
        "drives", robots_->drive_count(), *request,
        [&](size_t first, size_t limit) { return robots_->Drives(first, limit); },
        [&](const DriveView& view) { DriveToProto(view, response->add_drives()); }, response);
  });
}

grpc::ServerUnaryReactor* RobotService::GetDrive(Context* context,
                                                 const v1::GetDriveRequest* request,
                                                 v1::Drive* response) {
  return calls_->Serve(context, get_drive_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, IdFromName("name", request->name(), "drives"));
    call.set_drive(id);
    ASSIGN_OR_RETURN(const DriveView view, robots_->Drive(id));
    DriveToProto(view, response);
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* RobotService::ListSlots(Context* context,
                                                  const v1::ListSlotsRequest* request,
                                                  v1::ListSlotsResponse* response) {
  return calls_->Serve(context, list_slots_, [&](Call&) {
    return FillPage(
        "slots", robots_->slot_count(), *request,
        [&](size_t first, size_t limit) { return robots_->Slots(first, limit); },
        [&](const SlotView& view) { SlotToProto(view, response->add_slots()); }, response);
  });
}

grpc::ServerUnaryReactor* RobotService::ListDiscs(Context* context,
                                                  const v1::ListDiscsRequest* request,
                                                  v1::ListDiscsResponse* response) {
  return calls_->Serve(context, list_discs_, [&](Call&) {
    return FillPage(
        "discs", robots_->disc_count(), *request,
        [&](size_t first, size_t limit) { return robots_->Discs(first, limit); },
        [&](const DiscPlace& disc) { DiscToProto(disc, response->add_discs()); }, response);
  });
}

absl::Status RobotService::ToOperation(Call& call, const absl::StatusOr<std::string>& id,
                                       google::longrunning::Operation* response) {
  RETURN_IF_ERROR(id.status());
  call.set_operation(*id);
  ASSIGN_OR_RETURN(const OperationView view, operations_->Get(*id));
  OperationToProto(view, calls_->robot_id(), *robots_, response);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* RobotService::LoadDisc(Context* context,
                                                 const v1::LoadDiscRequest* request,
                                                 google::longrunning::Operation* response) {
  return calls_->Serve(context, load_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string disc, IdFromName("disc", request->disc(), "discs"));
    ASSIGN_OR_RETURN(const std::string drive, IdFromName("drive", request->drive(), "drives"));
    ASSIGN_OR_RETURN(const RequestId id, RequestIdOf(call, *request));
    call.set_drive(drive);
    return ToOperation(call, moves_->Start(LoadRequest{disc, drive}, call.trace_id(), id),
                       response);
  });
}

grpc::ServerUnaryReactor* RobotService::UnloadDisc(Context* context,
                                                   const v1::UnloadDiscRequest* request,
                                                   google::longrunning::Operation* response) {
  return calls_->Serve(context, unload_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string drive, IdFromName("drive", request->drive(), "drives"));
    ASSIGN_OR_RETURN(const RequestId id, RequestIdOf(call, *request));
    call.set_drive(drive);
    return ToOperation(call, moves_->Start(UnloadRequest{drive}, call.trace_id(), id), response);
  });
}

grpc::ServerUnaryReactor* RobotService::ExchangeDisc(Context* context,
                                                     const v1::ExchangeDiscRequest* request,
                                                     google::longrunning::Operation* response) {
  return calls_->Serve(context, exchange_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string disc, IdFromName("disc", request->disc(), "discs"));
    ASSIGN_OR_RETURN(const std::string drive, IdFromName("drive", request->drive(), "drives"));
    ASSIGN_OR_RETURN(const RequestId id, RequestIdOf(call, *request));
    call.set_drive(drive);
    return ToOperation(call, moves_->Start(ExchangeRequest{disc, drive}, call.trace_id(), id),
                       response);
  });
}

grpc::ServerUnaryReactor* RobotService::MoveDisc(Context* context,
                                                 const v1::MoveDiscRequest* request,
                                                 google::longrunning::Operation* response) {
  return calls_->Serve(context, move_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string disc, IdFromName("disc", request->disc(), "discs"));
    ASSIGN_OR_RETURN(const std::string slot, IdFromName("slot", request->slot(), "slots"));
    ASSIGN_OR_RETURN(const RequestId id, RequestIdOf(call, *request));
    return ToOperation(call, moves_->Start(MoveRequest{disc, slot}, call.trace_id(), id), response);
  });
}

grpc::ServerUnaryReactor* RobotService::ImportDisc(Context* context,
                                                   const v1::ImportDiscRequest* request,
                                                   google::longrunning::Operation* response) {
  return calls_->Serve(context, import_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(
        const std::string port,
        IdFromName("import_export_slot", request->import_export_slot(), "importExportSlots"));
    ASSIGN_OR_RETURN(const std::string slot, OptionalIdFromName("slot", request->slot(), "slots"));
    ASSIGN_OR_RETURN(const RequestId id, RequestIdOf(call, *request));
    return ToOperation(call, moves_->Start(ImportRequest{port, slot}, call.trace_id(), id),
                       response);
  });
}

grpc::ServerUnaryReactor* RobotService::ExportDisc(Context* context,
                                                   const v1::ExportDiscRequest* request,
                                                   google::longrunning::Operation* response) {
  return calls_->Serve(context, export_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string disc, IdFromName("disc", request->disc(), "discs"));
    ASSIGN_OR_RETURN(const std::string port,
                     OptionalIdFromName("import_export_slot", request->import_export_slot(),
                                        "importExportSlots"));
    ASSIGN_OR_RETURN(const RequestId id, RequestIdOf(call, *request));
    return ToOperation(call, moves_->Start(ExportRequest{disc, port}, call.trace_id(), id),
                       response);
  });
}

grpc::ServerUnaryReactor* RobotService::TakeInventory(Context* context,
                                                      const v1::TakeInventoryRequest* request,
                                                      google::longrunning::Operation* response) {
  return calls_->Serve(context, take_inventory_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const RequestId id, RequestIdOf(call, *request));
    return ToOperation(call, moves_->StartInventory(request->rescan(), call.trace_id(), id),
                       response);
  });
}

grpc::ServerUnaryReactor* RobotService::ListImportExportSlots(
    Context* context, const v1::ListImportExportSlotsRequest* request,
    v1::ListImportExportSlotsResponse* response) {
  return calls_->Serve(context, list_import_export_slots_, [&](Call&) {
    return FillPage(
        "importExportSlots", robots_->import_export_slot_count(), *request,
        [&](size_t first, size_t limit) { return robots_->ImportExportSlots(first, limit); },
        [&](const ImportExportSlotView& view) {
          ImportExportSlotToProto(view, response->add_import_export_slots());
        },
        response);
  });
}

grpc::ServerWriteReactor<v1::WatchRobotResponse>* RobotService::WatchRobot(
    Context* context, const v1::WatchRobotRequest* request) {
  return RobotWatch::Start(
      calls_, &watch_, context, feed_,
      [this](const RobotState& state, v1::Robot* robot) {
        FillRobot(state.arm_disc, state.changer_reason, robot);
      },
      request->name() == "robot" ? absl::OkStatus()
                                 : InvalidNameError("name", request->name(), "robot"));
}

}  // namespace carousel
