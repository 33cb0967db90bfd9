// RobotService: drives, slots, discs, moves between them, and whoever watches.
#ifndef SERVER_SERVICE_ROBOT_SERVICE_H_
#define SERVER_SERVICE_ROBOT_SERVICE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "carousel/v1/robot.grpc.pb.h"
#include "server/library/move_jobs.h"
#include "server/library/robot_feed.h"
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
  RobotService(Calls* calls, ServiceInfo info, const RobotView* robots, RobotFeed* feed,
               MoveJobs* moves, OperationStore* operations);

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
  Reactor* ListImportExportSlots(Context*, const v1::ListImportExportSlotsRequest*,
                                 v1::ListImportExportSlotsResponse*) override;
  Reactor* TakeInventory(Context*, const v1::TakeInventoryRequest*,
                         google::longrunning::Operation*) override;
  Reactor* MoveDisc(Context*, const v1::MoveDiscRequest*, google::longrunning::Operation*) override;
  Reactor* ExchangeDisc(Context*, const v1::ExchangeDiscRequest*,
                        google::longrunning::Operation*) override;
  Reactor* ImportDisc(Context*, const v1::ImportDiscRequest*,
                      google::longrunning::Operation*) override;
  Reactor* ExportDisc(Context*, const v1::ExportDiscRequest*,
                      google::longrunning::Operation*) override;
  grpc::ServerWriteReactor<v1::WatchRobotResponse>* WatchRobot(
      Context*, const v1::WatchRobotRequest*) override;

 private:
  void FillRobot(const std::string& arm_disc, const std::string& changer_reason,
                 v1::Robot* robot) const;
  absl::Status ToOperation(Call& call, const absl::StatusOr<std::string>& id,
                           google::longrunning::Operation* response);

  Calls* const calls_;
  const ServiceInfo info_;
  const RobotView* const robots_;
  RobotFeed* const feed_;
  MoveJobs* const moves_;
  OperationStore* const operations_;
  const Method get_robot_, list_drives_, get_drive_, list_slots_, list_discs_, load_, unload_,
      list_import_export_slots_, take_inventory_, move_, exchange_, import_, export_, watch_;
};

}  // namespace carousel

#endif  // SERVER_SERVICE_ROBOT_SERVICE_H_
