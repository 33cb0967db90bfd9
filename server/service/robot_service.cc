#include "server/service/robot_service.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/service/converters/names.h"
#include "server/service/converters/operation.h"
#include "server/service/converters/paging.h"
#include "server/service/converters/robot.h"
#include "server/service/converters/time.h"

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

RobotService::RobotService(Calls* calls, ServiceInfo info, const RobotView* robots, MoveJobs* moves,
                           OperationStore* operations)
    : calls_(calls),
      info_(std::move(info)),
      robots_(robots),
      moves_(moves),
      operations_(operations),
      get_robot_(calls->NewMethod(kService, "GetRobot")),
      list_drives_(calls->NewMethod(kService, "ListDrives")),
      get_drive_(calls->NewMethod(kService, "GetDrive")),
      list_slots_(calls->NewMethod(kService, "ListSlots")),
      list_discs_(calls->NewMethod(kService, "ListDiscs")),
      load_(calls->NewMethod(kService, "LoadDisc", Method::Kind::kStarts)),
      unload_(calls->NewMethod(kService, "UnloadDisc", Method::Kind::kStarts)) {}

grpc::ServerUnaryReactor* RobotService::GetRobot(Context* context,
                                                 const v1::GetRobotRequest* request,
                                                 v1::Robot* response) {
  return calls_->Serve(context, get_robot_, [&](Call&) -> absl::Status {
    if (request->name() != "robot") return InvalidNameError("name", request->name(), "robot");
    response->set_name("robot");
    response->set_robot_id(calls_->robot_id());
    response->set_version(absl::StrCat(info_.version, "+", info_.revision));
    response->set_config_digest(info_.config_digest);
    *response->mutable_start_time() = TimeToProto(info_.start_time);
    response->set_drive_count(static_cast<int32_t>(robots_->drive_count()));
    response->set_slot_count(static_cast<int32_t>(robots_->slot_count()));
    response->set_draining(calls_->draining());
    v1::BuildInfo* build = response->mutable_build();
    build->set_version(info_.version);
    build->set_revision(info_.revision);
    build->set_compiler(info_.compiler);
    build->set_compilation_mode(info_.compilation_mode);
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
    ASSIGN_OR_RETURN(const RequestId id, RequestIdOf(*request));
    call.set_drive(drive);
    return ToOperation(call, moves_->StartLoad(disc, drive, call.trace_id(), id), response);
  });
}

grpc::ServerUnaryReactor* RobotService::UnloadDisc(Context* context,
                                                   const v1::UnloadDiscRequest* request,
                                                   google::longrunning::Operation* response) {
  return calls_->Serve(context, unload_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string drive, IdFromName("drive", request->drive(), "drives"));
    ASSIGN_OR_RETURN(const RequestId id, RequestIdOf(*request));
    call.set_drive(drive);
    return ToOperation(call, moves_->StartUnload(drive, call.trace_id(), id), response);
  });
}

}  // namespace carousel
