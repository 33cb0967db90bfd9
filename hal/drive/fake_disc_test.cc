#include "hal/drive/fake_disc.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/fake_media.h"
#include "hal/drive/media_state.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/mode_sense.h"
#include "hal/mmc/profile.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

using mmc::Profile;

std::vector<uint8_t> Filled(int64_t sectors, uint8_t byte) {
  return std::vector<uint8_t>(sectors * kSectorSize, byte);
}

std::string SenseOf(const absl::Status& status) {
  const auto payload = scsi::GetSense(status);
  return payload.has_value() ? payload->sense.ToString() : "none";
}

FakeDisc Blank(Profile profile, int64_t capacity) {
  return FakeDisc(BlankMedia(profile, Sectors(capacity)), nullptr);
}

// Writes `sectors` at the next writable address, and closes track and session.
void Burn(FakeDisc& disc, int64_t sectors, SessionClose how = SessionClose::kSession) {
  const TrackState track = *disc.state().AppendTrack();
  ASSERT_OK(disc.Write(*track.next_writable, Filled(sectors, 7)));
  disc.Synchronize();
  ASSERT_OK(disc.CloseTrack(track.number));
  ASSERT_OK(disc.CloseSession(how));
}

mmc::WriteParameters Page(const FakeDisc& disc, WriteChoice choice = {}) {
  return *WriteParametersFor(*FindBurnRow(disc.state()), choice);
}

