#include "hal/smc/element_status.h"

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::smc {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::vector<ElementDescriptor> SomeElements() {
  std::vector<ElementDescriptor> elements(4);
  elements[0] = {.address = 1, .element_type = kMediumTransport, .volume_tag = ""};
  elements[1] = {.address = 0x400,
                 .element_type = kStorage,
                 .full = true,
                 .access = true,
                 .source = 0x100,
                 .volume_tag = "DISC0001"};
  elements[2] = {.address = 0x401,
                 .element_type = kStorage,
                 .exception = true,
                 .asc = 0x3B,
                 .ascq = 0x12,
                 .volume_tag = ""};
  elements[3] = {.address = 0x100,
                 .element_type = kDataTransfer,
                 .full = true,
                 .volume_tag = "DISC0002",
                 .identifier = ElementDescriptor::Identifier{
                     .code_set = 2, .type = 0, .value = {'S', 'E', 'R', '1'}}};
  return elements;
}

TEST(ElementStatusTest, TheCommandIsReadBackByTheDevice) {
  std::vector<uint8_t> buffer(70'000);
  const ReadElementStatusCdb cdb{.volume_tags = true,
                                 .element_type = kDataTransfer,
                                 .first = 0x100,
                                 .count = 4,
                                 .device_ids = true,
                                 .current_data = true};
  const scsi::Command command = MakeCommand(cdb, absl::MakeSpan(buffer));
  ReadElementStatusCdb expected = cdb;
  expected.allocation_length = 70'000;
  EXPECT_THAT(DecodeReadElementStatusCdb(command.cdb), IsOkAndHolds(expected));
  EXPECT_THAT(DecodeReadElementStatusCdb(std::vector<uint8_t>(12)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ElementStatusTest, ElementsSurviveARoundTrip) {
  const std::vector<ElementDescriptor> elements = SomeElements();
  const std::vector<uint8_t> bytes = EncodeElementStatus(elements);
  ASSERT_OK_AND_ASSIGN(const ElementStatus status, DecodeElementStatus(bytes));
  EXPECT_EQ(status.elements, elements);
  EXPECT_EQ(status.available, bytes.size());
}

TEST(ElementStatusTest, ImportExportElementsHaveBitsOfTheirOwn) {
  std::vector<ElementDescriptor> elements = {{.address = 0x300,
                                              .element_type = kImportExport,
                                              .full = true,
                                              .placed_by_operator = true,
                                              .export_enabled = true,
                                              .import_enabled = true}};
  ASSERT_OK_AND_ASSIGN(ElementStatus status, DecodeElementStatus(EncodeElementStatus(elements)));
  EXPECT_EQ(status.elements, elements);
  elements[0].element_type = kStorage;
  ASSERT_OK_AND_ASSIGN(status, DecodeElementStatus(EncodeElementStatus(elements)));
  ASSERT_THAT(status.elements, SizeIs(1));
  EXPECT_FALSE(status.elements[0].placed_by_operator) << "reserved in other elements";
}

TEST(ElementStatusTest, WhatIsCutByTheEndIsLeftOutAndWhatThereWouldBeIsTold) {
  const std::vector<uint8_t> bytes = EncodeElementStatus(SomeElements());
  for (size_t size = 8; size < bytes.size(); ++size) {
    ASSERT_OK_AND_ASSIGN(const ElementStatus status,
                         DecodeElementStatus(absl::MakeConstSpan(bytes).subspan(0, size)));
    EXPECT_LT(status.elements.size(), 4u);
    EXPECT_EQ(status.available, bytes.size());
  }
  EXPECT_THAT(DecodeElementStatus(std::vector<uint8_t>(7)), StatusIs(absl::StatusCode::kInternal));
}

TEST(ElementStatusTest, AnElementIsThereWhenAllThatItAnnouncesIs) {
  // tgt sends as many bytes as its header counts, which counts itself.
  const std::vector<ElementDescriptor> elements = {
      {.address = 0x400, .element_type = kStorage, .full = true, .volume_tag = "DISC0001"}};
  const std::vector<uint8_t> bytes = EncodeElementStatus(elements);
  ASSERT_OK_AND_ASSIGN(
      const ElementStatus status,
      DecodeElementStatus(absl::MakeConstSpan(bytes).subspan(0, bytes.size() - 4)));
  EXPECT_EQ(status.elements, elements);
}

TEST(ElementStatusTest, TheHeadersFirstAddressAndCountAreNotBelieved) {
  std::vector<uint8_t> bytes = EncodeElementStatus(SomeElements());
  bytes[0] = 0x04;  // tgt says 0407h where the element is 0300h
  bytes[1] = 0x07;
  bytes[3] = 99;
  ASSERT_OK_AND_ASSIGN(const ElementStatus status, DecodeElementStatus(bytes));
  EXPECT_EQ(status.elements, SomeElements());
}

TEST(ElementStatusTest, APageOfDescriptorsThatAreTooShortIsPassedOver) {
  std::vector<uint8_t> bytes = EncodeElementStatus(SomeElements());
  bytes[8 + 3] = 11;  // of the first page
  ASSERT_OK_AND_ASSIGN(const ElementStatus status, DecodeElementStatus(bytes));
  EXPECT_THAT(status.elements, SizeIs(3));
  bytes[8 + 3] = 0;
  EXPECT_THAT(DecodeElementStatus(bytes), IsOk());
}

TEST(ElementStatusTest, NoElementsAreNone) {
  ASSERT_OK_AND_ASSIGN(const ElementStatus status, DecodeElementStatus(EncodeElementStatus({})));
  EXPECT_THAT(status.elements, IsEmpty());
}

TEST(InitializeElementStatusTest, BothCommandsAreReadBackByTheDevice) {
  for (const InitializeElementStatusCdb& cdb :
       {InitializeElementStatusCdb{},
        InitializeElementStatusCdb{.range = {{.first = 0x400, .count = 12}}}}) {
    const scsi::Command command = MakeCommand(cdb);
    EXPECT_THAT(DecodeInitializeElementStatusCdb(command.cdb), IsOkAndHolds(cdb));
  }
  EXPECT_THAT(DecodeInitializeElementStatusCdb({}), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace carousel::smc
