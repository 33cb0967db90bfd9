// The table "Answers by state" of README.md, read back through CDB bytes. Numbers are those of
// published dumps and of the standard; nothing here uses the project's encoders or decoders.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/byte_order.h"
#include "hal/virtual_robot/testing_robot.h"

namespace carousel {
namespace {

using testing::ElementsAre;
using Answer = TestingRobot::Answer;

Answer DiscInformation(TestingRobot& robot) {
  return robot.Send({0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0}, 34);
}
Answer Track(TestingRobot& robot, uint8_t number) {
  return robot.Send({0x52, 1, 0, 0, 0, number, 0, 0, 48, 0}, 48);
}
Answer Toc(TestingRobot& robot, uint8_t format) {
  return robot.Send({0x43, 0, format, 0, 0, 0, 0, 4, 0, 0}, 1024);
}
Answer Capacity(TestingRobot& robot) { return robot.Send({0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 8); }
Answer FormatCapacities(TestingRobot& robot) {
  return robot.Send({0x23, 0, 0, 0, 0, 0, 0, 0, 252, 0}, 252);
}
// "0041: 0000 0001 ..." for the current features.
std::string Features(TestingRobot& robot, uint8_t requested = 1) {
  const Answer answer = robot.Send({0x46, requested, 0, 0, 0, 0, 0, 4, 0, 0}, 1024);
  if (answer.data.size() < 8) return "short";
  std::string text = absl::StrCat(absl::Hex(LoadBe16(&answer.data[6]), absl::kZeroPad4), ":");
  for (size_t at = 8; at + 4 <= answer.data.size(); at += 4 + answer.data[at + 3]) {
    absl::StrAppend(&text, " ", absl::Hex(LoadBe16(&answer.data[at]), absl::kZeroPad4));
  }
  return text;
}

// Disc status / last session / erasable, sessions, first-last track of the last session, background
// format.
std::string DiscLine(const Answer& answer) {
  if (answer.data.size() < 12) return answer.sense;
  const auto& b = answer.data;
  return absl::StrCat(b[2] & 3, "/", b[2] >> 2 & 3, "/", b[2] >> 4 & 1, " ", b[9] << 8 | b[4], " ",
                      b[10] << 8 | b[5], "-", b[11] << 8 | b[6], " bg", b[7] & 3);
}

// "track/session start+size nwa free flags": flags D damage, R reserved, B blank, P packet, F fixed
// packet, L last recorded address valid.
std::string TrackLine(const Answer& answer) {
  if (answer.data.size() < 36) return answer.sense;
  const auto& b = answer.data;
  std::string flags;
  if ((b[5] & 0x20) != 0) flags += "D";
  if ((b[6] & 0x80) != 0) flags += "R";
  if ((b[6] & 0x40) != 0) flags += "B";
  if ((b[6] & 0x20) != 0) flags += "P";
  if ((b[6] & 0x10) != 0) flags += "F";
  if ((b[7] & 2) != 0) flags += "L";
  const std::string nwa =
      (b[7] & 1) != 0 ? absl::StrCat(static_cast<int32_t>(LoadBe32(&b[12]))) : "-";
  return absl::StrCat(b[32] << 8 | b[2], "/", b[33] << 8 | b[3], " ", LoadBe32(&b[8]), "+",
                      LoadBe32(&b[24]), " ", nwa, " ", LoadBe32(&b[16]), " ", flags);
}

// "1@0 2@2240 AA@901696".
std::string TocLine(const Answer& answer) {
  if (answer.data.size() < 4) return answer.sense;
  std::string text;
  for (size_t at = 4; at + 8 <= answer.data.size(); at += 8) {
    absl::StrAppend(&text, at == 4 ? "" : " ",
                    answer.data[at + 2] == 0xAA ? "AA" : absl::StrCat(answer.data[at + 2]), "@",
                    LoadBe32(&answer.data[at + 4]));
  }
  return text;
}

std::string CapacityLine(const Answer& answer) {
  if (answer.data.size() < 8) return answer.sense;
  return absl::StrCat(LoadBe32(&answer.data[0]), "*", LoadBe32(&answer.data[4]));
}

// "2:132800 00 10 15": current descriptor type and blocks, then the types that can be formatted.
std::string FormatLine(const Answer& answer) {
  if (answer.data.size() < 12) return answer.sense;
  std::string text = absl::StrCat(answer.data[8] & 3, ":", LoadBe32(&answer.data[4]));
  for (size_t at = 12; at + 8 <= answer.data.size(); at += 8) {
    absl::StrAppend(&text, " ", absl::Hex(answer.data[at + 4] >> 2, absl::kZeroPad2));
  }
  return text;
}

struct Row {
  const char* name;
  std::vector<std::string> disc;  // words of carousel-disc create
  const char* information;
  std::vector<const char*> tracks;  // from track 1 on
  const char* toc;
  const char* toc_session;
  const char* capacity;
  const char* format;
  const char* features;
};

class StateTable : public testing::TestWithParam<Row> {};

TEST_P(StateTable, IsAnsweredByTheDrive) {
  const Row& row = GetParam();
  TestingRobot robot;
  robot.MakeDisc("D1", row.disc);
  robot.LoadFirstDisc();
  EXPECT_EQ(DiscLine(DiscInformation(robot)), row.information);
  for (size_t i = 0; i < row.tracks.size(); ++i) {
    EXPECT_EQ(TrackLine(Track(robot, static_cast<uint8_t>(i + 1))), row.tracks[i]);
  }
  EXPECT_EQ(Track(robot, static_cast<uint8_t>(row.tracks.size() + 1)).sense, "5/24/00");
  EXPECT_EQ(TocLine(Toc(robot, 0)), row.toc);
  EXPECT_EQ(TocLine(Toc(robot, 1)), row.toc_session);
  EXPECT_EQ(CapacityLine(Capacity(robot)), row.capacity);
  EXPECT_EQ(FormatLine(FormatCapacities(robot)), row.format);
  EXPECT_EQ(Features(robot), row.features);
}

constexpr char kCdRFeatures[] = "0009: 0000 0001 0002 0003 0010 001e 0021 002d 002e 0100 0105 0107";
constexpr char kDvdRFeatures[] = "0011: 0000 0001 0002 0003 0010 001f 0021 002f 0100 0105 0107";
constexpr char kDvdPlusRFeatures[] = "001b: 0000 0001 0002 0003 0010 001f 002b 0100 0105 0107";
constexpr char kBdRFeatures[] = "0041: 0000 0001 0002 0003 0010 0021 0040 0041 0100 0105 0107";
constexpr char kBdReFeatures[] =
    "0043: 0000 0001 0002 0003 0010 0020 0023 0024 0040 0041 0100 0105";
constexpr char kDvdRwFeatures[] =
    "0014: 0000 0001 0002 0003 0010 001f 0021 0023 002f 0100 0105 0107";
constexpr char kDvdPlusRwFeatures[] =
    "001a: 0000 0001 0002 0003 0010 001f 0020 0023 002a 0100 0105";

INSTANTIATE_TEST_SUITE_P(
    WriteOnce, StateTable,
    testing::Values(
        Row{"CdRBlank",
            {"--media=CD-R"},
            "0/0/0 1 1-1 bg0",
            {"1/1 0+359849 0 359849 B"},
            "5/24/00",
            "5/24/00",
            "0*2048",
            "5/24/00",
            kCdRFeatures},
        Row{"CdRwBlank",
            {"--media=CD-RW"},
            "0/0/1 1 1-1 bg0",
            {"1/1 0+359849 0 359849 B"},
            "5/24/00",
            "5/24/00",
            "0*2048",
            "5/24/00",
            "000a: 0000 0001 0002 0003 0010 001e 0021 002d 002e 0037 0100 0105 0107"},
        // Session to 608 with two run-out blocks: udisks issue 836.
        Row{"CdRAppendable",
            {"--media=CD-R", "--session=zeros:608"},
            "1/0/0 2 2-2 bg0",
            {"1/1 0+610 - 0 ", "2/2 12010+347839 12010 347839 B"},
            "1@0 AA@610",
            "1@0",
            "609*2048",
            "5/24/00",
            kCdRFeatures},
        Row{"CdRDamaged",
            {"--media=CD-R", "--session=zeros:608", "--session=zeros:400", "--state=damaged"},
            "1/2/0 2 2-2 bg0",
            {"1/1 0+610 - 0 ", "2/2 12010+400 - 0 D"},
            "1@0 AA@610",
            "1@0",
            "609*2048",
            "5/24/00",
            kCdRFeatures},
        Row{"DvdRBlank",
            {"--media=DVD-R"},
            "0/0/0 1 1-1 bg0",
            {"1/1 0+2297888 0 2297888 P"},
            "5/24/00",
            "5/24/00",
            "0*2048",
            "5/24/00",
            kDvdRFeatures},
        Row{"DvdRAppendable",
            {"--media=DVD-R", "--session=zeros:65264"},
            "1/0/0 2 2-2 bg0",
            {"1/1 0+65264 - 0 PL", "2/2 93952+2203936 93952 2203936 P"},
            "1@0 AA@65264",
            "1@0",
            "65263*2048",
            "5/24/00",
            kDvdRFeatures},
        Row{"DvdRDlFinalized",
            {"--media=DVD-R-DL", "--session=zeros:160"},
            "2/3/0 1 1-1 bg0",
            {"1/1 0+160 - 0 PL"},
            "1@0 AA@160",
            "1@0",
            "159*2048",
            "5/24/00",
            "0015: 0000 0001 0002 0003 0010 001f 002f 0100 0105 0107"},
        Row{"DvdPlusRBlank",
            {"--media=DVD+R"},
            "0/0/0 1 1-1 bg0",
            {"1/1 0+2295104 0 2295104 B"},
            "5/24/00",
            "5/24/00",
            "0*2048",
            "5/24/00",
            kDvdPlusRFeatures},
        // A published disc: sessions at 0, 2,240 and 901,696, next at 1,339,392.
        Row{"DvdPlusRAppendable",
            {"--media=DVD+R", "--session=zeros:192", "--session=zeros:897408",
             "--session=zeros:435648"},
            "1/0/0 4 4-4 bg0",
            {"1/1 0+192 - 0 ", "2/2 2240+897408 - 0 ", "3/3 901696+435648 - 0 ",
             "4/4 1339392+955712 1339392 955712 B"},
            "1@0 2@2240 3@901696 AA@1337344",
            "3@901696",
            "1337343*2048",
            "5/24/00",
            kDvdPlusRFeatures},
        Row{"DvdPlusROpen",
            {"--media=DVD+R", "--session=zeros:180", "--session=zeros:100", "--state=open"},
            "1/1/0 2 2-2 bg0",
            {"1/1 0+192 - 0 ", "2/2 2240+2292864 2352 2292752 "},
            "1@0 AA@192",
            "1@0",
            "191*2048",
            "5/24/00",
            kDvdPlusRFeatures},
        Row{"DvdPlusROpenFirst",
            {"--media=DVD+R", "--session=zeros:100", "--state=open"},
            "1/1/0 1 1-1 bg0",
            {"1/1 0+2295104 112 2294992 "},
            "5/24/00",
            "5/24/00",
            "0*2048",
            "5/24/00",
            kDvdPlusRFeatures},
        Row{"DvdPlusRDamaged",
            {"--media=DVD+R", "--session=zeros:192", "--session=zeros:96", "--state=damaged"},
            "1/2/0 2 2-2 bg0",
            {"1/1 0+192 - 0 ", "2/2 2240+2292864 2336 2292768 D"},
            "1@0 AA@192",
            "1@0",
            "191*2048",
            "5/24/00",
            kDvdPlusRFeatures},
        Row{"DvdPlusRFinalized",
            {"--media=DVD+R", "--session=zeros:192", "--session=zeros:96", "--closed"},
            "2/3/0 2 2-2 bg0",
            {"1/1 0+192 - 0 ", "2/2 2240+96 - 0 "},
            "1@0 2@2240 AA@2336",
            "2@2240",
            "2335*2048",
            "5/24/00",
            kDvdPlusRFeatures},
        Row{"DvdPlusRDlAppendable",
            {"--media=DVD+R-DL", "--session=zeros:192", "--session=zeros:695232",
             "--session=zeros:1043520", "--session=zeros:1043552"},
            "1/0/0 5 5-5 bg0",
            {"1/1 0+192 - 0 ", "2/2 2240+695232 - 0 ", "3/3 699520+1043520 - 0 ",
             "4/4 1745088+1043552 - 0 ", "5/5 2790688+1383136 2790688 1383136 B"},
            "1@0 2@2240 3@699520 4@1745088 AA@2788640",
            "4@1745088",
            "2788639*2048",
            "5/24/00",
            "002b: 0000 0001 0002 0003 0010 001f 003b 0100 0105 0107"},
        Row{"BdRBlank",
            {"--media=BD-R"},
            "0/0/0 1 1-1 bg0",
            {"1/1 0+12219392 0 12219392 P"},
            "5/24/00",
            "5/24/00",
            "0*2048",
            "1:12219392 00 32 32 32",
            "0041: 0000 0001 0002 0003 0010 0021 0023 0040 0041 0100 0105 0107"},
        Row{"BdRAppendable",
            {"--media=BD-R", "--session=zeros:100", "--session=zeros:31"},
            "1/0/0 3 3-3 bg0",
            {"1/1 0+128 - 0 P", "2/2 128+32 - 0 P", "3/3 160+12219232 160 12219232 P"},
            "1@0 2@128 AA@160",
            "2@128",
            "159*2048",
            "2:12219392",
            kBdRFeatures},
        // A freshly formatted one says appendable and is blank.
        Row{"BdRFormattedWithSpares",
            {"--media=BD-R", "--spares", "--state=appendable", "--capacity=11826176"},
            "1/0/0 1 1-1 bg0",
            {"1/1 0+11826176 0 11826176 P"},
            "5/24/00",
            "5/24/00",
            "0*2048",
            "2:11826176 00 32 32 32",
            "0041: 0000 0001 0002 0003 0010 0021 0024 0040 0041 0100 0105 0107"},
        Row{"BdRDlBlank",
            {"--media=BD-R-DL"},
            "0/0/0 1 1-1 bg0",
            {"1/1 0+24438784 0 24438784 P"},
            "5/24/00",
            "5/24/00",
            "0*2048",
            "1:24438784 00 32 32 32",
            "0041: 0000 0001 0002 0003 0010 0021 0023 0040 0041 0100 0105 0107"},
        Row{"BdRXlFinalized",
            {"--media=BD-R-XL", "--session=zeros:64", "--closed"},
            "2/3/0 1 1-1 bg0",
            {"1/1 0+64 - 0 P"},
            "1@0 AA@64",
            "1@0",
            "63*2048",
            "2:48878592",
            kBdRFeatures},
        // A published pseudo-overwrite disc.
        Row{"BdRPseudoOverwrite",
            {"--media=BD-R-POW"},
            "1/1/0 1 1-3 bg0",
            {"1/1 0+32 - 0 P", "2/1 32+2668096 - 0 P", "3/1 2668128+9420192 7925792 4162528 P"},
            "1@0 AA@12088320",
            "1@0",
            "12088319*2048",
            "2:12088320",
            "0041: 0000 0001 0002 0003 0010 0021 0038 0040 0041 0100 0105 0107"}),
    [](const testing::TestParamInfo<Row>& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Overwritable, StateTable,
    testing::Values(Row{"DvdRwSequentialBlank",
                        {"--media=DVD-RW"},
                        "0/0/1 1 1-1 bg0",
                        {"1/1 0+2297888 0 2297888 P"},
                        "5/24/00",
                        "5/24/00",
                        "0*2048",
                        "1:2297888 00 10 15",
                        kDvdRwFeatures},
                    Row{"DvdRwSequentialAppendable",
                        {"--media=DVD-RW", "--session=zeros:132800"},
                        "1/0/1 2 2-2 bg0",
                        {"1/1 0+132800 - 0 PL", "2/2 161488+2136400 161488 2136400 P"},
                        "1@0 AA@132800",
                        "1@0",
                        "132799*2048",
                        "2:132800 00 10 15",
                        kDvdRwFeatures},
                    Row{"DvdRwMinimallyBlanked",
                        {"--media=DVD-RW", "--minimally-blanked"},
                        "0/0/1 1 1-1 bg0",
                        {"1/1 0+2297888 0 2297888 P"},
                        "5/24/00",
                        "5/24/00",
                        "0*2048",
                        "1:2297888 00 10 15",
                        "0014: 0000 0001 0002 0003 0010 001f 0023 002f 0100 0105 0107"},
                    Row{"DvdPlusRwUnformatted",
                        {"--media=DVD+RW", "--state=unformatted"},
                        "0/0/1 1 1-1 bg0",
                        {"1/1 0+2295104 - 2295104 BP"},
                        "5/24/00",
                        "5/24/00",
                        "0*2048",
                        "1:2295104 26",
                        kDvdPlusRwFeatures},
                    Row{"DvdPlusRwFormatted",
                        {"--media=DVD+RW"},
                        "2/3/1 1 1-1 bg3",
                        {"1/1 0+2295104 - 0 P"},
                        "1@0 AA@2295104",
                        "1@0",
                        "2295103*2048",
                        "2:2295104 26",
                        kDvdPlusRwFeatures},
                    Row{"DvdPlusRwFormatSuspended",
                        {"--media=DVD+RW", "--background-format=suspended", "--formatted=4096"},
                        "2/3/1 1 1-1 bg1",
                        {"1/1 0+2295104 - 0 P"},
                        "1@0 AA@2295104",
                        "1@0",
                        "4095*2048",
                        "2:4096 26",
                        kDvdPlusRwFeatures},
                    Row{"DvdRwRestrictedOverwrite",
                        {"--media=DVD-RW-RO"},
                        "2/3/1 1 1-1 bg0",
                        {"1/1 0+2297888 - 0 PF"},
                        "1@0 AA@2297888",
                        "1@0",
                        "2297887*2048",
                        "2:2297888 00 10 15",
                        "0013: 0000 0001 0002 0003 0010 001f 0020 0023 002c 0100 0105"},
                    Row{"DvdRwPartlyFormatted",
                        {"--media=DVD-RW-RO", "--formatted=32000"},
                        "2/3/1 1 1-1 bg0",
                        {"1/1 0+2297888 - 0 PF"},
                        "1@0 AA@2297888",
                        "1@0",
                        "31999*2048",
                        "2:32000 00 10 15 13",
                        "0013: 0000 0001 0002 0003 0010 001f 0020 0023 002c 0100 0105"},
                    Row{"DvdRwIntermediate",
                        {"--media=DVD-RW-RO", "--intermediate"},
                        "2/3/1 1 1-1 bg0",
                        {"1/1 0+2297888 - 0 PF"},
                        "1@0 AA@2297888",
                        "1@0",
                        "2297887*2048",
                        "3:2297888 00 10 15",
                        "0013: 0000 0001 0002 0003 0010 001f 0020 0023 002c 0100 0105"},
                    Row{"DvdRam",
                        {"--media=DVD-RAM"},
                        "3/3/1 1 1-1 bg0",
                        {"1/1 0+2236704 - 0 P"},
                        "1@0 AA@2236704",
                        "1@0",
                        "2236703*2048",
                        "2:2236704 00 00 01 01",
                        "0012: 0000 0001 0002 0003 0010 001f 0020 0023 0024 0100 0105"},
                    Row{"BdReUnformatted",
                        {"--media=BD-RE", "--state=unformatted"},
                        "0/0/1 1 1-1 bg0",
                        {"1/1 0+11826176 - 11826176 BP"},
                        "5/24/00",
                        "5/24/00",
                        "0*2048",
                        "1:11826176 00 30 30 30 31",
                        kBdReFeatures},
                    Row{"BdReFormatted",
                        {"--media=BD-RE"},
                        "2/3/1 1 1-1 bg0",
                        {"1/1 0+11826176 - 0 P"},
                        "1@0 AA@11826176",
                        "1@0",
                        "11826175*2048",
                        "2:11826176 00 30 30 30 31",
                        kBdReFeatures}),
    [](const testing::TestParamInfo<Row>& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(Pressed, StateTable,
                         testing::Values(Row{"CdRom",
                                             {"--media=CD-ROM", "--session=zeros:500"},
                                             "2/3/0 1 1-1 bg0",
                                             {"1/1 0+500 - 0 "},
                                             "1@0 AA@500",
                                             "1@0",
                                             "499*2048",
                                             "5/24/00",
                                             "0008: 0000 0001 0002 0003 0010 001e 0100 0105"},
                                         Row{"DvdRom",
                                             {"--media=DVD-ROM", "--session=zeros:500"},
                                             "2/3/0 1 1-1 bg0",
                                             {"1/1 0+512 - 0 P"},
                                             "1@0 AA@512",
                                             "1@0",
                                             "511*2048",
                                             "5/24/00",
                                             "0010: 0000 0001 0002 0003 0010 001f 0100 0105"},
                                         Row{"BdRom",
                                             {"--media=BD-ROM", "--session=zeros:500"},
                                             "2/3/0 1 1-1 bg0",
                                             {"1/1 0+512 - 0 P"},
                                             "1@0 AA@512",
                                             "1@0",
                                             "511*2048",
                                             "5/24/00",
                                             "0040: 0000 0001 0002 0003 0010 0040 0100 0105"}),
                         [](const testing::TestParamInfo<Row>& info) { return info.param.name; });

TEST(InvisibleTrack, IsKnownByNumberFfOnlyOnCdAndDvdPlusR) {
  for (const auto& [medium, answer] :
       std::vector<std::pair<std::string, std::string>>{{"CD-R", "1/1 0+359849 0 359849 B"},
                                                        {"DVD+R", "1/1 0+2295104 0 2295104 B"},
                                                        {"DVD-R", "5/24/00"},
                                                        {"DVD-RW", "5/24/00"},
                                                        {"BD-R", "5/24/00"},
                                                        {"DVD+RW", "5/24/00"}}) {
    TestingRobot robot;
    robot.MakeDisc("D1", {"--media=" + medium});
    robot.LoadFirstDisc();
    EXPECT_EQ(TrackLine(Track(robot, 0xFF)), answer) << medium;
  }
}

TEST(TrackByAddressAndSession, IsTheOneThatHoldsIt) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=DVD+R", "--session=zeros:192", "--session=zeros:96"});
  robot.LoadFirstDisc();
  const auto track = [&robot](uint8_t type, uint16_t address) {
    return TrackLine(robot.Send({0x52, type, 0, 0, static_cast<uint8_t>(address >> 8),
                                 static_cast<uint8_t>(address & 0xFF), 0, 0, 48, 0},
                                48));
  };
  EXPECT_EQ(track(0, 2'300), "2/2 2240+96 - 0 ");
  EXPECT_EQ(track(0, 1'000), "5/24/00") << "the gap belongs to no track";
  EXPECT_EQ(track(2, 3), "3/3 4384+2290720 4384 2290720 B");
  EXPECT_EQ(track(2, 4), "5/24/00");
  EXPECT_EQ(track(3, 1), "5/24/00") << "reserved address type";
}

TEST(RawToc, ListsTheLeadInsOfACd) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=CD-R", "--session=audio:608", "--session=zeros:400"});
  robot.LoadFirstDisc();
  const Answer answer = Toc(robot, 2);
  ASSERT_EQ(answer.data.size(), 4u + 8 * 11);
  EXPECT_EQ(LoadBe16(&answer.data[0]), 2 + 8 * 11);
  // Second session: lead-out entry, then track 2 at 12,010 = 02:42:10.
  EXPECT_THAT(std::vector<uint8_t>(answer.data.end() - 11, answer.data.end()),
              ElementsAre(2, 0x14, 0, 2, 0, 0, 0, 0, 2, 42, 10));
}

std::vector<std::string> ManySessions(const std::string& medium, int count) {
  std::vector<std::string> words = {"--media=" + medium};
  words.insert(words.end(), count, "--session=zeros:16");
  return words;
}

TEST(TocOfManySessions, GivesTheLastOnesAddressThoughItsListEndsAtTrack99) {
  struct Case {
    const char* medium;
    int sessions;
    const char* last;      // entry of format 1
    int last_session;      // byte 3 of format 1
    const char* lead_out;  // end of format 0
  };
  // Distance from session to session: DVD+R and DL 16 + 2,048 sectors, BD-R a cluster of 32.
  for (const Case& test : {Case{"DVD+R", 99, "99@202272", 99, " 99@202272 AA@202288"},
                           Case{"DVD+R", 100, "100@204336", 100, " 99@202272 AA@204352"},
                           Case{"DVD+R", 153, "153@313728", 153, " 99@202272 AA@313744"},
                           Case{"DVD+R-DL", 127, "127@260064", 127, " 99@202272 AA@260080"},
                           Case{"BD-R", 255, "255@8128", 255, " 99@3136 AA@8160"},
                           // More than the bytes hold: the address is right all the same.
                           Case{"BD-R", 300, "255@9568", 255, " 99@3136 AA@9600"}}) {
    TestingRobot robot;
    robot.MakeDisc("D1", ManySessions(test.medium, test.sessions));
    robot.LoadFirstDisc();
    const Answer session = Toc(robot, 1);
    EXPECT_EQ(TocLine(session), test.last) << test.medium << test.sessions;
    EXPECT_EQ(session.data[2], 1);
    EXPECT_EQ(session.data[3], test.last_session);
    const Answer tracks = Toc(robot, 0);
    EXPECT_EQ(tracks.data[3], 99);
    EXPECT_EQ(LoadBe16(&tracks.data[0]), 2 + 8 * 100);
    EXPECT_THAT(TocLine(tracks), testing::EndsWith(test.lead_out)) << test.medium;
  }
}

TEST(TocOfManySessions, DoesNotListTheSessionThatIsOpen) {
  TestingRobot robot;
  std::vector<std::string> words = ManySessions("DVD+R", 102);
  words.push_back("--state=open");
  robot.MakeDisc("D1", words);
  robot.LoadFirstDisc();
  EXPECT_EQ(TocLine(Toc(robot, 1)), "101@206400");
}

// Each quirk, the disc it shows on, and what is answered then.
TEST(Quirks, ChangeTheAnswersTheyName) {
  struct Case {
    const char* quirk;
    std::vector<std::string> disc;
    std::string (*line)(TestingRobot&);
    const char* answer;
  };
  const std::vector<std::string> blank = {"--media=BD-R"};
  const std::vector<std::string> damaged = {"--media=DVD+R", "--session=zeros:192",
                                            "--session=zeros:96", "--state=damaged"};
  const auto capacity = [](TestingRobot& robot) { return CapacityLine(Capacity(robot)); };
  const auto toc = [](TestingRobot& robot) { return TocLine(Toc(robot, 0)); };
  const auto track = [](TestingRobot& robot) { return TrackLine(Track(robot, 1)); };
  const auto read = [](TestingRobot& robot) { return robot.Read(1'000, 1).sense; };
  const auto information = [](TestingRobot& robot) { return DiscLine(DiscInformation(robot)); };
  for (const Case& test : std::vector<Case>{
           {"capacity-refused-on-blank", blank, capacity, "5/30/00"},
           {"toc-header-on-blank", blank, toc, ""},
           {"nwa-minus-150", blank, track, "1/1 0+12219392 -150 12219392 P"},
           {"absurd-lead-out", damaged, capacity, "4294770689*2048"},
           {"absurd-lead-out", damaged, toc, "1@0 AA@4294770689"},
           {"damage-bit-only", damaged, information, "1/1/0 2 2-2 bg0"},
           {"short-toc", damaged, toc, "1@0"},
           {"short-track-information", damaged, track, "GOOD"},
           {"ram-track-information-refused", {"--media=DVD-RAM"}, track, "5/24/00"},
           {"blank-check-on-unwritten", damaged, read, "8/00/00"},
           {"medium-error-on-unwritten", damaged, read, "3/11/00"},
           {"pow-feature-on-blank", blank, [](TestingRobot& robot) { return Features(robot); },
            "0041: 0000 0001 0002 0003 0010 0021 0023 0038 0040 0041 0100 0105 0107"},
           {"no-performance", blank,
            [](TestingRobot& robot) {
              return robot.Send({0xAC, 0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0}, 136).sense;
            },
            "5/20/00"}}) {
    TestingRobot robot;
    robot.options.drives[0].quirks = {test.quirk};
    robot.MakeDisc("D1", test.disc);
    robot.LoadFirstDisc();
    EXPECT_EQ(test.line(robot), test.answer) << test.quirk;
  }
}

TEST(ReadOnlyDrive, ShowsAWrittenDiscAsAPressedOne) {
  TestingRobot robot;
  robot.options.drives[0].type = "BD-ROM-8x";
  robot.MakeDisc("D1", {"--media=DVD+R", "--session=zeros:192", "--session=zeros:96"});
  robot.LoadFirstDisc();
  EXPECT_EQ(Features(robot), "0010: 0000 0001 0002 0003 0010 001f 0100 0105");
  EXPECT_EQ(DiscLine(DiscInformation(robot)), "2/3/0 2 2-2 bg0");
  EXPECT_EQ(TocLine(Toc(robot, 0)), "1@0 2@2240 AA@2336");
}

TEST(ReadOnlyDrive, DoesNotRecogniseABlankDisc) {
  TestingRobot robot;
  robot.options.drives[0].type = "BD-ROM-8x";
  robot.MakeDisc("D1", {"--media=DVD+R"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Send({0, 0, 0, 0, 0, 0}).sense, "2/30/01");
}

TEST(WriteProtection, IsToldByDiscStructureC0) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=BD-RE", "--state=write-protected"});
  robot.LoadFirstDisc();
  const Answer answer = robot.Send({0xAD, 1, 0, 0, 0, 0, 0, 0xC0, 0, 8, 0, 0}, 8);
  ASSERT_EQ(answer.data.size(), 8u);
  EXPECT_EQ(answer.data[4] & 0x0F, 0x02) << "persistent write protection";
}

}  // namespace
}  // namespace carousel
