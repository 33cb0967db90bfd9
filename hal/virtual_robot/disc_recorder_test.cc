// What a drive lets be written on which disc, and what a power cut leaves of it.
#include "hal/virtual_robot/disc_recorder.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/mmc/blank.h"
#include "hal/mmc/close_track_session.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/mode_sense.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/medium.h"

namespace carousel::virtual_robot {
namespace {

using mmc::CloseFunction;

// Keeps the sectors in memory, counts how often each was written, and holds every text that is
// saved against Validate. On sequential media a text that has the track up to there comes before.
class MemoryKeeper : public DiscKeeper {
 public:
  absl::Status WriteSectors(Lba start, absl::Span<const uint8_t> sectors) override {
    for (size_t at = 0; at < sectors.size(); at += kSectorSize) {
      const int64_t lba = start.value() + static_cast<int64_t>(at / kSectorSize);
      EXPECT_TRUE(!sequential || (!saved.tracks.empty() && saved.tracks.back().end() > Lba(lba)))
          << "LBA " << lba << " is on the disc and not in its text";
      ++writes[lba];
      first_byte[lba] = sectors[at];
    }
    return absl::OkStatus();
  }
  absl::Status Save(const Disc& disc) override {
    EXPECT_OK(Validate(disc));
    saved = disc;
    return absl::OkStatus();
  }

  bool sequential = false;
  std::map<int64_t, int> writes;
  std::map<int64_t, uint8_t> first_byte;
  Disc saved;
};

struct Recording {
  explicit Recording(absl::string_view medium, Sectors buffer = Sectors(64)) {
    disc.barcode = "A";
    disc.medium = FindMedium(medium);
    disc.capacity = disc.medium->capacity;
    disc.gap = disc.medium->gap;
    disc.state = disc.medium->overwritable() ? DiscState::kUnformatted : DiscState::kBlank;
    keeper.sequential = disc.medium->sequential();
    recorder = std::make_unique<DiscRecorder>(&disc, &keeper, buffer);
  }

  std::string Write(int64_t start, int64_t count, uint8_t byte = 1) {
    return Text(recorder->Write(Lba(start), std::vector<uint8_t>(count * kSectorSize, byte)));
  }
  std::string Close(CloseFunction function, uint16_t track = 0) {
    return Text(recorder->CloseTrackSession({.function = function, .track = TrackNumber(track)}));
  }
  // A session of one track, closed so that the disc stays appendable.
  void Session(int64_t start, int64_t count) {
    EXPECT_EQ(Write(start, count), "GOOD");
    EXPECT_EQ(Text(recorder->Synchronize()), "GOOD");
    EXPECT_EQ(Close(CloseFunction::kTrack, static_cast<uint16_t>(disc.tracks.size())), "GOOD");
    EXPECT_EQ(Close(CloseFunction::kSession), "GOOD");
  }
  static std::string Text(const Refusal& refusal) {
    return refusal.has_value() ? refusal->ToString() : "GOOD";
  }
  int64_t next() const {
    return disc.NextWritable().has_value() ? disc.NextWritable()->value() : -1;
  }

