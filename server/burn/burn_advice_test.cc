// What the fault table does not have: burns that are cancelled, discs written at once, blank ones.
#include "server/burn/burn_advice.h"

#include <utility>

#include "gtest/gtest.h"
#include "hal/base/types.h"
#include "hal/drive/burn_status.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/fake_media.h"
#include "hal/drive/media_state.h"
#include "hal/mmc/profile.h"
#include "server/burn/burn_report.h"
#include "server/digest/sha256.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using mmc::Profile;

constexpr Sectors kCapacity{100'000};

// A burn that was cancelled behind `written` sectors; `after` as the drive says, written by the row
// of `before`.
BurnReport Cancelled(const MediaState& before, MediaState after, Sectors written) {
  return {.status = imapi::MakeError(imapi::Hresult::E_IMAPI_REQUEST_CANCELLED, "cancelled"),
          .effect = written > Sectors(0) ? DiscEffect::kPartly : DiscEffect::kNone,
          .row = FindBurnRow(before),
          .written = written,
          .after = std::move(after)};
}

MediaState Blank(Profile profile) { return BlankMedia(profile, kCapacity); }
MediaState Open(Profile profile) {
  return OpenSessionMedia(profile, {}, Lba(0), Sectors(320), kCapacity);
}

TEST(BurnAdviceTest, ABurnThatWentWellLeavesNothingToDo) {
  EXPECT_EQ(AdviceAfter(BurnReport()), BurnAdvice::kNothing);
}

TEST(BurnAdviceTest, ADiscThatIsAsItWasTakesTheBurnAgain) {
  const BurnReport report =
      Cancelled(Blank(Profile::kDvdPlusR), Blank(Profile::kDvdPlusR), Sectors(0));
  EXPECT_EQ(AdviceAfter(report), BurnAdvice::kAskAgain);
  EXPECT_EQ(NextSessionAfter(report), NextSession::kNow);
}

TEST(BurnAdviceTest, ASessionThatIsWrittenInPartIsClosedFirst) {
  const BurnReport report =
      Cancelled(Blank(Profile::kDvdPlusR), Open(Profile::kDvdPlusR), Sectors(320));
  EXPECT_EQ(AdviceAfter(report), BurnAdvice::kCloseSession);
  EXPECT_EQ(NextSessionAfter(report), NextSession::kAfterClose);
}

TEST(BurnAdviceTest, ASessionThatIsThereIsClosedAgainWhateverIsInDoubt) {
  BurnReport report = Cancelled(Blank(Profile::kDvdPlusR), Open(Profile::kDvdPlusR), Sectors(320));
  report.sha256 = Sha256Digest();
  EXPECT_EQ(AdviceAfter(report), BurnAdvice::kCloseAgain);
  report.effect = DiscEffect::kUnknown;
  EXPECT_EQ(AdviceAfter(report), BurnAdvice::kCloseAgain);
  EXPECT_EQ(NextSessionAfter(report), NextSession::kAfterVerify);
}

TEST(BurnAdviceTest, ADiscWrittenAtOnceIsLostWhenItIsNotWrittenToItsEnd) {
  const BurnReport report =
      Cancelled(Blank(Profile::kDvdRDualLayer), Open(Profile::kDvdRDualLayer), Sectors(320));
  EXPECT_EQ(AdviceAfter(report), BurnAdvice::kRetireDisc);
  EXPECT_EQ(NextSessionAfter(report), NextSession::kNever);
}

TEST(BurnAdviceTest, ADiscThatIsOverwrittenReadsAsItWasOrIsErased) {
  const MediaState disc = OverwritableMedia(Profile::kDvdRam, kCapacity);
  BurnReport report = Cancelled(disc, disc, Sectors(320));
  EXPECT_EQ(AdviceAfter(report), BurnAdvice::kEraseDisc) << "no session was there to be read";
  EXPECT_EQ(NextSessionAfter(report), NextSession::kAfterErase);
  report.had_session = true;
  EXPECT_EQ(AdviceAfter(report), BurnAdvice::kAskAgain);
  EXPECT_EQ(NextSessionAfter(report), NextSession::kNow);
}

TEST(BurnAdviceTest, ADriveThatDoesNotTellItsStateIsNotTrustedWithTheDisc) {
  BurnReport report = Cancelled(Blank(Profile::kDvdPlusR), {}, Sectors(320));
  report.after.reset();
  EXPECT_EQ(NextSessionAfter(report), NextSession::kAfterVerify);
}

TEST(BurnAdviceTest, ADiscThatIsClosedForEverTakesNoMore) {
  BurnReport report;
  report.effect = DiscEffect::kDone;
  report.row = FindBurnRow(Blank(Profile::kDvdPlusR));
  report.after = Blank(Profile::kDvdPlusR);
  report.after->disc_status = DiscStatus::kComplete;
  report.after->last_session = LastSessionState::kComplete;
  EXPECT_EQ(NextSessionAfter(report), NextSession::kNever);
}

}  // namespace
}  // namespace carousel
