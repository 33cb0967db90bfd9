#include "server/imapi/error.h"

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/sense.h"
#include "server/imapi/hresult.h"

namespace carousel::imapi {
namespace {

using absl::StatusCode;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(MakeError, CarriesCodeMessageAndFacts) {
  const absl::Status status = MakeError(Hresult::IMAPI_E_IMPORT_SEEK_FAILURE, "disc: no block 16",
                                        {{"block", "16"}, {"media", ""}});
  EXPECT_THAT(status, StatusIs(StatusCode::kFailedPrecondition, "disc: no block 16"));
  const std::optional<ErrorDetail> detail = GetDetail(status);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, Hresult::IMAPI_E_IMPORT_SEEK_FAILURE);
  EXPECT_THAT(detail->metadata, UnorderedElementsAre(Pair("block", "16"), Pair("media", "")));
}

TEST(MakeError, KeepsAValueFromADeviceFromForgingOthers) {
  const absl::Status status = MakeError(Hresult::E_FAIL, "x",
                                        {{"drive",
                                          "A\x1Fhresult\x1F"
                                          "1"}});
  EXPECT_THAT(GetDetail(status)->metadata, UnorderedElementsAre(Pair("drive", "A?hresult?1")));
}

class TransientCauseTest : public testing::TestWithParam<const char*> {};
TEST_P(TransientCauseTest, MakesTheWrappingErrorOneToRepeat) {
  for (const Hresult hresult : {Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER,
                                Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE}) {
    EXPECT_THAT(MakeError(hresult, "x", {{"cause", GetParam()}}),
                StatusIs(StatusCode::kUnavailable));
  }
  EXPECT_THAT(MakeError(Hresult::IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED, "x", {{"cause", GetParam()}}),
              StatusIs(StatusCode::kFailedPrecondition));
}
INSTANTIATE_TEST_SUITE_P(Causes, TransientCauseTest,
                         testing::Values("E_IMAPI_RECORDER_MEDIA_BECOMING_READY",
                                         "E_IMAPI_RECORDER_MEDIA_BUSY",
                                         "E_IMAPI_RECORDER_MEDIA_FORMAT_IN_PROGRESS",
                                         "E_IMAPI_RECORDER_LOCKED"));

TEST(MakeError, KeepsItsCodeForACauseThatDoesNotPass) {
  EXPECT_THAT(MakeError(Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, "x",
                        {{"cause", "E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED"}}),
              StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_THAT(MakeError(Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, "x",
                        {{"cause", "NON_EMPTY_SESSION"}}),
              StatusIs(StatusCode::kFailedPrecondition));
}

class StashCodeTest : public testing::TestWithParam<Hresult> {};
TEST_P(StashCodeTest, IsExhaustionWhenTheServersDiskIsFull) {
  EXPECT_THAT(MakeError(GetParam(), "x", {{"cause", "ENOSPC"}}),
              StatusIs(StatusCode::kResourceExhausted));
  EXPECT_THAT(MakeError(GetParam(), "x", {{"cause", "EDQUOT"}}),
              StatusIs(StatusCode::kResourceExhausted));
  EXPECT_THAT(MakeError(GetParam(), "x", {{"cause", "EIO"}}), StatusIs(StatusCode::kInternal));
}
INSTANTIATE_TEST_SUITE_P(Codes, StashCodeTest,
                         testing::Values(Hresult::IMAPI_E_STASHFILE_OPEN_FAILURE,
                                         Hresult::IMAPI_E_STASHFILE_SEEK_FAILURE,
                                         Hresult::IMAPI_E_STASHFILE_WRITE_FAILURE,
                                         Hresult::IMAPI_E_STASHFILE_READ_FAILURE,
                                         Hresult::IMAPI_E_STASHFILE_MOVE));

TEST(AfterWrite, NeverAsksForARepeat) {
  const absl::Status status = AfterWrite(
      MakeError(Hresult::E_IMAPI_RECORDER_COMMAND_TIMEOUT, "drive0: timed out", {{"drive", "0"}}));
  EXPECT_THAT(status, StatusIs(StatusCode::kAborted, "drive0: timed out"));
  EXPECT_EQ(GetDetail(status)->hresult, Hresult::E_IMAPI_RECORDER_COMMAND_TIMEOUT);
  EXPECT_EQ(GetDetail(status)->metadata.at("drive"), "0");
  EXPECT_THAT(AfterWrite(absl::UnavailableError("gone")), StatusIs(StatusCode::kAborted));
  EXPECT_THAT(AfterWrite(MakeError(Hresult::E_FAIL, "x")), StatusIs(StatusCode::kInternal));
  EXPECT_OK(AfterWrite(absl::OkStatus()));
}

TEST(WithMetadata, AddsButNeverReplaces) {
  const absl::Status status = MakeError(Hresult::E_FAIL, "x", {{"rule", "R6"}});
  EXPECT_EQ(GetDetail(WithMetadata(status, "rule", "R7"))->metadata.at("rule"), "R6");
  EXPECT_EQ(GetDetail(WithMetadata(status, "drive", "d"))->metadata.at("drive"), "d");
  EXPECT_EQ(WithMetadata(absl::InternalError("x"), "a", "b"), absl::InternalError("x"));
}

TEST(GetDetail, OfAnyOtherStatusIsNothing) {
  EXPECT_FALSE(GetDetail(absl::OkStatus()).has_value());
  EXPECT_FALSE(GetDetail(absl::InternalError("x")).has_value());
}

TEST(FromDevice, TranslatesSenseAndKeepsIt) {
  const absl::Status status = FromDevice(scsi::SenseStatus(
      {.key = scsi::SenseKey::kNotReady, .asc = 0x3A, .ascq = 0x01}, 0x51, "drive0"));
  EXPECT_THAT(status, StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_EQ(GetDetail(status)->hresult, Hresult::E_IMAPI_RECORDER_MEDIA_NO_MEDIA);
  EXPECT_EQ(GetDetail(status)->metadata.at("sense"), "2/3A/01");
  EXPECT_EQ(GetDetail(status)->metadata.at("opcode"), "READ DISC INFORMATION");
}

TEST(FromDevice, DoesNotTakeARefusalWithoutAReasonForSuccess) {
  const absl::Status status = FromDevice(scsi::SenseStatus(scsi::Sense(), 0x28, "drive0"));
  EXPECT_EQ(GetDetail(status)->hresult, Hresult::E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE);
}

TEST(FromDevice, TakesLossOfStreamingInASynchronizeForSuccess) {
  EXPECT_OK(FromDevice(scsi::SenseStatus(
      {.key = scsi::SenseKey::kMediumError, .asc = 0x0C, .ascq = 0x09}, 0x35, "drive0")));
}

TEST(FromDevice, KnowsTheDeviceLayersOwnCodes) {
  const auto hresult_of = [](const absl::Status& status) {
    return HresultName(GetDetail(FromDevice(status))->hresult);
  };
  EXPECT_EQ(hresult_of(absl::DeadlineExceededError("x")), "E_IMAPI_RECORDER_COMMAND_TIMEOUT");
  EXPECT_EQ(hresult_of(absl::UnavailableError("x")), "ERROR_DEV_NOT_EXIST");
  EXPECT_EQ(hresult_of(absl::AbortedError("x")), "E_IMAPI_RECORDER_MEDIA_BECOMING_READY");
  EXPECT_EQ(hresult_of(absl::InternalError("x")), "E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE");
  EXPECT_EQ(hresult_of(absl::CancelledError("x")), "E_IMAPI_REQUEST_CANCELLED");
  EXPECT_EQ(hresult_of(absl::FailedPreconditionError("x")), "E_FAIL");
}

TEST(FromDevice, LeavesImapiErrorsAndSuccessAlone) {
  const absl::Status status = MakeError(Hresult::E_POINTER, "x");
  EXPECT_EQ(FromDevice(status), status);
  EXPECT_OK(FromDevice(absl::OkStatus()));
}

}  // namespace
}  // namespace carousel::imapi
