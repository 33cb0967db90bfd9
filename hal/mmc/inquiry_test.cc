#include "hal/mmc/inquiry.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

std::vector<uint8_t> Pioneer() {
  return EncodeStandardInquiry(
      {.version = 5, .vendor = "PIONEER", .product = "BD-RW   BDR-209D", .revision = "1.30"});
}

TEST(InquiryTest, TheCommandAsksForTheBufferAndIsReadBackByTheDevice) {
  std::vector<uint8_t> buffer(36);
  const scsi::Command command =
      MakeCommand(InquiryCdb{.vital_product_data = true, .page = 0x83}, absl::MakeSpan(buffer));
  EXPECT_EQ(command.opcode(), 0x12);
  EXPECT_EQ(command.cdb_size, 6);
  EXPECT_THAT(
      DecodeInquiryCdb(command.cdb),
      IsOkAndHolds(InquiryCdb{.vital_product_data = true, .page = 0x83, .allocation_length = 36}));
  EXPECT_THAT(DecodeInquiryCdb(std::vector<uint8_t>{0x12, 0, 0}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(InquiryTest, TextsComeWithoutTheirPadding) {
  ASSERT_OK_AND_ASSIGN(const StandardInquiry inquiry, DecodeStandardInquiry(Pioneer()));
  EXPECT_EQ(inquiry.vendor, "PIONEER");
  EXPECT_EQ(inquiry.product, "BD-RW   BDR-209D");
  EXPECT_EQ(inquiry.revision, "1.30");
  EXPECT_EQ(inquiry.device_type, kDeviceTypeMmc);
  EXPECT_TRUE(inquiry.removable);
}

TEST(InquiryTest, BytesThatAreNoTextAreMarkedAndNeverPassedOn) {
  std::vector<uint8_t> bytes = Pioneer();
  bytes[8] = 0xFF;
  bytes[20] = 0;
  ASSERT_OK_AND_ASSIGN(const StandardInquiry inquiry, DecodeStandardInquiry(bytes));
  EXPECT_EQ(inquiry.vendor, "?IONEER");
  EXPECT_EQ(inquiry.product, "BD-R");
}

TEST(InquiryTest, AnAnswerWithoutTextsIsAcceptedAndAShorterOneIsNot) {
  std::vector<uint8_t> bytes = Pioneer();
  bytes.resize(5);
  ASSERT_OK_AND_ASSIGN(const StandardInquiry inquiry, DecodeStandardInquiry(bytes));
  EXPECT_EQ(inquiry.vendor, "");
  bytes.resize(4);
  EXPECT_THAT(DecodeStandardInquiry(bytes), StatusIs(absl::StatusCode::kInternal));
}

TEST(InquiryTest, StaleBytesBehindTheAnnouncedLengthAreNotRead) {
  std::vector<uint8_t> bytes = Pioneer();
  bytes[4] = 27;  // 32 bytes in all: no revision
  ASSERT_OK_AND_ASSIGN(const StandardInquiry inquiry, DecodeStandardInquiry(bytes));
  EXPECT_EQ(inquiry.revision, "");
}

TEST(InquiryTest, TheSerialNumberPageSurvivesARoundTripAndAnotherPageIsRefused) {
  const UnitSerialNumber page{.serial = "KEDL010101WL"};
  EXPECT_THAT(DecodeUnitSerialNumber(EncodeUnitSerialNumber(page)), IsOkAndHolds(page));
  EXPECT_THAT(DecodeUnitSerialNumber(Pioneer()), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(DecodeDeviceIdentification(Pioneer()), StatusIs(absl::StatusCode::kInternal));
}

TEST(InquiryTest, DesignatorsAreWalkedWithinTheAnswer) {
  const DeviceIdentification page{
      .designators = {{.code_set = 2, .type = 1, .value = {'T', 'G', 'T', ' '}},
                      {.protocol = 5,
                       .code_set = 1,
                       .association = 1,
                       .type = 3,
                       .value = {0x50, 0, 0, 0, 0, 0, 0, 1}}}};
  std::vector<uint8_t> bytes = EncodeDeviceIdentification(page);
  EXPECT_THAT(DecodeDeviceIdentification(bytes), IsOkAndHolds(page));
  bytes.back() = 0xFF;
  bytes.pop_back();  // the second one is cut
  ASSERT_OK_AND_ASSIGN(const DeviceIdentification cut, DecodeDeviceIdentification(bytes));
  EXPECT_EQ(cut.designators.size(), 1u);
}

}  // namespace
}  // namespace carousel::mmc
