#include "server/disc_format/media_classification.h"

#include <ostream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hal/drive/fake_media.h"

namespace carousel {
namespace {

using mmc::Profile;
using Class = MultisessionClass;
using Type = PhysicalMediaType;
namespace bits = media_status;

const std::vector<FakeSession> kOneSession = {{.start = Lba(0), .size = Sectors(600)}};
constexpr Sectors kCapacity(100'000);

MediaState Blank(Profile profile) { return BlankMedia(profile, kCapacity); }
MediaState Appendable(Profile profile) {
  return AppendableMedia(profile, kOneSession, Lba(20'000), kCapacity);
}
MediaState Open(Profile profile) {
  return OpenSessionMedia(profile, kOneSession, Lba(20'000), Sectors(64), kCapacity);
}
MediaState Finalized(Profile profile) { return FinalizedMedia(profile, kOneSession); }
MediaState Formatted(Profile profile) { return OverwritableMedia(profile, kCapacity); }
MediaState WithFeature(MediaState state, uint16_t feature) {
  state.current_features.push_back(feature);
  return state;
}
MediaState WithoutFeature(MediaState state, uint16_t feature) {
  std::erase(state.current_features, feature);
  return state;
}
MediaState Unformatted(Profile profile) {
  MediaState state = Formatted(profile);
  state.disc_status = DiscStatus::kBlank;
  state.format = FormatDescriptor::kUnformatted;
  state.readable = Sectors(0);
  return state;
}
MediaState Damaged(Profile profile) {
  MediaState state = Open(profile);
  state.last_session = LastSessionState::kDamaged;
  return state;
}
MediaState Protected(MediaState state) {
  state.write_protected = true;
  return state;
}
// The last track that a table of contents has room for comes next.
MediaState NearlyFull(Profile profile, int next) {
  MediaState state = Appendable(profile);
  state.tracks.back().number = TrackNumber(next);
  state.tracks.back().session = SessionNumber(next);
  return WithFeature(state, 0x0021);
}

constexpr uint32_t kBlankSequential = bits::kBlank | bits::kAppendable;
constexpr uint32_t kOverwritable = bits::kOverwriteOnly | bits::kAppendable;

struct Row {
  std::string name;
  MediaState state;
  Type type;
  Class multisession_class;
  uint32_t status;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class MediaClassificationTest : public testing::TestWithParam<Row> {};

TEST_P(MediaClassificationTest, IsImapis) {
  const Row& row = GetParam();
  EXPECT_EQ(PhysicalMediaTypeName(PhysicalMediaTypeOf(row.state)), PhysicalMediaTypeName(row.type));
  EXPECT_EQ(MultisessionClassOf(row.state), row.multisession_class);
  EXPECT_EQ(MediaStatusBitsOf(row.state), row.status);
}

INSTANTIATE_TEST_SUITE_P(
    Sequential, MediaClassificationTest,
    testing::Values(
        Row{"CdRBlank", Blank(Profile::kCdR), Type::kCdR, Class::kSequential, kBlankSequential},
        Row{"CdRwBlank", Blank(Profile::kCdRw), Type::kCdRw, Class::kSequential, kBlankSequential},
        Row{"CdRAppendable", Appendable(Profile::kCdR), Type::kCdR, Class::kSequential,
            bits::kAppendable},
        Row{"CdROpen", Open(Profile::kCdR), Type::kCdR, Class::kSequential, bits::kNonEmptySession},
        Row{"CdRFinalized", Finalized(Profile::kCdR), Type::kCdRom, Class::kNone, bits::kFinalized},
        Row{"CdRwFinalized", Finalized(Profile::kCdRw), Type::kCdRw, Class::kSequential,
            bits::kFinalized},
        Row{"CdRLastTrack", NearlyFull(Profile::kCdR, 99), Type::kCdR, Class::kSequential,
            bits::kAppendable | bits::kFinalSession},
        Row{"CdRRoomForOne",
            AppendableMedia(Profile::kCdR, kOneSession, Lba(20'000), Sectors(27'503)), Type::kCdR,
            Class::kSequential, bits::kAppendable | bits::kFinalSession},
        Row{"CdRRoomForTwo",
            AppendableMedia(Profile::kCdR, kOneSession, Lba(20'000), Sectors(27'504)), Type::kCdR,
            Class::kSequential, bits::kAppendable},
        Row{"DvdRAppendable", WithFeature(Appendable(Profile::kDvdR), 0x0021), Type::kDvdDashR,
            Class::kSequential, bits::kAppendable},
        Row{"DvdRFinalized", Finalized(Profile::kDvdR), Type::kDvdRom, Class::kNone,
            bits::kFinalized},
        Row{"DvdPlusRAppendable", Appendable(Profile::kDvdPlusR), Type::kDvdPlusR,
            Class::kSequential, bits::kAppendable},
        Row{"DvdPlusRDamaged", Damaged(Profile::kDvdPlusR), Type::kDvdPlusR, Class::kSequential,
            bits::kDamaged | bits::kNonEmptySession},
        Row{"DvdPlusRLastSession", NearlyFull(Profile::kDvdPlusR, 153), Type::kDvdPlusR,
            Class::kSequential, bits::kAppendable | bits::kFinalSession},
        Row{"DvdPlusRProtected", Protected(Appendable(Profile::kDvdPlusR)), Type::kDvdPlusR,
            Class::kSequential, bits::kAppendable | bits::kWriteProtected},
        Row{"DvdPlusRDualLayer", Appendable(Profile::kDvdPlusRDualLayer), Type::kDvdPlusRDualLayer,
            Class::kSequential, bits::kAppendable},
        Row{"DvdPlusRDualLayerLast", NearlyFull(Profile::kDvdPlusRDualLayer, 127),
            Type::kDvdPlusRDualLayer, Class::kSequential, bits::kAppendable | bits::kFinalSession},
        Row{"BdRAppendable", Appendable(Profile::kBdRSequential), Type::kBdR, Class::kSequential,
            bits::kAppendable},
        Row{"BdRFinalized", Finalized(Profile::kBdRSequential), Type::kBdRom, Class::kNone,
            bits::kFinalized},
        Row{"BdRBlankWithPseudoOverwriteFeature",
            WithFeature(Blank(Profile::kBdRSequential), 0x0038), Type::kBdR, Class::kSequential,
            kBlankSequential},
        Row{"BdRFormattedUnwritten",
            AppendableMedia(Profile::kBdRSequential, {}, Lba(0), kCapacity), Type::kBdR,
            Class::kSequential, kBlankSequential}),
    [](const testing::TestParamInfo<Row>& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Overwritable, MediaClassificationTest,
    testing::Values(
        Row{"DvdRam", Formatted(Profile::kDvdRam), Type::kDvdRam, Class::kOverwritable,
            kOverwritable},
        Row{"DvdPlusRw", Formatted(Profile::kDvdPlusRw), Type::kDvdPlusRw, Class::kOverwritable,
            kOverwritable},
        Row{"DvdPlusRwUnformatted", Unformatted(Profile::kDvdPlusRw), Type::kDvdPlusRw,
            Class::kOverwritable, kOverwritable | bits::kBlank},
        Row{"DvdPlusRwDualLayer", Formatted(Profile::kDvdPlusRwDualLayer),
            Type::kDvdPlusRwDualLayer, Class::kOverwritable, kOverwritable},
        Row{"BdRe", Formatted(Profile::kBdRe), Type::kBdRe, Class::kOverwritable, kOverwritable},
        Row{"BdReProtected", Protected(Formatted(Profile::kBdRe)), Type::kBdRe,
            Class::kOverwritable, kOverwritable | bits::kWriteProtected},
        Row{"Disk", Formatted(Profile::kRemovableDisk), Type::kDisk, Class::kOverwritable,
            kOverwritable},
        Row{"DvdRwRestrictedOverwrite", Formatted(Profile::kDvdRwRestrictedOverwrite),
            Type::kDvdDashRw, Class::kOverwritable, kOverwritable},
        Row{"DvdRwSequentialBlank", WithFeature(Blank(Profile::kDvdRwSequential), 0x0021),
            Type::kDvdDashRw, Class::kOverwritable, kOverwritable | bits::kBlank},
        Row{"DvdRwSequentialBlankedShortly",
            WithoutFeature(Blank(Profile::kDvdRwSequential), 0x0021), Type::kDvdDashRw,
            Class::kOverwritable, kOverwritable | bits::kBlank | bits::kFinalSession},
        Row{"DvdRwSequentialWritten", WithFeature(Appendable(Profile::kDvdRwSequential), 0x0021),
            Type::kDvdDashRw, Class::kSequential, bits::kAppendable}),
    [](const testing::TestParamInfo<Row>& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    NoSessions, MediaClassificationTest,
    testing::Values(Row{"CdRom", Finalized(Profile::kCdRom), Type::kCdRom, Class::kNone,
                        bits::kWriteProtected | bits::kUnsupportedMedia},
                    Row{"BdRom", Finalized(Profile::kBdRom), Type::kBdRom, Class::kNone,
                        bits::kWriteProtected | bits::kUnsupportedMedia},
                    Row{"DvdRDualLayer", Blank(Profile::kDvdRDualLayer), Type::kDvdDashRDualLayer,
                        Class::kNone, bits::kBlank | bits::kFinalSession | bits::kUnsupportedMedia},
                    Row{"BdRPseudoOverwrite", WithFeature(Open(Profile::kBdRSequential), 0x0038),
                        Type::kBdR, Class::kNone, bits::kNonEmptySession | bits::kUnsupportedMedia},
                    Row{"BdRRandom", Appendable(Profile::kBdRRandom), Type::kBdR, Class::kNone,
                        bits::kUnsupportedMedia},
                    Row{"HdDvdR", Blank(static_cast<Profile>(0x0051)), Type::kHdDvdR, Class::kNone,
                        bits::kBlank | bits::kUnsupportedMedia},
                    Row{"UnknownProfile", Blank(static_cast<Profile>(0xFFF0)), Type::kUnknown,
                        Class::kNone, bits::kBlank | bits::kUnsupportedMedia}),
    [](const testing::TestParamInfo<Row>& info) { return info.param.name; });

TEST(WriteProtectBits, TellReadOnlyMediaFromProtectedOnes) {
  EXPECT_EQ(WriteProtectBitsOf(Finalized(Profile::kDvdRom)), 0x4000u);
  EXPECT_EQ(WriteProtectBitsOf(Protected(Formatted(Profile::kDvdRam))), 0x0004u);
  EXPECT_EQ(WriteProtectBitsOf(Formatted(Profile::kDvdRam)), 0u);
}

TEST(WriteUnit, IsTheEccBlockOfTheMedium) {
  EXPECT_EQ(WriteUnitOf(Profile::kCdR), Sectors(1));
  EXPECT_EQ(WriteUnitOf(Profile::kDvdPlusR), Sectors(16));
  EXPECT_EQ(WriteUnitOf(Profile::kBdRe), Sectors(32));
}

}  // namespace
}  // namespace carousel