  Disc disc;
  MemoryKeeper keeper;
  std::unique_ptr<DiscRecorder> recorder;
};

constexpr mmc::WriteParameters kTrackAtOnce = {.write_type = 1, .multi_session = 3};
constexpr mmc::WriteParameters kIncremental = {.write_type = 0, .multi_session = 3};
constexpr mmc::WriteParameters kAtOnce = {.write_type = 2};

TEST(DiscRecorderTest, ASequentialDiscIsWrittenAtItsNextWritableAddressOnly) {
  Recording r("DVD+R");
  EXPECT_EQ(r.Write(16, 16), "5/21/02");
  EXPECT_EQ(r.Write(0, 16), "GOOD");
  EXPECT_EQ(r.Write(0, 16), "5/21/02") << "written before";
  EXPECT_EQ(r.Write(32, 16), "5/21/02");
  EXPECT_EQ(r.Write(16, 16), "GOOD");
  EXPECT_EQ(r.next(), 32);
  EXPECT_EQ(r.disc.state, DiscState::kOpen);
}

TEST(DiscRecorderTest, SessionsFollowEachOtherWithTheMediumsGap) {
  Recording plus("DVD+R");
  plus.Session(0, 192);
  EXPECT_EQ(plus.next(), 2'240);
  plus.Session(2'240, 64);
  EXPECT_EQ(plus.next(), 4'352);
  EXPECT_EQ(plus.disc.state, DiscState::kAppendable);
  EXPECT_EQ(plus.keeper.saved.tracks.size(), 2u);

  Recording cd("CD-R");
  cd.recorder->set_page(kTrackAtOnce);
  cd.Session(0, 606);
  EXPECT_EQ(cd.disc.tracks[0].size, Sectors(608)) << "two run-out blocks";
  EXPECT_EQ(cd.next(), 12'008);
  cd.Session(12'008, 400);
  EXPECT_EQ(cd.next(), 12'008 + 402 + 6'900);

  Recording minus("DVD-R");
  minus.recorder->set_page(kIncremental);
  minus.Session(0, 65'264);
  EXPECT_EQ(minus.next(), 93'952);

  Recording bd("BD-R");
  bd.Session(0, 100);
  EXPECT_EQ(bd.next(), 128) << "the next cluster";
}

TEST(DiscRecorderTest, ASynchronizationInsideAUnitFillsItWithZeros) {
  Recording r("BD-R");
  EXPECT_EQ(r.Write(0, 33), "GOOD");
  EXPECT_EQ(r.next(), 33) << "the unit is still in the buffer";
  EXPECT_FALSE(r.recorder->Synchronize().has_value());
  EXPECT_EQ(r.next(), 64);
  EXPECT_EQ(r.keeper.writes.at(63), 1);
  EXPECT_EQ(r.keeper.first_byte.at(63), 0);
  EXPECT_EQ(r.Write(33, 1), "5/21/02");
  EXPECT_EQ(r.Write(64, 1), "GOOD");
}

TEST(DiscRecorderTest, ACdTrackHasAtLeastThreeHundredSectors) {
  Recording r("CD-R");
  r.recorder->set_page(kTrackAtOnce);
  r.Session(0, 16);
  EXPECT_EQ(r.disc.tracks[0].size, Sectors(302));
}

TEST(DiscRecorderTest, CloseIsRefusedAsDrivesRefuseIt) {
  Recording r("DVD+R");
  EXPECT_EQ(r.Close(CloseFunction::kTrack, 1), "GOOD") << "empty: nothing is written";
  EXPECT_EQ(r.disc.state, DiscState::kBlank);
  EXPECT_EQ(r.Write(0, 16), "GOOD");
  EXPECT_EQ(r.Close(CloseFunction::kSession), "5/72/03") << "the track is open";
  EXPECT_EQ(r.Close(CloseFunction::kTrack, 2), "5/24/00");
  EXPECT_EQ(r.Close(CloseFunction::kStopBackgroundFormat), "5/24/00");
  EXPECT_EQ(r.Close(CloseFunction::kTrack, 1), "GOOD");
  EXPECT_EQ(r.Close(CloseFunction::kFinalizeMinimalRadius), "GOOD");
  EXPECT_EQ(r.disc.state, DiscState::kFinalized);
  EXPECT_EQ(r.Write(2'064, 16), "5/30/05");

  Recording bd_re("BD-RE");
  EXPECT_EQ(bd_re.Close(CloseFunction::kSession), "5/24/00") << "BD-RE knows no CLOSE";
}

TEST(DiscRecorderTest, OnCdThePageDecidesAndClosingTheTrackMayBeLeftOut) {
  Recording r("CD-R");
  r.recorder->set_page({.write_type = 1, .multi_session = 0});
  EXPECT_EQ(r.Write(0, 400), "GOOD");
  EXPECT_EQ(r.Close(CloseFunction::kSession), "GOOD");
  EXPECT_EQ(r.disc.state, DiscState::kFinalized);
}

TEST(DiscRecorderTest, WriteTypesThatDoNotFitAreRefused) {
  Recording cd("CD-R");
  cd.recorder->set_page(kIncremental);
  EXPECT_EQ(cd.Write(0, 16), "5/64/00");
  cd.recorder->set_page(kAtOnce);
  EXPECT_EQ(cd.Write(0, 16), "5/2C/00") << "no cue sheet";

  Recording rw("DVD-RW");
  rw.recorder->set_page(kTrackAtOnce);
  EXPECT_EQ(rw.Write(0, 16), "5/64/00");
  rw.disc.minimally_blanked = true;
  rw.recorder->set_page(kIncremental);
  EXPECT_EQ(rw.Write(0, 16), "5/64/00") << "blanked minimally: at once only";
}

TEST(DiscRecorderTest, ADiscThatIsWrittenAtOnceIsReservedAndClosed) {
  Recording r("DVD-R");
  r.recorder->set_page(kAtOnce);
  EXPECT_EQ(r.Write(0, 160), "5/2C/00") << "not reserved";
  EXPECT_FALSE(r.recorder->ReserveTrack(Sectors(160)).has_value());
  EXPECT_EQ(Recording::Text(r.recorder->ReserveTrack(Sectors(160))), "5/2C/00");
  EXPECT_EQ(r.Write(0, 160), "GOOD");
  EXPECT_EQ(r.Write(160, 16), "5/63/00");
  EXPECT_FALSE(r.recorder->Synchronize().has_value());
  EXPECT_EQ(r.disc.state, DiscState::kFinalized);
}

TEST(DiscRecorderTest, AReservedTrackOfADvdPlusRIsFilledWhenItIsClosedAndBlocksTheSessionBefore) {
  Recording r("DVD+R");
  EXPECT_FALSE(r.recorder->ReserveTrack(Sectors(320)).has_value());
  EXPECT_EQ(r.Write(0, 160), "GOOD");
  EXPECT_EQ(r.Close(CloseFunction::kSession), "5/72/04");
  EXPECT_EQ(r.Close(CloseFunction::kTrack, 1), "GOOD");
  EXPECT_EQ(r.disc.tracks[0].size, Sectors(320));
  EXPECT_EQ(r.Close(CloseFunction::kSession), "GOOD");
}

TEST(DiscRecorderTest, ATestWriteWritesNothingAndCannotBeClosed) {
  Recording r("CD-R");
  r.recorder->set_page({.test_write = true, .write_type = 1, .multi_session = 3});
  EXPECT_EQ(r.Write(0, 400), "GOOD");
  EXPECT_EQ(r.Write(0, 400), "5/21/02");
  EXPECT_EQ(r.Write(400, 400), "GOOD");
  EXPECT_EQ(r.Close(CloseFunction::kTrack, 1), "5/2C/00");
  EXPECT_EQ(r.disc.state, DiscState::kBlank);
  EXPECT_TRUE(r.keeper.writes.empty());
}

TEST(DiscRecorderTest, ATestWriteAtOnceEndsWithItsPage) {
  Recording r("DVD-R-DL");
  r.recorder->set_page({.test_write = true, .write_type = 2});
  EXPECT_EQ(Recording::Text(r.recorder->ReserveTrack(Sectors(32))), "GOOD");
  EXPECT_EQ(r.Write(0, 32), "GOOD");
  EXPECT_EQ(Recording::Text(r.recorder->Synchronize()), "GOOD");
  EXPECT_TRUE(r.disc.blank());
  r.recorder->set_page(kAtOnce);
  EXPECT_EQ(Recording::Text(r.recorder->ReserveTrack(Sectors(32))), "GOOD") << "the same again";
  EXPECT_EQ(r.Write(0, 32), "GOOD");
  EXPECT_EQ(Recording::Text(r.recorder->Synchronize()), "GOOD");
  EXPECT_EQ(r.disc.state, DiscState::kFinalized);
}

TEST(DiscRecorderTest, WhatIsNotOnTheDiscIsLostByAPowerCut) {
  Recording r("DVD+R", Sectors(2'048));
  EXPECT_EQ(r.Write(0, 160, 1), "GOOD");
  EXPECT_FALSE(r.recorder->Synchronize().has_value());
  EXPECT_EQ(r.Write(160, 160, 2), "GOOD");
  r.recorder->LosePower();
  EXPECT_EQ(r.disc.state, DiscState::kDamaged);
  EXPECT_EQ(r.next(), 160) << "a DVD+R goes on where it was";
  EXPECT_EQ(r.keeper.writes.count(160), 0u);
  EXPECT_EQ(r.Write(160, 160, 2), "GOOD");
  EXPECT_EQ(r.disc.state, DiscState::kOpen);
}

TEST(DiscRecorderTest, OnlyWholeUnitsLeaveAFullBuffer) {
  Recording r("BD-R", Sectors(64));
  EXPECT_EQ(r.Write(0, 70), "GOOD");
  EXPECT_EQ(r.recorder->buffered(), Sectors(6));
  r.recorder->LosePower();
  EXPECT_EQ(r.next(), 64);
  EXPECT_EQ(r.keeper.writes.size(), 64u);
}

TEST(DiscRecorderTest, APowerCutBeforeAnythingLeftTheBufferLeavesABlankDisc) {
  Recording r("BD-R", Sectors(2'048));
  EXPECT_EQ(r.Write(0, 160), "GOOD");
  r.recorder->LosePower();
  EXPECT_EQ(r.disc.state, DiscState::kBlank);
  EXPECT_EQ(r.next(), 0);
}

TEST(DiscRecorderTest, APowerCutLeavesACdWithoutAnAddressUntilItsTrackIsClosed) {
  Recording r("CD-R", Sectors(16));
  r.recorder->set_page(kTrackAtOnce);
  EXPECT_EQ(r.Write(0, 400), "GOOD");
  EXPECT_EQ(r.Write(400, 8), "GOOD");
  r.recorder->LosePower();
  EXPECT_EQ(r.disc.state, DiscState::kDamaged);
  EXPECT_EQ(r.next(), -1);
  EXPECT_EQ(r.Close(CloseFunction::kTrack, 1), "GOOD");
  EXPECT_EQ(r.Close(CloseFunction::kSession), "GOOD");
  EXPECT_EQ(r.disc.state, DiscState::kAppendable);
  EXPECT_EQ(r.next(), 400 + 2 + 11'400) << "what had left the buffer";
}

TEST(DiscRecorderTest, OverwritableMediaAreWrittenAnywhereOnceFormatted) {
  Recording r("DVD+RW");
  EXPECT_EQ(r.Write(0, 16), "5/30/10");
  EXPECT_FALSE(r.recorder->FormatUnit({.type = mmc::FormatType::kDvdPlusRw}).has_value());
  EXPECT_EQ(r.Write(1'600, 16, 1), "GOOD");
  EXPECT_EQ(r.Write(1'600, 16, 2), "GOOD");
  EXPECT_EQ(r.Write(2'295'103, 2), "5/21/00");
  EXPECT_FALSE(r.recorder->Synchronize().has_value());
  EXPECT_EQ(r.keeper.first_byte.at(1'600), 2);
  EXPECT_EQ(r.Write(1'600, 16, 3), "GOOD");
  r.recorder->LosePower();
  EXPECT_EQ(r.keeper.first_byte.at(1'600), 2);
  EXPECT_EQ(r.disc.state, DiscState::kFormatted);
}

TEST(DiscRecorderTest, ARestrictedOverwriteDvdRwTakesWholeBlocksOnly) {
  Recording r("DVD-RW");
  EXPECT_FALSE(r.recorder->FormatUnit({.type = mmc::FormatType::kDvdRwFull}).has_value());
  EXPECT_EQ(r.disc.medium->name, "DVD-RW-RO");
  EXPECT_EQ(r.Write(8, 16), "5/24/00");
  EXPECT_EQ(r.Write(16, 8), "5/24/00");
  EXPECT_EQ(r.Write(16, 16), "GOOD");
}

TEST(DiscRecorderTest, AQuickFormatIsWrittenFromTheStartOnWithoutAHole) {
  Recording r("DVD-RW-RO");
  EXPECT_EQ(Recording::Text(r.recorder->FormatUnit(
                {.type = mmc::FormatType::kDvdRwQuick, .size = r.disc.capacity})),
            "GOOD");
  EXPECT_EQ(r.Write(32, 32), "5/21/02");
  EXPECT_EQ(r.Write(0, 32), "GOOD");
  EXPECT_EQ(r.Write(32, 32), "GOOD");
  EXPECT_EQ(r.Write(0, 16), "GOOD") << "again";
  EXPECT_EQ(r.Write(80, 16), "5/21/02");
  EXPECT_EQ(r.Close(CloseFunction::kSession), "GOOD");
  EXPECT_EQ(r.Write(80, 16), "GOOD") << "an ordinary disc now";
}

TEST(DiscRecorderTest, FormatsThatAMediumDoesNotHaveAreRefused) {
  Recording plus("DVD+R");
  EXPECT_EQ(Recording::Text(plus.recorder->FormatUnit({})), "5/26/00");
  Recording bd("BD-R");
  EXPECT_EQ(Recording::Text(bd.recorder->FormatUnit({})), "5/26/00") << "pseudo-overwrite";
  EXPECT_FALSE(
      bd.recorder
          ->FormatUnit(
              {.type = mmc::FormatType::kBdRWithSpares, .sub_type = 1, .size = Sectors(11'826'176)})
          .has_value());
  EXPECT_TRUE(bd.disc.spares);
  EXPECT_EQ(bd.disc.capacity, Sectors(11'826'176));
}

TEST(DiscRecorderTest, OnlyErasableSequentialMediaAreBlanked) {
  Recording write_once("CD-R");
  EXPECT_EQ(Recording::Text(write_once.recorder->BlankDisc({})), "5/30/05");
  Recording rw("DVD-RW");
  rw.recorder->set_page(kIncremental);
  rw.Session(0, 160);
  EXPECT_FALSE(rw.recorder->BlankDisc({.type = mmc::BlankType::kMinimal}).has_value());
  EXPECT_EQ(rw.disc.state, DiscState::kBlank);
  EXPECT_TRUE(rw.disc.minimally_blanked);
  EXPECT_FALSE(rw.recorder->BlankDisc({.type = mmc::BlankType::kDisc}).has_value());
  EXPECT_FALSE(rw.disc.minimally_blanked);
}

TEST(DiscRecorderTest, AWriteProtectedDiscAndAPressedOneAreRefused) {
  Recording r("BD-RE");
  r.disc.write_protected = true;
  EXPECT_EQ(r.Write(0, 32), "7/27/00");
  Recording pow("BD-R-POW");
  EXPECT_EQ(pow.Write(0, 32), "5/30/05");
}

TEST(DiscRecorderTest, ADriveFinalizesADiscThatHasNoRoomForAnotherSession) {
  Recording r("DVD+R", Sectors(1));
  r.disc.capacity = Sectors(192 + 2'048 + 65 * 16);
  r.Session(0, 192);
  EXPECT_EQ(r.disc.state, DiscState::kFinalized);
  Recording one("DVD-R-DL");
  one.disc.minimally_blanked = false;
  one.recorder->set_page(kIncremental);
  EXPECT_EQ(one.Write(0, 16), "5/64/00") << "at once only";
}

// Commands in any order, right ones and wrong ones, with power cuts between.
TEST(DiscRecorderTest, ABlockOfWriteOnceMediaIsWrittenOnceWhateverIsAsked) {
  for (const absl::string_view medium : {"CD-R", "DVD-R", "DVD+R", "BD-R"}) {
    std::mt19937 random(20'251'125);
    Recording r(medium, Sectors(64));
    r.recorder->set_page(medium == "CD-R" ? kTrackAtOnce : kIncremental);
    for (int step = 0; step < 3'000; ++step) {
      const int64_t next = std::max<int64_t>(0, r.next());
      const auto track = static_cast<uint16_t>(r.disc.tracks.size());
      switch (random() % 12) {
        case 0:
          r.Write(random() % (next + 100), 1 + random() % 40);
          break;
        case 1:
          r.recorder->Synchronize();
          break;
        case 2:
          if (step % 7 == 0) r.Close(CloseFunction::kTrack, track);
          break;
        case 3:
          if (step % 5 == 0) r.Close(CloseFunction::kSession);
          break;
        case 4:
          if (step % 9 == 0) r.recorder->LosePower();
          break;
        default:
          r.Write(next, 1 + random() % 40, 1 + random() % 250);
      }
    }
    EXPECT_GT(r.keeper.writes.size(), 1'000u) << medium;
    for (const auto& [lba, count] : r.keeper.writes) {
      ASSERT_EQ(count, 1) << medium << " LBA " << lba;
    }
  }
}

}  // namespace
}  // namespace carousel::virtual_robot
