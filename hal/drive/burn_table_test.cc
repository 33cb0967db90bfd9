// The table, row by row, as the media's own documents and the burners that know them have it.
#include "hal/drive/burn_table.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "hal/base/types.h"
#include "hal/drive/fake_media.h"
#include "hal/drive/media_state.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/mode_sense.h"
#include "hal/mmc/profile.h"

namespace carousel {
namespace {

using mmc::Profile;

const BurnRow& Row(absl::string_view medium) {
  for (const BurnRow& row : BurnTable()) {
    if (row.medium == medium) return row;
  }
  ADD_FAILURE() << "no row " << medium;
  static const BurnRow kNone;
  return kNone;
}

// Write type, BUFE, LS_V, FP, multi-session, track mode, block type, link size, packet size, audio
// pause.
std::string Page(const BurnRow& row, WriteChoice choice = {}) {
  const std::optional<mmc::WriteParameters> page = WriteParametersFor(row, choice);
  if (!page.has_value()) return "none";
  std::string text;
  for (const int value :
       {int{page->write_type}, int{page->buffer_underrun_free}, int{page->link_size_valid},
        int{page->fixed_packet}, int{page->multi_session}, int{page->track_mode},
        int{page->data_block_type}, int{page->link_size}, static_cast<int>(page->packet_size),
        int{page->audio_pause}}) {
    text += std::to_string(value) + " ";
  }
  return text;
}

TEST(BurnTableTest, CdTrackAtOnce) {
  const BurnRow& row = Row("CD-R, CD-RW track at once");
  EXPECT_EQ(row.profiles, (std::vector<Profile>{Profile::kCdR, Profile::kCdRw}));
  EXPECT_EQ(Page(row), "1 1 0 0 3 4 8 0 0 150 ");
  EXPECT_EQ(Page(row, {.keep_appendable = false}), "1 1 0 0 0 4 8 0 0 150 ");
  EXPECT_FALSE(row.reserve);
  EXPECT_EQ(row.start, BurnStart::kNextWritable);
  EXPECT_EQ(row.unit, Sectors(1));
  EXPECT_EQ(row.close_track, CloseTrackNeed::kMayBeOmitted);
  EXPECT_EQ(row.keep_appendable, SessionClose::kSession);
  EXPECT_EQ(row.finalize, SessionClose::kSession) << "the multi-session bits decide";
  EXPECT_EQ(row.speed, SpeedCommand::kSetCdSpeed);
  EXPECT_EQ(row.run_out, Sectors(2));
  EXPECT_EQ(row.padding, Sectors(150));
  EXPECT_EQ(row.shortest_track, Sectors(300));
  EXPECT_EQ(row.simulation_feature, 0x2D);
  EXPECT_EQ(row.after_power_cut, AfterPowerCut::kClose);
}

TEST(BurnTableTest, CdSessionAtOnce) {
  const BurnRow& row = Row("CD-R, CD-RW session at once");
  EXPECT_TRUE(row.blank_only);
  EXPECT_EQ(Page(row), "2 1 0 0 0 4 8 0 0 150 ");
  EXPECT_TRUE(row.cue_sheet);
  EXPECT_EQ(row.start, BurnStart::kPregap);
  EXPECT_EQ(row.close_track, CloseTrackNeed::kNever);
  EXPECT_EQ(row.close_session, CloseSessionNeed::kNever) << "the drive writes the lead-out";
  EXPECT_FALSE(row.can_stay_appendable);
  EXPECT_EQ(row.run_out, Sectors(0));
  EXPECT_EQ(row.simulation_feature, 0x2E);
  EXPECT_EQ(row.after_power_cut, AfterPowerCut::kLost);
}

TEST(BurnTableTest, DvdMinusIncremental) {
  const BurnRow& row = Row("DVD-R, DVD-RW incremental");
  EXPECT_EQ(row.profiles, (std::vector<Profile>{Profile::kDvdR, Profile::kDvdRwSequential}));
  EXPECT_EQ(row.needs_feature, 0x21);
  EXPECT_EQ(Page(row), "0 1 1 1 3 5 8 16 16 150 ");
  EXPECT_EQ(Page(row, {.keep_appendable = false, .link_size = 8}), "0 1 1 1 0 5 8 8 16 150 ");
  EXPECT_FALSE(row.reserve);
  EXPECT_EQ(row.unit, Sectors(16));
  EXPECT_EQ(row.close_track, CloseTrackNeed::kAlways);
  EXPECT_EQ(row.keep_appendable, SessionClose::kSession);
  EXPECT_EQ(row.finalize, SessionClose::kSession);
  EXPECT_TRUE(row.calibrate);
  EXPECT_EQ(row.speed, SpeedCommand::kSetStreaming);
  EXPECT_EQ(row.simulation_feature, 0x2F);
  EXPECT_EQ(row.after_power_cut, AfterPowerCut::kClose);
}

TEST(BurnTableTest, DvdMinusAtOnceIsReservedAndClosesTheDisc) {
  for (const absl::string_view medium : {"DVD-R, DVD-RW at once", "DVD-R DL"}) {
    const BurnRow& row = Row(medium);
    EXPECT_TRUE(row.blank_only);
    EXPECT_EQ(Page(row), "2 1 0 0 0 5 8 0 0 150 ");
    EXPECT_TRUE(row.reserve);
    EXPECT_EQ(row.start, BurnStart::kDiscStart);
    EXPECT_EQ(row.unit, Sectors(16));
    EXPECT_EQ(row.close_track, CloseTrackNeed::kNever);
    EXPECT_EQ(row.close_session, CloseSessionNeed::kNever);
    EXPECT_FALSE(row.can_stay_appendable);
    EXPECT_TRUE(row.calibrate);
    EXPECT_EQ(row.simulation_feature, 0x2F);
    EXPECT_EQ(row.after_power_cut, AfterPowerCut::kLost);
  }
}

TEST(BurnTableTest, DvdPlusR) {
  for (const absl::string_view medium : {"DVD+R", "DVD+R DL"}) {
    const BurnRow& row = Row(medium);
    EXPECT_EQ(Page(row), "none");
    EXPECT_FALSE(row.reserve);
    EXPECT_EQ(row.start, BurnStart::kNextWritable);
    EXPECT_EQ(row.unit, Sectors(16));
    EXPECT_EQ(row.close_track, CloseTrackNeed::kAlways);
    EXPECT_EQ(row.keep_appendable, SessionClose::kSession);
    EXPECT_EQ(row.finalize, SessionClose::kFinalizeMinimalRadius);
    EXPECT_FALSE(row.calibrate);
    EXPECT_EQ(row.simulation_feature, std::nullopt);
    EXPECT_EQ(row.after_power_cut, AfterPowerCut::kResume);
  }
}

TEST(BurnTableTest, BdR) {
  const BurnRow& row = Row("BD-R");
  EXPECT_EQ(Page(row), "none");
  EXPECT_FALSE(row.reserve);
  EXPECT_EQ(row.unit, Sectors(32));
  EXPECT_EQ(row.close_track, CloseTrackNeed::kAlways);
  EXPECT_EQ(row.keep_appendable, SessionClose::kSession);
  EXPECT_EQ(row.finalize, SessionClose::kFinalize);
  EXPECT_EQ(row.simulation_feature, std::nullopt);
  EXPECT_EQ(row.after_power_cut, AfterPowerCut::kClose);
}

TEST(BurnTableTest, OverwritableMediaAreWrittenInPlace) {
  struct Expected {
    absl::string_view medium;
    Sectors unit;
    Sectors write_unit;
    CloseSessionNeed need;
    SessionClose close;
  };
  for (const Expected& expected :
       {Expected{"DVD+RW", Sectors(1), Sectors(16), CloseSessionNeed::kAfterFormat,
                 SessionClose::kStopFormat},
        Expected{"DVD-RW restricted overwrite", Sectors(16), Sectors(16),
                 CloseSessionNeed::kAfterFormat, SessionClose::kSession},
        Expected{"DVD-RAM", Sectors(1), Sectors(16), CloseSessionNeed::kNever, SessionClose::kNone},
        Expected{"BD-RE", Sectors(1), Sectors(32), CloseSessionNeed::kNever,
                 SessionClose::kNone}}) {
    const BurnRow& row = Row(expected.medium);
    EXPECT_EQ(row.method, BurnMethod::kOverwrite);
    EXPECT_EQ(Page(row), "none");
    EXPECT_EQ(row.start, BurnStart::kLogical);
    EXPECT_EQ(row.unit, expected.unit) << expected.medium;
    EXPECT_EQ(row.write_unit, expected.write_unit);
    EXPECT_EQ(row.close_track, CloseTrackNeed::kNever);
    EXPECT_EQ(row.close_session, expected.need);
    EXPECT_EQ(row.keep_appendable, expected.close);
    EXPECT_EQ(row.simulation_feature, std::nullopt);
    EXPECT_EQ(row.after_power_cut, AfterPowerCut::kWriteAgain);
  }
}

TEST(BurnTableTest, NoRowClosesWithAFunctionThatItsMediumDoesNotKnow) {
  // Close functions by medium, as a drive's manual lists them.
  const std::vector<Profile> finalize_minimal = {Profile::kDvdPlusR, Profile::kDvdPlusRDualLayer};
  const std::vector<Profile> finalize = {Profile::kDvdPlusR, Profile::kDvdPlusRDualLayer,
                                         Profile::kBdRSequential};
  const std::vector<Profile> stop_format = {Profile::kDvdPlusRw, Profile::kDvdPlusRwDualLayer};
  const auto all_in = [](const BurnRow& row, const std::vector<Profile>& known) {
    return std::all_of(row.profiles.begin(), row.profiles.end(), [&known](Profile profile) {
      return std::find(known.begin(), known.end(), profile) != known.end();
    });
  };
  for (const BurnRow& row : BurnTable()) {
    for (const SessionClose close : {row.keep_appendable, row.finalize}) {
      if (close == SessionClose::kFinalizeMinimalRadius) {
        EXPECT_TRUE(all_in(row, finalize_minimal)) << row.medium;
      } else if (close == SessionClose::kFinalize) {
        EXPECT_TRUE(all_in(row, finalize)) << row.medium;
      } else if (close == SessionClose::kStopFormat) {
        EXPECT_TRUE(all_in(row, stop_format)) << row.medium;
      } else if (close == SessionClose::kSession) {
        EXPECT_FALSE(all_in(row, {Profile::kBdRe, Profile::kDvdRam})) << row.medium;
      }
    }
  }
}

TEST(BurnTableTest, ATestWriteIsAskedForOnlyWhereTheMediumCan) {
  for (const BurnRow& row : BurnTable()) {
    const auto page = WriteParametersFor(row, {.simulate = true});
    EXPECT_EQ(page.has_value() && page->test_write, row.simulation_feature.has_value())
        << row.medium;
  }
}

std::string Found(const MediaState& state) {
  const BurnRow* row = FindBurnRow(state);
  return row == nullptr ? "none" : std::string(row->medium);
}

TEST(FindBurnRowTest, AnAppendableMethodIsPreferred) {
  const std::vector<FakeSession> one = {{Lba(0), Sectors(608)}};
  EXPECT_EQ(Found(BlankMedia(Profile::kCdR, Sectors(359'844))), "CD-R, CD-RW track at once");
  EXPECT_EQ(Found(AppendableMedia(Profile::kCdRw, one, Lba(12'010), Sectors(359'844))),
            "CD-R, CD-RW track at once");
  EXPECT_EQ(Found(BlankMedia(Profile::kDvdPlusR, Sectors(2'295'104))), "DVD+R");
  EXPECT_EQ(Found(BlankMedia(Profile::kDvdPlusRDualLayer, Sectors(4'173'824))), "DVD+R DL");
  EXPECT_EQ(Found(BlankMedia(Profile::kBdRSequential, Sectors(12'219'392))), "BD-R");
  EXPECT_EQ(Found(OverwritableMedia(Profile::kDvdPlusRw, Sectors(2'295'104))), "DVD+RW");
  EXPECT_EQ(Found(OverwritableMedia(Profile::kDvdRam, Sectors(2'236'704))), "DVD-RAM");
  EXPECT_EQ(Found(OverwritableMedia(Profile::kBdRe, Sectors(11'826'176))), "BD-RE");
}

TEST(FindBurnRowTest, ADvdMinusIsWrittenIncrementallyOnlyIfTheDriveSaysSo) {
  MediaState state = BlankMedia(Profile::kDvdRwSequential, Sectors(2'297'888));
  state.current_features = {0x21, 0x2F};
  EXPECT_EQ(Found(state), "DVD-R, DVD-RW incremental");
  state.current_features = {0x2F};
  EXPECT_EQ(Found(state), "DVD-R, DVD-RW at once");
  state.disc_status = DiscStatus::kAppendable;
  EXPECT_EQ(Found(state), "none") << "at once is for blank discs";
  state = BlankMedia(Profile::kDvdRDualLayer, Sectors(4'171'712));
  state.current_features = {0x2F};
  EXPECT_EQ(Found(state), "DVD-R DL");
}

TEST(FindBurnRowTest, WhatCannotBeWrittenHasNoRow) {
  const std::vector<FakeSession> one = {{Lba(0), Sectors(608)}};
  EXPECT_EQ(Found(MediaState{}), "none");
  EXPECT_EQ(Found(FinalizedMedia(Profile::kDvdPlusR, one)), "none");
  EXPECT_EQ(Found(FinalizedMedia(Profile::kCdRom, one)), "none");
  EXPECT_EQ(Found(BlankMedia(Profile::kBdRRandom, Sectors(12'219'392))), "none");
  MediaState state = AppendableMedia(Profile::kBdRSequential, one, Lba(640), Sectors(12'219'392));
  EXPECT_EQ(Found(state), "BD-R");
  state.current_features = {0x38};
  EXPECT_EQ(Found(state), "none") << "pseudo-overwrite";
  state = OverwritableMedia(Profile::kBdRe, Sectors(11'826'176));
  state.write_protected = true;
  EXPECT_EQ(Found(state), "none");
}

TEST(FindBurnRowTest, ABlankBdRWhoseDriveListsPseudoOverwriteIsWritten) {
  MediaState state = BlankMedia(Profile::kBdRSequential, Sectors(12'219'392));
  state.current_features = {0x38};
  state.format = FormatDescriptor::kUnformatted;
  EXPECT_EQ(Found(state), "BD-R");
}

TEST(FormatNeededTest, ADvdPlusRwIsFormattedOnceAndGoesOnWhereItWasStopped) {
  MediaState state = OverwritableMedia(Profile::kDvdPlusRw, Sectors(2'295'104));
  EXPECT_EQ(FormatNeeded(state, Lba(2'295'104)), std::nullopt);
  state.background_format = BackgroundFormat::kRunning;
  EXPECT_EQ(FormatNeeded(state, Lba(2'295'104)), std::nullopt);
  state.background_format = BackgroundFormat::kNone;
  EXPECT_EQ(FormatNeeded(state, Lba(32)),
            (mmc::FormatParameters{.type = mmc::FormatType::kDvdPlusRw}));
  state.background_format = BackgroundFormat::kSuspended;
  state.readable = Sectors(1'000);
  EXPECT_EQ(FormatNeeded(state, Lba(1'000)), std::nullopt);
  EXPECT_EQ(FormatNeeded(state, Lba(1'001)),
            (mmc::FormatParameters{.type = mmc::FormatType::kDvdPlusRw,
                                   .parameter = mmc::kRestartFormat}));
}

TEST(FormatNeededTest, ADvdRwGrowsUnlessItIsInTheIntermediateState) {
  MediaState state = OverwritableMedia(Profile::kDvdRwRestrictedOverwrite, Sectors(1'600));
  EXPECT_EQ(FormatNeeded(state, Lba(1'600)), std::nullopt);
  EXPECT_EQ(FormatNeeded(state, Lba(1'616)),
            (mmc::FormatParameters{.type = mmc::FormatType::kDvdRwQuickGrow, .size = Sectors(0)}));
  state.format = FormatDescriptor::kNoMedia;  // type 3
  EXPECT_EQ(FormatNeeded(state, Lba(1'616)), std::nullopt);
}

TEST(FormatNeededTest, ABdReIsFormattedIfItIsNotYetAndOthersNeverAre) {
  MediaState state = OverwritableMedia(Profile::kBdRe, Sectors(11'826'176));
  EXPECT_EQ(FormatNeeded(state, Lba(11'826'176)), std::nullopt);
  state.format = FormatDescriptor::kUnformatted;
  ASSERT_TRUE(FormatNeeded(state, Lba(32)).has_value());
  EXPECT_EQ(FormatNeeded(state, Lba(32))->type, mmc::FormatType::kFull);
  EXPECT_EQ(FormatNeeded(OverwritableMedia(Profile::kDvdRam, Sectors(2'236'704)), Lba(32)),
            std::nullopt);
  EXPECT_EQ(FormatNeeded(BlankMedia(Profile::kBdRSequential, Sectors(12'219'392)), Lba(32)),
            std::nullopt);
}

}  // namespace
}  // namespace carousel