TEST(FakeDiscTest, EachMediumHasItsGapBetweenSessions) {
  struct Row {
    Profile profile;
    int64_t written;
    int64_t second;
    int64_t third;
  };
  for (const Row& row :
       {Row{Profile::kCdR, 606, 12'008, 19'516}, Row{Profile::kDvdR, 65'264, 93'952, 165'216},
        Row{Profile::kDvdPlusR, 192, 2'240, 4'480}, Row{Profile::kBdRSequential, 100, 128, 256}}) {
    FakeDisc disc = Blank(row.profile, 1'000'000);
    if (row.profile == Profile::kCdR || row.profile == Profile::kDvdR) {
      ASSERT_OK(disc.SetWriteParameters(Page(disc)));
    }
    Burn(disc, row.written);
    EXPECT_EQ(disc.state().AppendTrack()->next_writable, Lba(row.second))
        << mmc::ProfileName(row.profile);
    Burn(disc, row.written);
    EXPECT_EQ(disc.state().AppendTrack()->next_writable, Lba(row.third))
        << mmc::ProfileName(row.profile);
    EXPECT_EQ(disc.state().sessions, 3);
  }
}

TEST(FakeDiscTest, ACdTrackEndsInTwoSectorsThatNobodyReads) {
  FakeDisc disc = Blank(Profile::kCdR, 359'844);
  ASSERT_OK(disc.SetWriteParameters(Page(disc)));
  Burn(disc, 606);
  EXPECT_EQ(disc.state().tracks[0].size, Sectors(608));
  EXPECT_EQ(disc.state().ReadableEnd(), Lba(606));
}

TEST(FakeDiscTest, ThePageDecidesWhetherACdStaysAppendable) {
  FakeDisc disc = Blank(Profile::kCdR, 359'844);
  ASSERT_OK(disc.SetWriteParameters(Page(disc, {.keep_appendable = false})));
  Burn(disc, 606);
  EXPECT_EQ(disc.state().disc_status, DiscStatus::kComplete);
  EXPECT_EQ(SenseOf(disc.Write(Lba(12'010), Filled(1, 1))), "5/30/05");
}

TEST(FakeDiscTest, MediaWithoutThePageRefuseIt) {
  FakeDisc cd = Blank(Profile::kCdR, 359'844);
  FakeDisc disc = Blank(Profile::kBdRSequential, 12'219'392);
  EXPECT_EQ(SenseOf(disc.SetWriteParameters(Page(cd))), "5/26/00");
}

TEST(FakeDiscTest, ATestWriteChangesNothing) {
  FakeDisc disc = Blank(Profile::kCdR, 359'844);
  ASSERT_OK(disc.SetWriteParameters(Page(disc, {.simulate = true})));
  ASSERT_OK(disc.Write(Lba(0), Filled(32, 7)));
  ASSERT_OK(disc.Write(Lba(32), Filled(32, 7)));
  disc.Synchronize();
  EXPECT_FALSE(disc.CloseTrack(TrackNumber(1)).ok());
  EXPECT_EQ(disc.state().disc_status, DiscStatus::kBlank);
  EXPECT_EQ(disc.state().AppendTrack()->next_writable, Lba(0));
}

TEST(FakeDiscTest, WhatDoesNotFitIsTheEndOfTheUserArea) {
  FakeDisc disc = Blank(Profile::kDvdPlusR, 64);
  EXPECT_EQ(SenseOf(disc.Write(Lba(0), Filled(65, 1))), "5/63/00");
  EXPECT_OK(disc.Write(Lba(0), Filled(64, 1)));
}

TEST(FakeDiscTest, OverwritableMediaAreWrittenAnywhereAndAgain) {
  FakeDisc disc(OverwritableMedia(Profile::kBdRe, Sectors(1'000)), nullptr);
  ASSERT_OK(disc.Write(Lba(500), Filled(2, 1)));
  ASSERT_OK(disc.Write(Lba(501), Filled(1, 2)));
  disc.Synchronize();
  ASSERT_OK(disc.Write(Lba(502), Filled(1, 3)));
  std::vector<uint8_t> read(4 * kSectorSize);
  disc.Read(Lba(500), absl::MakeSpan(read));
  EXPECT_EQ(read[0], 1);
  EXPECT_EQ(read[kSectorSize], 2);
  EXPECT_EQ(read[2 * kSectorSize], 3) << "buffered";
  EXPECT_EQ(read[3 * kSectorSize], 0);
  EXPECT_EQ(SenseOf(disc.Write(Lba(999), Filled(2, 1))), "5/21/00");
}

TEST(FakeDiscTest, APowerCutLosesWhatWasNotSynchronised) {
  FakeDisc disc = Blank(Profile::kDvdPlusR, 2'295'104);
  ASSERT_OK(disc.Write(Lba(0), Filled(32, 1)));
  disc.Synchronize();
  ASSERT_OK(disc.Write(Lba(32), Filled(32, 2)));
  disc.LosePower();
  EXPECT_EQ(disc.state().AppendTrack()->next_writable, Lba(32)) << "it can go on there";
  std::vector<uint8_t> read(64 * kSectorSize);
  disc.Read(Lba(0), absl::MakeSpan(read));
  EXPECT_EQ(read[31 * kSectorSize], 1);
  EXPECT_EQ(read[32 * kSectorSize], 0);
}

TEST(FakeDiscTest, APowerCutBeforeAnythingWasOnTheDiscLeavesItBlank) {
  FakeDisc disc = Blank(Profile::kBdRSequential, 12'219'392);
  ASSERT_OK(disc.Write(Lba(0), Filled(32, 1)));
  disc.LosePower();
  EXPECT_EQ(disc.state().disc_status, DiscStatus::kBlank);
  EXPECT_EQ(disc.state().AppendTrack()->free, Sectors(12'219'392));
}

TEST(FakeDiscTest, APowerCutDamagesTheTrackOfACd) {
  FakeDisc disc = Blank(Profile::kCdR, 359'844);
  ASSERT_OK(disc.SetWriteParameters(Page(disc)));
  ASSERT_OK(disc.Write(Lba(0), Filled(32, 1)));
  disc.LosePower();
  EXPECT_TRUE(disc.state().tracks[0].damaged);
  EXPECT_EQ(disc.state().AppendTrack(), nullptr);
}

TEST(FakeDiscTest, ADvdRwThatIsBlankedMinimallyIsWrittenAtOnceOnly) {
  FakeDisc disc = Blank(Profile::kDvdRwSequential, 2'297'888);
  ASSERT_OK(disc.SetWriteParameters(Page(disc)));
  Burn(disc, 160);
  ASSERT_OK(disc.Blank(BlankExtent::kMinimal));
  EXPECT_EQ(SenseOf(disc.Write(Lba(0), Filled(16, 1))), "5/64/00");
  EXPECT_EQ(FindBurnRow(disc.state())->method, BurnMethod::kDiscAtOnce);
  ASSERT_OK(disc.SetWriteParameters(Page(disc)));
  ASSERT_OK(disc.ReserveTrack(Sectors(160)));
  EXPECT_EQ(SenseOf(disc.ReserveTrack(Sectors(160))), "5/2C/00");
  ASSERT_OK(disc.Write(Lba(0), Filled(160, 1)));
  disc.Synchronize();
  EXPECT_EQ(disc.state().disc_status, DiscStatus::kComplete);
  ASSERT_OK(disc.Blank(BlankExtent::kWhole));
  EXPECT_EQ(FindBurnRow(disc.state())->method, BurnMethod::kIncremental);
}

TEST(FakeDiscTest, FormattingMakesADvdRwOverwritableAndOtherMediaRefuse) {
  FakeDisc disc = Blank(Profile::kDvdRwSequential, 2'297'888);
  ASSERT_OK(disc.Format({.type = mmc::FormatType::kDvdRwQuick}));
  EXPECT_EQ(disc.state().profile, Profile::kDvdRwRestrictedOverwrite);
  FakeDisc write_once = Blank(Profile::kDvdPlusR, 2'295'104);
  EXPECT_EQ(SenseOf(write_once.Format({})), "5/26/00");
}

TEST(FakeDiscTest, AnEmptySessionIsClosedWithoutAnything) {
  FakeDisc disc = Blank(Profile::kDvdPlusR, 2'295'104);
  Burn(disc, 192);
  ASSERT_OK(disc.CloseTrack(TrackNumber(2)));
  ASSERT_OK(disc.CloseSession(SessionClose::kSession));
  EXPECT_EQ(disc.state().sessions, 2);
  ASSERT_OK(disc.CloseSession(SessionClose::kFinalize));
  EXPECT_EQ(disc.state().disc_status, DiscStatus::kComplete);
  EXPECT_EQ(disc.state().sessions, 1);
}

}  // namespace
}  // namespace carousel
