// The whole service in the benchmark's process, over its embedded robot, with a disc to ask about.
#ifndef TESTS_BENCH_RUNNING_SERVICE_H_
#define TESTS_BENCH_RUNNING_SERVICE_H_

#include <fstream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "carousel/v1/disc_format.grpc.pb.h"
#include "carousel/v1/image.grpc.pb.h"
#include "carousel/v1/robot.grpc.pb.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "grpcpp/channel.h"
#include "server/app/server.h"
#include "server/log/log.h"

namespace carousel::bench {

inline constexpr char kDrive[] = "drives/drive0";

class RunningService {
 public:
  // With state in `folder`, which must not exist; the disc, of one session, lies in a slot. The log
  // is written, to /dev/null. INTERNAL: what failed.
  static absl::StatusOr<std::unique_ptr<RunningService>> Start(const std::string& folder);

  // Moves the disc into kDrive, or back; returns when that is done.
  absl::Status Load();
  absl::Status Unload();

  // A new image's name.
  absl::StatusOr<std::string> CreateImage();
  // The request that binds `image` to the disc in kDrive, its elements as the drive gives them. The
  // drive is asked.
  absl::StatusOr<v1::SetMultisessionInterfacesRequest> BindingRequest(const std::string& image);

  v1::FileSystemImageService::Stub& images() { return *images_; }

 private:
  RunningService();
  absl::Status Await(google::longrunning::Operation operation);

  // To where it is not kept, but written as a service writes it.
  std::ofstream null_{"/dev/null"};
  Log log_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::FileSystemImageService::Stub> images_;
  std::unique_ptr<v1::RobotService::Stub> robots_;
  std::unique_ptr<v1::DiscFormatService::Stub> formats_;
  std::unique_ptr<google::longrunning::Operations::Stub> operations_;
};

}  // namespace carousel::bench

#endif  // TESTS_BENCH_RUNNING_SERVICE_H_
