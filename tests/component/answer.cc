#include "tests/component/answer.h"

#include "absl/strings/str_join.h"
#include "google/protobuf/text_format.h"
#include "tests/conformance/case.pb.h"
#include "tests/conformance/comparison.h"

namespace carousel::component {
namespace {

conformance::Expectation ExpectationOf(const Refusal& refusal) {
  conformance::Expectation expectation;
  expectation.set_code(refusal.code);
  expectation.set_reason(refusal.reason);
  expectation.mutable_metadata()->insert(refusal.metadata.begin(), refusal.metadata.end());
  expectation.mutable_metadata()->insert({"robot", kRobotId});
  return expectation;
}

}  // namespace

std::string Difference(const Refusal& refusal, const grpc::Status& status) {
  return absl::StrJoin(conformance::CompareStatus(ExpectationOf(refusal), status), "\n");
}

std::string Difference(const Refusal& refusal, const google::longrunning::Operation& operation) {
  if (!operation.done()) return operation.name() + " has not ended";
  return absl::StrJoin(conformance::CompareStatus(ExpectationOf(refusal), operation.error()), "\n");
}

std::string Failure(const google::longrunning::Operation& operation) {
  if (!operation.done()) return operation.name() + " has not ended";
  if (operation.has_response()) return "";
  return "an error: " + operation.error().ShortDebugString();
}

void ParseText(const std::string& text, google::protobuf::Message* message) {
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, message)) << text;
}

}  // namespace carousel::component
