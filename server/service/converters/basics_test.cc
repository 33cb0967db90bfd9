// Names, request ids, pages and times.
#include <string>

#include "carousel/v1/disc_format.pb.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"
#include "server/service/converters/names.h"
#include "server/service/converters/paging.h"
#include "server/service/converters/time.h"

namespace carousel {
namespace {

TEST(Names, GiveTheirId) {
  EXPECT_THAT(IdFromName("name", "drives/drive0", "drives"), IsOkAndHolds("drive0"));
  EXPECT_THAT(IdFromName("name", "discs/A00_1.L-2", "discs"), IsOkAndHolds("A00_1.L-2"));
  EXPECT_EQ(NameFromId("drives", "drive0"), "drives/drive0");
  EXPECT_EQ(NameFromId("drives", ""), "");
}

TEST(Names, AreRefusedUnlessTheyHaveTheirForm) {
  for (const std::string& name :
       {std::string(), std::string("drives"), std::string("drives/"), std::string("slots/drive0"),
        std::string("drives/../x"), std::string("drives/a/b"), std::string("drives/.."),
        std::string("drives/a\0b", 10), std::string("drives/a%00"), std::string("drives/' OR 1=1"),
        std::string("drives/\xD0\xB0"), "drives/" + std::string(10'000, 'a'),
        "drives/" + std::string(64, 'a')}) {
    const absl::Status status = IdFromName("name", name, "drives").status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument)) << name;
    EXPECT_EQ(GetReason(status)->reason, "INVALID_NAME");
    EXPECT_EQ(GetReason(status)->metadata.at("field"), "name");
    EXPECT_EQ(GetReason(status)->metadata.at("pattern"), "drives/{drive}");
  }
}

TEST(RequestIds, AreUuidsWhateverTheirCase) {
  ASSERT_OK_AND_ASSIGN(const RequestId a,
                       ParseRequestId("8D4AD5B5-0000-4000-8000-00000000000a", "body"));
  ASSERT_OK_AND_ASSIGN(const RequestId b,
                       ParseRequestId("8d4ad5b5-0000-4000-8000-00000000000A", "other"));
  EXPECT_EQ(a.id, b.id);
  EXPECT_NE(a.fingerprint, b.fingerprint);
  EXPECT_EQ(ParseRequestId("", "body")->id, "");
  for (const char* id :
       {"1", "8d4ad5b5x0000-4000-8000-00000000000a", "gd4ad5b5-0000-4000-8000-00000000000a"}) {
    EXPECT_EQ(GetReason(ParseRequestId(id, "").status())->reason, "INVALID_FIELD") << id;
  }
}

TEST(RequestIds, AreOfOneMethod) {
  v1::EraseMediaRequest erase;
  erase.set_drive("drives/drive0");
  erase.set_request_id("8d4ad5b5-0000-4000-8000-00000000000a");
  v1::CloseDiscRequest close;
  ASSERT_TRUE(close.ParseFromString(erase.SerializeAsString()));
  ASSERT_OK_AND_ASSIGN(const RequestId a, RequestIdOf(erase));
  ASSERT_OK_AND_ASSIGN(const RequestId b, RequestIdOf(close));
  EXPECT_EQ(a.id, b.id);
  EXPECT_NE(a.fingerprint, b.fingerprint) << "the same bytes mean another thing";
}

TEST(Pages, BeginAtTheStartAndGoOnFromTheirToken) {
  ASSERT_OK_AND_ASSIGN(Page page, ParsePage(0, "", "images", 7));
  EXPECT_EQ(page.size, 100u);
  EXPECT_EQ(page.position, 7);
  ASSERT_OK_AND_ASSIGN(page, ParsePage(5000, MakePageToken("images", 42), "images", 7));
  EXPECT_EQ(page.size, 1000u);
  EXPECT_EQ(page.position, 42);
}

TEST(Pages, RefuseNegativeSizesAndForeignTokens) {
  EXPECT_EQ(GetReason(ParsePage(-1, "", "images", 0).status())->metadata.at("field"), "page_size");
  for (const std::string& token :
       {MakePageToken("drives", 1), std::string("x"), MakePageToken("images", 1) + "x",
        MakePageToken("images", -1), std::string(100'000, '-')}) {
    EXPECT_EQ(GetReason(ParsePage(1, token, "images", 0).status())->metadata.at("field"),
              "page_token");
  }
}

TEST(Times, StayWithinWhatTheWireHas) {
  const auto now = TimeToProto(absl::FromUnixMillis(-1500));
  EXPECT_EQ(now.seconds(), -2);
  EXPECT_EQ(now.nanos(), 500'000'000);
  EXPECT_EQ(TimeToProto(absl::InfiniteFuture()).seconds(), 253402300799);
  EXPECT_EQ(TimeToProto(absl::InfinitePast()).seconds(), -62135596800);
}

}  // namespace
}  // namespace carousel
