// RobotService: drives, slots, discs, and moves between them.
#ifndef SERVER_SERVICE_ROBOT_SERVICE_H_
#define SERVER_SERVICE_ROBOT_SERVICE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "carousel/v1/robot.grpc.pb.h"
#include "server/library/move_jobs.h"
#include "server/library/robot_view.h"
#include "server/operations/operation_store.h"
#include "server/service/call.h"

namespace carousel {

// What GetRobot tells of the program.
struct ServiceInfo {
  std::string version;  // "0.1.0"
  std::string revision;
  std::string compiler;
  std::string compilation_mode;
  std::string config_digest;
  absl::Time start_time;
};

class RobotService final : public v1::RobotService::CallbackService {
 public:
  // All must outlive the service.
  RobotService(Calls* calls, ServiceInfo info, const RobotView* robots, MoveJobs* moves,
               OperationStore* operations);

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;
  Reactor* GetRobot(Context*, const v1::GetRobotRequest*, v1::Robot*) override;
  Reactor* ListDrives(Context*, const v1::ListDrivesRequest*, v1::ListDrivesResponse*) override;
  Reactor* GetDrive(Context*, const v1::GetDriveRequest*, v1::Drive*) override;
  Reactor* ListSlots(Context*, const v1::ListSlotsRequest*, v1::ListSlotsResponse*) override;
  Reactor* ListDiscs(Context*, const v1::ListDiscsRequest*, v1::ListDiscsResponse*) override;
  Reactor* LoadDisc(Context*, const v1::LoadDiscRequest*, google::longrunning::Operation*) override;
  Reactor* UnloadDisc(Context*, const v1::UnloadDiscRequest*,
                      google::longrunning::Operation*) override;

 private:
  absl::Status ToOperation(Call& call, const absl::StatusOr<std::string>& id,
                           google::longrunning::Operation* response);

  Calls* const calls_;
  const ServiceInfo info_;
  const RobotView* const robots_;
  MoveJobs* const moves_;
  OperationStore* const operations_;
  const Method get_robot_, list_drives_, get_drive_, list_slots_, list_discs_, load_, unload_;
};

}  // namespace carousel

#endif  // SERVER_SERVICE_ROBOT_SERVICE_H_
