#include "server/errors/errors.h"

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(ServiceErrors, CarryTheirReasonAndTheFactsOfTheirMessage) {
  const absl::Status status = EtagMismatchError("images/1", "\"a\"", "\"b\"");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted, HasSubstr("\"b\"")));
  const std::optional<ReasonDetail> detail = GetReason(status);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->reason, "ETAG_MISMATCH");
  EXPECT_THAT(detail->metadata,
              UnorderedElementsAre(Pair("resource", "images/1"), Pair("sent", "\\\"a\\\""),
                                   Pair("actual", "\"b\"")));
}

TEST(ServiceErrors, OfUploadsTellWhereToGoOn) {
  const absl::Status gap = UploadGapError(300, 200);
  EXPECT_EQ(gap.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(GetReason(gap)->reason, "UPLOAD_GAP");
  EXPECT_THAT(
      GetReason(gap)->metadata,
      UnorderedElementsAre(Pair("field", "offset"), Pair("sent", "300"), Pair("actual", "200")));
  EXPECT_EQ(GetReason(UploadIncompleteError(2, 3))->metadata.at("expected"), "3");
  EXPECT_EQ(UploadBusyError("a").code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ContentMismatchError("sha256", "a", "b").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetReason(RequestIdReusedError("a", "upload_id"))->metadata.at("field"), "upload_id");
}

TEST(ServiceErrors, OfHeldDiscsTellWhatIsOpenAndWhatToDo) {
  const absl::Status held = DiscHeldError("close", 17, "0af1", "interrupted");
  EXPECT_THAT(held, StatusIs(absl::StatusCode::kFailedPrecondition,
                             testing::HasSubstr("verify the disc or acknowledge")));
  EXPECT_EQ(GetReason(held)->reason, "DISC_HELD");
  EXPECT_THAT(
      GetReason(held)->metadata,
      UnorderedElementsAre(Pair("action", "17"), Pair("cause", "close"),
                           Pair("operation", "operations/0af1"), Pair("outcome", "interrupted")));
  EXPECT_THAT(std::string(DiscHeldError("close", 17, "0af1", "running").message()),
              testing::HasSubstr("wait"));
}

TEST(ServiceErrors, OfInterruptedOperationsTellWhatTheDiscIsNow) {
  const absl::Status interrupted = InterruptedError("0af1", "unknown");
  EXPECT_THAT(interrupted,
              StatusIs(absl::StatusCode::kAborted, testing::HasSubstr("the disc: unknown")));
  EXPECT_EQ(GetReason(interrupted)->reason, "INTERRUPTED");
  EXPECT_THAT(
      GetReason(interrupted)->metadata,
      UnorderedElementsAre(Pair("operation", "operations/0af1"), Pair("disc_state", "unknown")));
}

TEST(ServiceErrors, RepeatWhatWasSentEscapedAndCut) {
  const absl::Status status =
      InvalidNameError("name", "\x1F\n" + std::string(10'000, 'x'), "drives/{drive}");
  const std::optional<ReasonDetail> detail = GetReason(status);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->metadata.at("sent"), "\\x1f\\n" + std::string(126, 'x'));
  EXPECT_EQ(detail->metadata.at("pattern"), "drives/{drive}");
  EXPECT_LT(status.message().size(), 300u);
}

TEST(ServiceErrors, KeepValuesThatHoldTheSeparatorApart) {
  const absl::Status status = ChangerFailureError(absl::StatusCode::kInternal, "arm",
                                                  {{"disc",
                                                    "A\x1F"
                                                    "B"},
                                                   {"outcome", "lost"}});
  EXPECT_THAT(GetReason(status)->metadata,
              UnorderedElementsAre(Pair("disc", "A?B"), Pair("outcome", "lost")));
}

TEST(ServiceErrors, AreNotSeenInOtherStatuses) {
  EXPECT_FALSE(GetReason(absl::OkStatus()).has_value());
  EXPECT_FALSE(GetReason(absl::InternalError("x")).has_value());
}

}  // namespace
}  // namespace carousel
