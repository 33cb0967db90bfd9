// Runs cases of the suite against a service, over a channel, as any client would.
#ifndef TESTS_CONFORMANCE_EVALUATOR_H_
#define TESTS_CONFORMANCE_EVALUATOR_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "carousel/v1/disc_format.grpc.pb.h"
#include "carousel/v1/image.grpc.pb.h"
#include "carousel/v1/robot.grpc.pb.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "grpcpp/channel.h"
#include "tests/conformance/case.pb.h"

namespace carousel::conformance {

// Uses the robot's first drive, which must be out of others' hands. Not thread-safe.
class Evaluator {
 public:
  explicit Evaluator(std::shared_ptr<grpc::Channel> channel);

  // Finds the drives. The call's error, or FAILED_PRECONDITION: the robot has fewer than two.
  absl::Status Connect();

  // Puts the disc into the first drive, or empties it, unless that is so already. The error of a
  // call or of a move.
  absl::Status Insert(const std::string& barcode);

  // Runs a case on the disc that is in the drive. What differed, one line each; empty: nothing.
  std::vector<std::string> Run(const Case& test_case);

 private:
  // One case's images by number, and the operations that it left running.
  struct Images {
    carousel::v1::MultisessionTypes types;
    std::map<int, std::string> names;
    std::vector<std::string> operations;
  };

  absl::StatusOr<std::string> ImageOf(Images& images, int number);
  std::vector<std::string> RunStep(const Step& step, Images& images);
  std::vector<std::string> RunSet(const Step& step, const std::string& image);
  std::vector<std::string> RunImport(const Step& step, const std::string& image, Images& images);
  std::vector<std::string> RunGet(const Step& step, const std::string& image);
  std::vector<std::string> RunIdentify(const Step& step, const std::string& image);
  absl::StatusOr<carousel::v1::MultisessionInterfaceList> ListOf(const Set& set);
  absl::Status Move(absl::StatusOr<google::longrunning::Operation> started);
  void CleanUp(const Images& images);

  std::unique_ptr<carousel::v1::RobotService::Stub> robot_;
  std::unique_ptr<carousel::v1::DiscFormatService::Stub> formats_;
  std::unique_ptr<carousel::v1::FileSystemImageService::Stub> images_;
  std::unique_ptr<google::longrunning::Operations::Stub> operations_;
  std::string drive_;
  std::string other_drive_;
};

}  // namespace carousel::conformance

#endif  // TESTS_CONFORMANCE_EVALUATOR_H_
