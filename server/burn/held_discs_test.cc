#include "server/burn/held_discs.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"
#include "server/journal/action.h"
#include "server/journal/journal.h"
#include "server/journal/test_file.h"

namespace carousel {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class HeldDiscsTest : public testing::Test {
 protected:
  HeldDiscsTest() : path_(FreshPath("journal")) {
    Reopen();
    EXPECT_OK(journal_->RecordOperation({.id = "op1", .kind = "write_image"}));
  }

  void Reopen() {
    journal_.reset();
    absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(path_, &clock_);
    ASSERT_OK(journal);
    journal_ = *std::move(journal);
    discs_ = std::make_unique<HeldDiscs>(journal_.get(), [](absl::string_view disc) {
      if (disc == "gone") return std::optional<std::string>();
      return std::optional<std::string>(disc == "unlabelled-slot3" ? "drive1" : "");
    });
  }

  ActionId Intend(const std::string& barcode, const std::string& drive = "drive0") {
    const absl::StatusOr<ActionId> id =
        journal_->RecordIntent({.operation = "op1",
                                .drive = drive,
                                .disc = {.barcode = barcode, .identifier = "disc " + barcode}});
    EXPECT_OK(id);
    return id.value_or(ActionId());
  }

  const std::string path_;
  FakeClock clock_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<HeldDiscs> discs_;
};

TEST_F(HeldDiscsTest, AreReleasedByAnOperatorsWord) {
  const ActionId failed = Intend("A1");
  ASSERT_OK(journal_->RecordOutcome(failed, {.result = ActionResult::kFailed}));
  Intend("A2");
  ASSERT_OK_AND_ASSIGN(const std::vector<ActionRecord> released,
                       discs_->Acknowledge("A1", {.who = "operator", .note = "scratched"}));
  ASSERT_THAT(released, SizeIs(1));
  EXPECT_EQ(released[0].id, failed);
  EXPECT_OK(journal_->CheckDiscIsFree(ActionKind::kWriteSession, "drive0", {.barcode = "A1"}));
  EXPECT_THAT(journal_->HeldActions(), IsOkAndHolds(SizeIs(1))) << "A2";
}

TEST_F(HeldDiscsTest, AreNotReleasedWhileTheirActionRuns) {
  Intend("A1");
  const absl::Status running = discs_->Acknowledge("A1", {.who = "operator"}).status();
  EXPECT_EQ(GetReason(running)->reason, "DISC_HELD");
  EXPECT_EQ(GetReason(running)->metadata.at("outcome"), "running");
  Reopen();
  EXPECT_THAT(discs_->Acknowledge("A1", {.who = "operator"}), IsOkAndHolds(SizeIs(1)));
}

TEST_F(HeldDiscsTest, ThatAreNotHeldAreReleasedWithoutEffect) {
  EXPECT_THAT(discs_->Acknowledge("A1", {.who = "operator"}), IsOkAndHolds(IsEmpty()));
}

TEST_F(HeldDiscsTest, AreReleasedAlsoWhereTheyAreGoneFromTheRobot) {
  EXPECT_THAT(discs_->Acknowledge("gone", {.who = "operator"}),
              StatusIs(absl::StatusCode::kNotFound));
  Intend("gone");
  Reopen();
  EXPECT_THAT(discs_->Acknowledge("gone", {.who = "operator"}), IsOkAndHolds(SizeIs(1)));
}

TEST_F(HeldDiscsTest, NeedSomebodysName) {
  Intend("A1");
  Reopen();
  EXPECT_THAT(discs_->Acknowledge("A1", {.note = "seen"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(HeldDiscsTest, WithoutABarCodeAreKnownByTheDriveInWhichTheyLie) {
  Intend("", "drive1");
  Intend("A1", "drive1");
  Reopen();
  EXPECT_THAT(discs_->Acknowledge("unlabelled-slot2", {.who = "operator"}),
              IsOkAndHolds(IsEmpty()));
  ASSERT_OK_AND_ASSIGN(const std::vector<ActionRecord> released,
                       discs_->Acknowledge("unlabelled-slot3", {.who = "operator"}));
  ASSERT_THAT(released, SizeIs(1));
  EXPECT_EQ(released[0].intent.disc.barcode, "");
}

}  // namespace
}  // namespace carousel
