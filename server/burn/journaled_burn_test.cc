#include "server/burn/journaled_burn.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/drive/burn_status.h"
#include "server/burn/burn_journal.h"
#include "server/errors/errors.h"
#include "server/journal/action.h"
#include "server/journal/journal.h"
#include "server/journal/test_file.h"

namespace carousel {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

const BurnIntent kWrite = {.step = BurnStep::kWriteSession,
                           .start = Lba(4096),
                           .planned = Sectors(640),
                           .old_superblock = {'o', 0, 'l', 'd'}};
const BurnIntent kFormat = {.step = BurnStep::kFormat, .start = Lba(32)};
const BurnIntent kClose = {.step = BurnStep::kClose, .start = Lba(4096)};

class JournaledBurnTest : public testing::Test {
 protected:
  JournaledBurnTest() {
    absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(FreshPath("journal"), &clock_);
    EXPECT_OK(journal);
    journal_ = *std::move(journal);
    EXPECT_OK(journal_->RecordOperation({.id = "op1", .kind = "write_image"}));
    burn_ = std::make_unique<JournaledBurn>(
        journal_.get(),
        JournaledBurn::Subject{
            .operation = "op1", .drive = "drive0", .disc = {.barcode = "A1", .identifier = "i"}});
  }

  std::vector<ActionRecord> Actions() {
    absl::StatusOr<std::vector<ActionRecord>> actions = journal_->ActionsOfOperation("op1");
    EXPECT_OK(actions);
    return *std::move(actions);
  }

  FakeClock clock_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<JournaledBurn> burn_;
};

TEST_F(JournaledBurnTest, SaysOfEachStepWhichDiscItIsAboutAndWhatLayThere) {
  ASSERT_OK(burn_->Begin(kWrite));
  ASSERT_THAT(Actions(), SizeIs(1));
  const ActionIntent intent = Actions()[0].intent;
  EXPECT_EQ(intent.kind, ActionKind::kWriteSession);
  EXPECT_EQ(intent.operation, "op1");
  EXPECT_EQ(intent.drive, "drive0");
  EXPECT_EQ(intent.disc, (DiscIdentity{.barcode = "A1", .identifier = "i"}));
  EXPECT_EQ(intent.start, Lba(4096));
  EXPECT_EQ(intent.planned, Sectors(640));
  EXPECT_EQ(intent.old_superblock, std::string("o\0ld", 4));
  EXPECT_TRUE(Actions()[0].held);
}

TEST_F(JournaledBurnTest, LetsGoOfADiscWhoseSessionIsThereAndClosed) {
  Sha256Digest digest = {};
  digest[31] = 7;
  ASSERT_OK(burn_->Begin(kWrite));
  ASSERT_OK(
      burn_->End(kWrite, {.effect = DiscEffect::kDone, .written = Sectors(640), .sha256 = digest}));
  ASSERT_OK(burn_->Begin(kClose));
  ASSERT_OK(burn_->End(kClose, {.effect = DiscEffect::kDone}));
  ASSERT_THAT(Actions(), SizeIs(2));
  EXPECT_EQ(Actions()[0].outcome->written, Sectors(640));
  EXPECT_EQ(Actions()[0].outcome->sha256, std::string(31, '\0') + '\x07');
  EXPECT_EQ(Actions()[1].intent.kind, ActionKind::kClose);
  EXPECT_THAT(journal_->HeldActions(), IsOkAndHolds(IsEmpty()));
}

TEST_F(JournaledBurnTest, AFormatBeforeTheSessionIsAnActionOfItsOwn) {
  ASSERT_OK(burn_->Begin(kFormat));
  ASSERT_OK(burn_->End(kFormat, {.effect = DiscEffect::kDone}));
  ASSERT_THAT(Actions(), SizeIs(1));
  EXPECT_EQ(Actions()[0].intent.kind, ActionKind::kFormat);
}

TEST_F(JournaledBurnTest, LetsGoOfADiscThatIsAsItWas) {
  ASSERT_OK(burn_->Begin(kWrite));
  ASSERT_OK(
      burn_->End(kWrite, {.status = absl::AbortedError("refused"), .effect = DiscEffect::kNone}));
  EXPECT_THAT(journal_->HeldActions(), IsOkAndHolds(IsEmpty()));
  EXPECT_EQ(Actions()[0].outcome->detail, "refused");
}

TEST_F(JournaledBurnTest, HoldsADiscThatIsWrittenInPartOrInDoubt) {
  for (const DiscEffect effect : {DiscEffect::kPartly, DiscEffect::kUnknown}) {
    ASSERT_OK(burn_->Begin(kWrite));
    ASSERT_OK(burn_->End(kWrite, {.status = absl::DataLossError("scratched"), .effect = effect}));
    const absl::Status again = burn_->Begin(kWrite);
    EXPECT_THAT(again, StatusIs(absl::StatusCode::kFailedPrecondition));
    EXPECT_EQ(GetReason(again)->reason, "DISC_HELD");
    ASSERT_OK_AND_ASSIGN(const std::vector<ActionRecord> actions, journal_->HeldActions());
    for (const ActionRecord& held : actions)
      ASSERT_OK(journal_->Acknowledge(held.id, {.who = "op", .note = "seen"}));
  }
}

}  // namespace
}  // namespace carousel
