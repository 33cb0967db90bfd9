#include "hal/scsi/transport_contract.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/opcode.h"

namespace carousel::scsi {

std::vector<uint8_t> ContractInquiryData() {
  std::vector<uint8_t> data = {0x05, 0x80, 0x05, 0x02, 31, 0, 0, 0};
  const std::string text = "CAROUSELA DRIVE         1   ";
  data.insert(data.end(), text.begin(), text.end());
  return data;
}

namespace {

// SPC-4 6.4.2: the standard INQUIRY data has at least 36 bytes; byte 4 counts those behind it.
constexpr size_t kStandardInquiry = 36;
constexpr size_t kBehindLengthByte = 5;
constexpr uint8_t kUntouched = 0xA5;

Command Inquiry(absl::Span<uint8_t> data_in) {
  Command command{.cdb_size = 6, .data_in = data_in, .timeout = absl::Seconds(5)};
  command.cdb = {opcode::kInquiry, 0, 0, 0, static_cast<uint8_t>(data_in.size()), 0};
  return command;
}

Command TestUnitReady() {
  return Command{.cdb = {opcode::kTestUnitReady}, .cdb_size = 6, .timeout = absl::Seconds(5)};
}

class Counter : public TransportObserver {
 public:
  void OnCommand(const Command& command, const absl::StatusOr<Result>& result,
                 absl::Duration took) override {
    opcodes.push_back(command.opcode());
    failed += !result.ok();
    negative = negative || took < absl::ZeroDuration();
  }
  std::vector<uint8_t> opcodes;
  int failed = 0;
  bool negative = false;
};

TEST_P(TransportContract, ItsLimitIsAPositiveNumberOfSectorsAndItHasAName) {
  EXPECT_GT(transport().max_transfer(), 0u);
  EXPECT_EQ(transport().max_transfer() % 2048, 0u);
  EXPECT_FALSE(transport().name().empty());
}

TEST_P(TransportContract, InquiryIsAnsweredWithTheDevicesData) {
  std::vector<uint8_t> buffer(kStandardInquiry, kUntouched);
  ASSERT_OK_AND_ASSIGN(const Result result, Send(Inquiry(absl::MakeSpan(buffer))));
  EXPECT_TRUE(result.good());
  EXPECT_EQ(result.transferred, kStandardInquiry);
  EXPECT_EQ(buffer[0] & 0x1F, 0x05) << "an MMC drive";
}

TEST_P(TransportContract, WhatDoesNotFitTheBufferIsCut) {
  std::vector<uint8_t> memory(16, kUntouched);
  ASSERT_OK_AND_ASSIGN(const Result result, Send(Inquiry(absl::MakeSpan(memory).subspan(0, 8))));
  EXPECT_TRUE(result.good());
  EXPECT_EQ(result.transferred, 8u);
  EXPECT_EQ(memory[0] & 0x1F, 0x05);
  EXPECT_TRUE(std::all_of(memory.begin() + 8, memory.end(),
                          [](uint8_t byte) { return byte == kUntouched; }));
}

TEST_P(TransportContract, TheResidualOfALargerBufferIsTold) {
  std::vector<uint8_t> buffer(255, kUntouched);
  ASSERT_OK_AND_ASSIGN(const Result result, Send(Inquiry(absl::MakeSpan(buffer))));
  EXPECT_TRUE(result.good());
  EXPECT_EQ(result.transferred, kBehindLengthByte + buffer[4]);
}

TEST_P(TransportContract, ACommandWithoutDataTransfersNone) {
  ASSERT_OK_AND_ASSIGN(const Result result, Send(TestUnitReady()));
  EXPECT_EQ(result.transferred, 0u);
}

TEST_P(TransportContract, TheDevicesSenseArrivesAndTheNextCommandIsFreeOfIt) {
  const Sense sense{.key = SenseKey::kNotReady, .asc = 0x04, .ascq = 0x07};
  std::vector<uint8_t> buffer(kStandardInquiry);
  device_->FailNext(opcode::kTestUnitReady, sense);
  ASSERT_OK_AND_ASSIGN(const Result failed, Send(TestUnitReady()));
  EXPECT_EQ(failed.status, ScsiStatus::kCheckCondition);
  EXPECT_EQ(failed.sense, sense);
  ASSERT_OK_AND_ASSIGN(const Result next, Send(Inquiry(absl::MakeSpan(buffer))));
  EXPECT_TRUE(next.good());
}

TEST_P(TransportContract, AUnitAttentionIsPassedOnAndTheCommandIsNotRepeated) {
  Counter counter;
  device_->FailNext(opcode::kTestUnitReady, {.key = SenseKey::kUnitAttention, .asc = 0x29});
  transport().set_observer(&counter);
  ASSERT_OK_AND_ASSIGN(const Result result, Send(TestUnitReady()));
  transport().set_observer(nullptr);
  EXPECT_EQ(result.sense.ToString(), "6/29/00");
  EXPECT_EQ(counter.opcodes.size(), 1u);
}

TEST_P(TransportContract, ACommandWithoutAnAnswerEndsAndTheTransportStaysUsable) {
  device_->HangNext(opcode::kTestUnitReady);
  Command command = TestUnitReady();
  command.timeout = absl::Seconds(1);
  EXPECT_THAT(Send(command), StatusIs(absl::StatusCode::kDeadlineExceeded));
  std::vector<uint8_t> buffer(kStandardInquiry);
  EXPECT_OK(Send(Inquiry(absl::MakeSpan(buffer))));
}

TEST_P(TransportContract, MalformedCommandsAreRefusedAndNotSent) {
  Counter counter;
  transport().set_observer(&counter);
  std::vector<uint8_t> bytes(8);
  std::vector<uint8_t> large(transport().max_transfer() + 1);
  Command both = Inquiry(absl::MakeSpan(bytes));
  both.data_out = bytes;
  Command outward = TestUnitReady();
  outward.data_out = large;
  Command short_cdb = TestUnitReady();
  short_cdb.cdb_size = 5;
  Command long_cdb = TestUnitReady();
  long_cdb.cdb_size = kMaxCdbSize + 1;
  for (const Command& command :
       {Command{}, short_cdb, long_cdb, both, outward, Inquiry(absl::MakeSpan(large))}) {
    EXPECT_THAT(transport().Execute(command), StatusIs(absl::StatusCode::kInvalidArgument));
  }
  transport().set_observer(nullptr);
  EXPECT_TRUE(counter.opcodes.empty());
}

TEST_P(TransportContract, TheObserverIsToldOfEveryCommandOnce) {
  Counter counter;
  device_->HangNext(opcode::kTestUnitReady);
  transport().set_observer(&counter);
  std::vector<uint8_t> buffer(kStandardInquiry);
  ASSERT_OK(Send(Inquiry(absl::MakeSpan(buffer))));
  Command command = TestUnitReady();
  command.timeout = absl::Seconds(1);
  EXPECT_FALSE(Send(command).ok());
  transport().set_observer(nullptr);
  EXPECT_EQ(counter.opcodes, (std::vector<uint8_t>{opcode::kInquiry, opcode::kTestUnitReady}));
  EXPECT_EQ(counter.failed, 1);
  EXPECT_FALSE(counter.negative);
}

}  // namespace
}  // namespace carousel::scsi
