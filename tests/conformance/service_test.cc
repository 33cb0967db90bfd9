// Every case of the table through a channel to a running service, as a client sees it: code,
// reason, hresult, metadata (rule, element ...), what was chosen, its values, the warnings. Cases
// about the request and the disc share one robot; a case about a drive that is not sound has its
// own.
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "tests/conformance/evaluator.h"
#include "tests/conformance/robot_on_discs.h"
#include "tests/conformance/suite.h"

namespace carousel::conformance {
namespace {

using testing::IsEmpty;

// Aborts where there is no table: no test could be named.
const Suite& Table() {
  static const Suite* const kTable =
      new Suite(ReadSuite("tests/conformance/cases.textproto").value());
  return *kTable;
}

std::vector<Case> Cases(bool with_faults) {
  std::vector<Case> cases;
  for (const Case& test_case : Table().cases()) {
    if (test_case.has_faults() == with_faults) cases.push_back(test_case);
  }
  return cases;
}

std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name(); }

std::string FolderOf(const std::string& name) {
  return absl::StrCat(testing::TempDir(), "/service_test.", name);
}

Evaluator EvaluatorAt(const RobotOnDiscs& robot) {
  return Evaluator(grpc::CreateChannel(robot.address(), grpc::InsecureChannelCredentials()));
}

class SoundDrive : public testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() {
    robot_ = new absl::StatusOr<RobotOnDiscs>(RobotOnDiscs::Start(Table(), FolderOf("all")));
  }
  static void TearDownTestSuite() {
    delete robot_;
    robot_ = nullptr;
  }

  static absl::StatusOr<RobotOnDiscs>* robot_;
};

absl::StatusOr<RobotOnDiscs>* SoundDrive::robot_ = nullptr;

TEST_P(SoundDrive, AnswersAsTheTableSays) {
  ASSERT_OK(robot_->status());
  Evaluator evaluator = EvaluatorAt(**robot_);
  ASSERT_OK(evaluator.Connect());
  ASSERT_OK(evaluator.Insert(GetParam().disc()));
  EXPECT_THAT(evaluator.Run(GetParam()), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Service, SoundDrive, testing::ValuesIn(Cases(/*with_faults=*/false)),
                         NameOf);

class DriveWithFaults : public testing::TestWithParam<Case> {};

TEST_P(DriveWithFaults, AnswersAsTheTableSays) {
  const absl::StatusOr<RobotOnDiscs> robot =
      RobotOnDiscs::StartFor(GetParam(), Table(), FolderOf(GetParam().name()));
  ASSERT_OK(robot.status());
  Evaluator evaluator = EvaluatorAt(*robot);
  ASSERT_OK(evaluator.Connect());
  EXPECT_THAT(evaluator.Run(GetParam()), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Service, DriveWithFaults, testing::ValuesIn(Cases(/*with_faults=*/true)),
                         NameOf);

}  // namespace
}  // namespace carousel::conformance
