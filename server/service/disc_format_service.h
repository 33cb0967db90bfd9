// DiscFormatService: the medium in a drive. What writes it is in disc_burning.cc, what else changes
// or verifies it in disc_maintenance.cc.
#ifndef SERVER_SERVICE_DISC_FORMAT_SERVICE_H_
#define SERVER_SERVICE_DISC_FORMAT_SERVICE_H_

#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "carousel/v1/disc_format.grpc.pb.h"
#include "google/longrunning/operations.pb.h"
#include "server/burn/burn_jobs.h"
#include "server/burn/held_discs.h"
#include "server/disc_format/drive_media.h"
#include "server/library/robot_view.h"
#include "server/maintenance/disc_describer.h"
#include "server/maintenance/disc_jobs.h"
#include "server/operations/operation_store.h"
#include "server/operations/worker_pool.h"
#include "server/service/call.h"

namespace carousel {

class DiscFormatService final : public v1::DiscFormatService::CallbackService {
 public:
  using Context = grpc::CallbackServerContext;

  // All must outlive the service.
  struct Parts {
    const DriveMedia* media;
    DiscDescriber* describer;
    DiscJobs* jobs;
    BurnJobs* burns;
    HeldDiscs* held;
    WorkerPool* disk_work;
    OperationStore* operations;
    const RobotView* robots;
  };
  DiscFormatService(Calls* calls, const Parts& parts);

  grpc::ServerUnaryReactor* GetDiscFormat(grpc::CallbackServerContext*,
                                          const v1::GetDiscFormatRequest*,
                                          v1::DiscFormat*) override;
  grpc::ServerUnaryReactor* GetMultisessionInterfaces(
      grpc::CallbackServerContext*, const v1::DiscFormatServiceGetMultisessionInterfacesRequest*,
      v1::DiscFormatServiceGetMultisessionInterfacesResponse*) override;
  grpc::ServerUnaryReactor* DescribeDisc(Context*, const v1::DescribeDiscRequest*,
                                         v1::DescribeDiscResponse*) override;
  grpc::ServerUnaryReactor* VerifySession(Context*, const v1::VerifySessionRequest*,
                                          google::longrunning::Operation*) override;
  grpc::ServerUnaryReactor* EraseMedia(Context*, const v1::EraseMediaRequest*,
                                       google::longrunning::Operation*) override;
  grpc::ServerUnaryReactor* CloseDisc(Context*, const v1::CloseDiscRequest*,
                                      google::longrunning::Operation*) override;
  grpc::ServerUnaryReactor* RepairDisc(Context*, const v1::RepairDiscRequest*,
                                       google::longrunning::Operation*) override;
  grpc::ServerUnaryReactor* WriteImage(Context*, const v1::WriteImageRequest*,
                                       google::longrunning::Operation*) override;
  grpc::ServerUnaryReactor* AcknowledgeDisc(Context*, const v1::AcknowledgeDiscRequest*,
                                            v1::AcknowledgeDiscResponse*) override;

 private:
  // Gets the medium in the drive of the id, if there is one, and answers.
  void GetMedium(std::unique_ptr<Call> call, const absl::StatusOr<std::string>& drive,
                 absl::AnyInvocable<void(const DriveMedium&)> convert);

  // Answers with the operation of the id.
  absl::Status ToOperation(Call& call, const absl::StatusOr<std::string>& id,
                           google::longrunning::Operation* response);

  Calls* const calls_;
  const Parts parts_;
  const Method get_, get_interfaces_, describe_, verify_, erase_, close_, repair_, write_,
      acknowledge_;
};

}  // namespace carousel

#endif  // SERVER_SERVICE_DISC_FORMAT_SERVICE_H_
