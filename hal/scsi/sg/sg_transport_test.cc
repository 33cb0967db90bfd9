#include "hal/scsi/sg/sg_transport.h"

#include <unistd.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/opcode.h"

namespace carousel::scsi {
namespace {

// A kernel that completes each header as it is told, and GOOD when it is told nothing.
class FakeSgNode : public SgNode {
 public:
  struct State {
    std::function<int(sg_io_hdr*)> next;
    int submitted = 0;
  };
  explicit FakeSgNode(State* state) : state_(*state) {}
  int Submit(sg_io_hdr* header) override {
    ++state_.submitted;
    return state_.next ? state_.next(header) : 0;
  }
  size_t max_transfer() const override { return 65'536; }

 private:
  State& state_;
};

class SgTransportTest : public testing::Test {
 protected:
  absl::Status Send() {
    return transport_.Execute({.cdb = {opcode::kTestUnitReady}, .cdb_size = 6}).status();
  }

  FakeSgNode::State kernel_;
  SgTransport transport_{std::make_unique<FakeSgNode>(&kernel_), "/dev/sg7"};
};

TEST_F(SgTransportTest, ACommandIsSentOnceAndItsAnswerJudged) {
  EXPECT_OK(Send());
  EXPECT_EQ(kernel_.submitted, 1);
  kernel_.next = [](sg_io_hdr* header) { return header->host_status = 0x07, 0; };
  EXPECT_THAT(Send(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(kernel_.submitted, 2);
}

TEST_F(SgTransportTest, ASignalLeavesTheOutcomeUnknownAndNothingIsRepeated) {
  kernel_.next = [](sg_io_hdr*) { return EINTR; };
  EXPECT_THAT(Send(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(kernel_.submitted, 1);
  kernel_.next = nullptr;
  EXPECT_OK(Send());
}

TEST_F(SgTransportTest, ADeviceThatIsGoneStaysGone) {
  for (const int error : {ENODEV, ENXIO}) {
    SgTransport transport(std::make_unique<FakeSgNode>(&kernel_), "/dev/sg8");
    kernel_.next = [error](sg_io_hdr*) { return error; };
    const Command command{.cdb = {opcode::kTestUnitReady}, .cdb_size = 6};
    EXPECT_THAT(transport.Execute(command), StatusIs(absl::StatusCode::kUnavailable));
    kernel_.next = nullptr;
    const int submitted = kernel_.submitted;
    EXPECT_THAT(transport.Execute(command), StatusIs(absl::StatusCode::kUnavailable));
    EXPECT_EQ(kernel_.submitted, submitted) << "another device may be there by now";
  }
}

TEST_F(SgTransportTest, ATargetThatDoesNotAnswerSelectionIsGone) {
  kernel_.next = [](sg_io_hdr* header) { return header->host_status = 0x01, 0; };
  EXPECT_THAT(Send(), StatusIs(absl::StatusCode::kUnavailable));
  kernel_.next = nullptr;
  EXPECT_THAT(Send(), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(SgTransportTest, ACommandThatTheSystemForbidsWasNotSent) {
  kernel_.next = [](sg_io_hdr*) { return EPERM; };
  EXPECT_THAT(Send(), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST(OpenSgNodeTest, WhatIsNoScsiDeviceIsRefused) {
  const std::string file = testing::TempDir() + "/file";
  EXPECT_THAT(OpenSgNode(file), StatusIs(absl::StatusCode::kNotFound));
  FILE* made = fopen(file.c_str(), "w");
  ASSERT_NE(made, nullptr);
  fclose(made);
  EXPECT_THAT(OpenSgNode(file), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(OpenSgNode("/dev/null"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(unlink(file.c_str()), 0);
}

}  // namespace
}  // namespace carousel::scsi
