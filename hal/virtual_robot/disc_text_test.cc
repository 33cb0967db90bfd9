#include "hal/virtual_robot/disc_text.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/virtual_robot/disc.h"

namespace carousel::virtual_robot {
namespace {

constexpr char kAppendable[] =
    "# Two sessions on a DVD+R.\n"
    "disc-format 1\n"
    "barcode VOL001\n"
    "medium DVD+R\n"
    "state appendable\n"
    "capacity 2295104\n"
    "gap 2048 2048\n"
    "track session=1 start=0 size=192 payload=180 kind=data\n"
    "track session=2 start=2240 size=160 payload=160 kind=data\n"
    "unreadable first=16 size=1\n";

TEST(ParseDisc, ReadsWhatAPersonWrote) {
  ASSERT_OK_AND_ASSIGN(const Disc disc, ParseDisc(kAppendable));
  EXPECT_EQ(disc.barcode, "VOL001");
  EXPECT_EQ(disc.recorded_sessions(), 2);
  EXPECT_EQ(disc.tracks[1].start, Lba(2240));
  EXPECT_EQ(disc.NextTrackStart(), Lba(2400 + 2048));
  EXPECT_EQ(disc.unreadable.size(), 1u);
}

TEST(ParseDisc, GivesBackWhatFormatDiscWrote) {
  ASSERT_OK_AND_ASSIGN(const Disc disc, ParseDisc(kAppendable));
  const std::string text = FormatDisc(disc);
  ASSERT_OK_AND_ASSIGN(const Disc again, ParseDisc(text));
  EXPECT_EQ(FormatDisc(again), text);
  EXPECT_EQ(again.tracks, disc.tracks);
}

struct Hostile {
  const char* name;
  const char* from;  // a part of kAppendable
  const char* to;
};

class HostileText : public testing::TestWithParam<Hostile> {};

TEST_P(HostileText, IsRefused) {
  const std::string text = absl::StrReplaceAll(kAppendable, {{GetParam().from, GetParam().to}});
  ASSERT_NE(text, kAppendable);
  EXPECT_THAT(ParseDisc(text), StatusIs(absl::StatusCode::kInvalidArgument));
}

INSTANTIATE_TEST_SUITE_P(
    EachLine, HostileText,
    testing::Values(Hostile{"NoVersion", "disc-format 1\n", ""},
                    Hostile{"NewerVersion", "disc-format 1", "disc-format 2"},
                    Hostile{"PathAsBarcode", "VOL001", "../../etc"},
                    Hostile{"NoBarcode", "barcode VOL001\n", ""},
                    Hostile{"UnknownMedium", "DVD+R", "LP"},
                    Hostile{"UnknownState", "state appendable", "state half"},
                    Hostile{"StateOfOtherMedium", "state appendable", "state formatted"},
                    Hostile{"BlankWithTracks", "state appendable", "state blank"},
                    Hostile{"NegativeCapacity", "capacity 2295104", "capacity -1"},
                    Hostile{"HugeCapacity", "capacity 2295104", "capacity 99999999999"},
                    Hostile{"TooSmallForItsTracks", "capacity 2295104", "capacity 2000"},
                    Hostile{"RepeatedKey", "gap 2048 2048", "gap 2048 2048\ngap 1 1"},
                    Hostile{"UnknownKey", "gap 2048 2048", "gap 2048 2048\ncolour silver"},
                    Hostile{"OverlappingTracks", "start=2240", "start=176"},
                    Hostile{"UnalignedTrack", "start=2240", "start=2241"},
                    Hostile{"EmptyTrack", "size=192 payload=180", "size=0 payload=0"},
                    Hostile{"PayloadBeyondTrack", "payload=180", "payload=193"},
                    Hostile{"OverflowingTrack", "size=160 payload=160",
                            "size=2147483647 payload=160"},
                    Hostile{"SkippedSession", "session=2", "session=3"},
                    Hostile{"SessionZero", "session=1", "session=0"},
                    Hostile{"HugeSession", "session=2", "session=65538"},
                    Hostile{"RepeatedField", "session=2", "session=2 session=2"},
                    Hostile{"MissingField", " kind=data", ""},
                    Hostile{"UnknownKind", "kind=data", "kind=video"},
                    Hostile{"UnreadableOutside", "first=16 size=1", "first=2295104 size=1"},
                    Hostile{"BackgroundFormatOfPlusR", "gap 2048 2048",
                            "gap 2048 2048\nbackground-format running"}),
    [](const testing::TestParamInfo<Hostile>& info) { return info.param.name; });

TEST(ParseDisc, RefusesEmptyEndlessAndBinaryText) {
  EXPECT_THAT(ParseDisc(""), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseDisc(std::string(1 << 20, '\n')), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseDisc(std::string(4096, '\0')), StatusIs(absl::StatusCode::kInvalidArgument));
  std::string many =
      "disc-format 1\nbarcode A\nmedium CD-R\nstate finalized\ncapacity 359849\n"
      "gap 0 0\n";
  for (int i = 0; i < 99; ++i) {
    absl::StrAppend(&many, "track session=1 start=", i, " size=1 payload=1 kind=data\n");
  }
  EXPECT_THAT(ParseDisc(many),
              StatusIs(absl::StatusCode::kInvalidArgument, "99 tracks, at most 98"));
}

}  // namespace
}  // namespace carousel::virtual_robot
