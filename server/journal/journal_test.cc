#include "server/journal/journal.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"
#include "server/journal/test_file.h"
#include "server/metrics/observers.h"

namespace carousel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;
using testing::SizeIs;

class CountingObserver : public JournalObserver {
 public:
  void OnJournalWrite(JournalRecord record, const absl::Status& outcome, absl::Duration) override {
    if (outcome.ok()) records.push_back(record);
  }
  void OnHeldDiscs(int64_t discs) override { held_discs = discs; }

  std::vector<JournalRecord> records;
  int64_t held_discs = -1;
};

class JournalTest : public testing::Test {
 protected:
  JournalTest() : path_(FreshPath("journal")) { Reopen(); }

  void Reopen() {
    journal_.reset();
    absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(path_, &clock_, &observer_);
    ASSERT_OK(journal);
    journal_ = *std::move(journal);
  }

  void RecordBurn(const std::string& operation) {
    ASSERT_OK(journal_->RecordOperation({.id = operation, .kind = "write_image"}));
  }

  ActionIntent WriteOf(const std::string& operation, const std::string& barcode = "BDR0001") {
    return {.operation = operation,
            .drive = "drive0",
            .disc = {.barcode = barcode, .identifier = "id", .generation = MediaGeneration(~0ull)},
            .start = Lba(12'000),
            .planned = Sectors(640),
            .sha256 = std::string(32, '\x01'),
            .old_superblock = std::string("a\0b", 3)};
  }

  const std::string path_;
  FakeClock clock_;
  CountingObserver observer_;
  std::unique_ptr<Journal> journal_;
};

TEST_F(JournalTest, TellsWhichOperationARequestCreated) {
  const RequestId request = {.id = "r1", .fingerprint = 0xFFFF'0000'1234'5678};
  EXPECT_THAT(journal_->FindRequest(request), IsOkAndHolds(std::nullopt));
  ASSERT_OK_AND_ASSIGN(const Journal::Recorded recorded,
                       journal_->RecordOperation({.id = "op1", .request = request}));
  EXPECT_TRUE(recorded.is_new);

  Reopen();
  EXPECT_THAT(journal_->FindRequest(request), IsOkAndHolds(Optional(std::string("op1"))));
  ASSERT_OK_AND_ASSIGN(const Journal::Recorded again,
                       journal_->RecordOperation({.id = "op2", .request = request}));
  EXPECT_EQ(again.id, "op1");
  EXPECT_FALSE(again.is_new);
  EXPECT_THAT(journal_->GetOperation("op2"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(JournalTest, RefusesARequestIdWithAnotherBody) {
  ASSERT_OK(journal_->RecordOperation({.id = "op1", .request = {"r1", 1}}));
  EXPECT_THAT(journal_->FindRequest({"r1", 2}), StatusIs(absl::StatusCode::kAlreadyExists));
  const absl::Status refused =
      journal_->RecordOperation({.id = "op2", .request = {"r1", 2}}).status();
  ASSERT_TRUE(GetReason(refused).has_value());
  EXPECT_EQ(GetReason(refused)->reason, "REQUEST_ID_REUSED");
}

TEST_F(JournalTest, OperationsWithoutARequestIdAreAllNew) {
  ASSERT_OK(journal_->RecordOperation({.id = "op1"}));
  ASSERT_OK_AND_ASSIGN(const Journal::Recorded second, journal_->RecordOperation({.id = "op2"}));
  EXPECT_TRUE(second.is_new);
  EXPECT_THAT(journal_->RecordOperation({.id = "op2"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(journal_->RecordOperation({}), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(JournalTest, KeepsAnOperationWithItsEndAndTheErrorsPayload) {
  const absl::Time start = clock_.Now();
  ASSERT_OK(journal_->RecordOperation({.id = "op1",
                                       .request = {"r1", 7},
                                       .kind = "write_image",
                                       .drive = "drive0",
                                       .disc = "BDR0001",
                                       .trace_id = "t"}));
  clock_.Advance(absl::Seconds(3));
  ASSERT_OK(journal_->EndOperation("op1", RequestIdReusedError("x"), std::string("\0r", 2)));

  Reopen();
  ASSERT_OK_AND_ASSIGN(const JournalOperation read, journal_->GetOperation("op1"));
  EXPECT_EQ(read.operation.kind, "write_image");
  EXPECT_EQ(read.operation.request.id, "r1");
  EXPECT_EQ(read.operation.drive, "drive0");
  EXPECT_EQ(read.operation.disc, "BDR0001");
  EXPECT_EQ(read.operation.trace_id, "t");
  EXPECT_EQ(read.create_time, start);
  EXPECT_EQ(read.end_time, start + absl::Seconds(3));
  EXPECT_EQ(read.status, RequestIdReusedError("x"));
  EXPECT_EQ(read.result, std::string("\0r", 2));
}

TEST_F(JournalTest, AnOperationEndsOnce) {
  RecordBurn("op1");
  ASSERT_OK(journal_->EndOperation("op1", absl::OkStatus(), "first"));
  EXPECT_THAT(journal_->EndOperation("op1", absl::AbortedError("no"), "second"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_OK_AND_ASSIGN(const JournalOperation read, journal_->GetOperation("op1"));
  EXPECT_EQ(read.result, "first");
  EXPECT_THAT(journal_->EndOperation("op9", absl::OkStatus(), ""),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(JournalTest, ListsOperationsNewestFirstAndThoseWithoutAnEnd) {
  for (const char* id : {"op1", "op2", "op3"}) RecordBurn(id);
  ASSERT_OK(journal_->EndOperation("op2", absl::OkStatus(), ""));
  ASSERT_OK_AND_ASSIGN(const std::vector<JournalOperation> newest, journal_->ListOperations(2));
  ASSERT_THAT(newest, SizeIs(2));
  EXPECT_EQ(newest[0].operation.id, "op3");
  EXPECT_EQ(newest[1].operation.id, "op2");
  ASSERT_OK_AND_ASSIGN(const std::vector<JournalOperation> left, journal_->UnendedOperations());
  ASSERT_THAT(left, SizeIs(2));
  EXPECT_EQ(left[0].operation.id, "op1");
  EXPECT_EQ(left[1].operation.id, "op3");
}

TEST_F(JournalTest, KeepsAnIntentAndItsOutcomeAsTheyWereGiven) {
  RecordBurn("op1");
  const ActionIntent intent = WriteOf("op1");
  const absl::Time start = clock_.Now();
  ASSERT_OK_AND_ASSIGN(const ActionId id, journal_->RecordIntent(intent));
  clock_.Advance(absl::Seconds(40));
  const ActionOutcome outcome = {.result = ActionResult::kSucceeded,
                                 .written = Sectors(640),
                                 .sha256 = std::string(32, '\xFF'),
                                 .detail = "2 sessions"};
  ASSERT_OK(journal_->RecordOutcome(id, outcome));

  Reopen();
  ASSERT_OK_AND_ASSIGN(const std::vector<ActionRecord> read, journal_->ActionsOfOperation("op1"));
  ASSERT_THAT(read, SizeIs(1));
  EXPECT_EQ(read[0].id, id);
  EXPECT_EQ(read[0].intent, intent);
  EXPECT_EQ(read[0].time, start);
  EXPECT_THAT(read[0].outcome, Optional(outcome));
  EXPECT_EQ(read[0].outcome_time, start + absl::Seconds(40));
  EXPECT_FALSE(read[0].held);
  EXPECT_FALSE(read[0].of_this_run);
  EXPECT_THAT(journal_->ActionsOfBarcode("BDR0001"), IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(journal_->ActionsOfBarcode("BDR0002"), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(journal_->ActionsOfOperation("op9"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(JournalTest, KeepsAnyBytesThatADeviceMayGive) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes.push_back(static_cast<char>(c));
  RecordBurn("op1");
  ActionIntent intent = WriteOf("op1", bytes);
  intent.drive = intent.disc.identifier = bytes;
  ASSERT_OK_AND_ASSIGN(const ActionId id, journal_->RecordIntent(intent));
  ASSERT_OK(journal_->RecordOutcome(id, {.detail = bytes}));
  ASSERT_OK(journal_->EndOperation("op1", absl::AbortedError(bytes), bytes));

  Reopen();
  ASSERT_OK_AND_ASSIGN(const std::vector<ActionRecord> read, journal_->ActionsOfBarcode(bytes));
  ASSERT_THAT(read, SizeIs(1));
  EXPECT_EQ(read[0].intent, intent);
  EXPECT_EQ(read[0].outcome->detail, bytes);
  ASSERT_OK_AND_ASSIGN(const JournalOperation operation, journal_->GetOperation("op1"));
  EXPECT_EQ(operation.status, absl::AbortedError(bytes));
  EXPECT_EQ(operation.result, bytes);
}

TEST_F(JournalTest, RefusesAnOutcomeWithoutAnIntentAndASecondOne) {
  RecordBurn("op1");
  EXPECT_THAT(journal_->RecordOutcome(ActionId(1), {}), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK_AND_ASSIGN(const ActionId id, journal_->RecordIntent(WriteOf("op1")));
  ASSERT_OK(journal_->RecordOutcome(id, {.result = ActionResult::kFailed, .detail = "3/0C/00"}));
  EXPECT_THAT(journal_->RecordOutcome(id, {.result = ActionResult::kSucceeded}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_OK_AND_ASSIGN(const std::vector<ActionRecord> read, journal_->HeldActions());
  ASSERT_THAT(read, SizeIs(1));
  EXPECT_EQ(read[0].outcome->detail, "3/0C/00");
}

TEST_F(JournalTest, RefusesAnIntentWithoutARunningOperation) {
  EXPECT_THAT(journal_->RecordIntent(WriteOf("op1")), StatusIs(absl::StatusCode::kNotFound));
  RecordBurn("op1");
  ASSERT_OK(journal_->EndOperation("op1", absl::OkStatus(), ""));
  EXPECT_THAT(journal_->RecordIntent(WriteOf("op1")),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(JournalTest, RefusesImpossibleValues) {
  RecordBurn("op1");
  const auto refused = [&](auto change) {
    ActionIntent intent = WriteOf("op1");
    change(intent);
    return journal_->RecordIntent(intent).status().code() == absl::StatusCode::kInvalidArgument;
  };
  EXPECT_TRUE(refused([](ActionIntent& intent) { intent.drive = ""; }));
  EXPECT_TRUE(refused([](ActionIntent& intent) { intent.sha256 = "abc"; }));
  EXPECT_TRUE(refused([](ActionIntent& intent) { intent.planned = Sectors(-1); }));
  EXPECT_TRUE(refused([](ActionIntent& intent) {
    intent.old_superblock = std::string(Journal::kMaxSuperblock + 1, 's');
  }));
  ASSERT_OK_AND_ASSIGN(const ActionId id, journal_->RecordIntent(WriteOf("op1")));
  EXPECT_THAT(journal_->RecordOutcome(id, {.sha256 = "abc"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(journal_->RecordOutcome(id, {.written = Sectors(-1)}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(JournalTest, ADiscTakesNoActionWhileOneRunsOnIt) {
  RecordBurn("op1");
  ASSERT_OK_AND_ASSIGN(const ActionId id, journal_->RecordIntent(WriteOf("op1")));
  for (ActionKind kind : {ActionKind::kWriteSession, ActionKind::kClose, ActionKind::kBlank,
                          ActionKind::kFormat, ActionKind::kRepair}) {
    ActionIntent other = WriteOf("op1");
    other.kind = kind;
    EXPECT_THAT(journal_->RecordIntent(other),
                StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("running")));
  }
  EXPECT_OK(journal_->RecordIntent(WriteOf("op1", "BDR0002")));
  ASSERT_OK(journal_->RecordOutcome(id, {.result = ActionResult::kNothingDone}));
  EXPECT_OK(journal_->RecordIntent(WriteOf("op1")));
}

TEST_F(JournalTest, ADiscWhoseErasureFailedMayBeErasedAgainAndNotWritten) {
  RecordBurn("op1");
  ActionIntent blank = WriteOf("op1");
  blank.kind = ActionKind::kBlank;
  ASSERT_OK_AND_ASSIGN(const ActionId id, journal_->RecordIntent(blank));
  ASSERT_OK(journal_->RecordOutcome(id, {.result = ActionResult::kFailed}));
  EXPECT_FALSE(journal_->RecordIntent(WriteOf("op1")).ok());
  blank.kind = ActionKind::kFormat;
  EXPECT_OK(journal_->RecordIntent(blank));
}

TEST_F(JournalTest, AFailedDiscMayBeRepaired) {
  RecordBurn("op1");
  ASSERT_OK_AND_ASSIGN(const ActionId id, journal_->RecordIntent(WriteOf("op1")));
  ASSERT_OK(journal_->RecordOutcome(id, {.result = ActionResult::kFailed}));
  ActionIntent repair = WriteOf("op1");
  repair.kind = ActionKind::kRepair;
  repair.old_superblock = "descriptors";
  ASSERT_OK_AND_ASSIGN(const ActionId repairing, journal_->RecordIntent(repair));
  ASSERT_OK(journal_->RecordOutcome(repairing, {.result = ActionResult::kSucceeded}));
  ASSERT_OK_AND_ASSIGN(const std::vector<ActionRecord> actions,
                       journal_->ActionsOfOperation("op1"));
  ASSERT_EQ(actions.size(), 2u);
  EXPECT_EQ(actions[1].intent, repair);
  EXPECT_TRUE(actions[0].held) << "until somebody takes it as it is";
}

TEST_F(JournalTest, AFailedDiscMayBeClosedButNotWrittenUntilAcknowledged) {
  RecordBurn("op1");
  ASSERT_OK_AND_ASSIGN(const ActionId id, journal_->RecordIntent(WriteOf("op1")));
  ASSERT_OK(journal_->RecordOutcome(id, {.result = ActionResult::kFailed}));
  EXPECT_THAT(journal_->RecordIntent(WriteOf("op1")),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("failed")));
  ActionIntent close = WriteOf("op1");
  close.kind = ActionKind::kClose;
  ASSERT_OK_AND_ASSIGN(const ActionId closing, journal_->RecordIntent(close));
  ASSERT_OK(journal_->RecordOutcome(closing, {.result = ActionResult::kSucceeded}));
  EXPECT_THAT(journal_->RecordIntent(WriteOf("op1")),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_THAT(journal_->Acknowledge(id, {.who = ""}), StatusIs(absl::StatusCode::kInvalidArgument));
  ASSERT_OK(journal_->Acknowledge(id, {.who = "operator", .note = "session 2 is void"}));
  EXPECT_OK(journal_->RecordIntent(WriteOf("op1")));
}

TEST_F(JournalTest, AnInterruptedActionHoldsItsDiscUntilSomebodyKnows) {
  RecordBurn("op1");
  ASSERT_OK_AND_ASSIGN(const ActionId first, journal_->RecordIntent(WriteOf("op1", "A")));
  ASSERT_OK_AND_ASSIGN(const ActionId second, journal_->RecordIntent(WriteOf("op1", "B")));
  EXPECT_THAT(journal_->Acknowledge(first, {.who = "operator"}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("is running")));

  Reopen();
  ASSERT_OK_AND_ASSIGN(std::vector<ActionRecord> held, journal_->HeldActions());
  ASSERT_THAT(held, SizeIs(2));
  EXPECT_FALSE(held[0].of_this_run);
  EXPECT_FALSE(held[0].outcome.has_value());
  EXPECT_THAT(journal_->RecordIntent(WriteOf("op1", "A")),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("interrupted")));
  ASSERT_OK(journal_->Acknowledge(first, {.who = "operator", .note = "looked"}));
  ASSERT_OK(journal_->RecordOutcome(second, {.result = ActionResult::kSucceeded}));
  EXPECT_THAT(journal_->HeldActions(), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(journal_->RecordOutcome(first, {.result = ActionResult::kSucceeded}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(journal_->Acknowledge(second, {.who = "operator"}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(journal_->Acknowledge(ActionId(99), {.who = "operator"}),
              StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK_AND_ASSIGN(held, journal_->ActionsOfBarcode("A"));
  EXPECT_THAT(held[0].acknowledgement, Optional(Acknowledgement{"operator", "looked"}));
}

TEST_F(JournalTest, TakesDiscsForOneWhereNothingTellsThemApart) {
  struct Case {
    std::string name;
    ActionIntent held;
    ActionIntent next;
    bool is_free;
  };
  const Case cases[] = {
      {"equal bar codes",
       {.drive = "d0", .disc = {"A", "x"}},
       {.drive = "d1", .disc = {"A", "y"}},
       false},
      {"other bar codes",
       {.drive = "d0", .disc = {"A", "x"}},
       {.drive = "d0", .disc = {"B", "x"}},
       true},
      {"equal identifiers",
       {.drive = "d0", .disc = {"A", "x"}},
       {.drive = "d1", .disc = {"", "x"}},
       false},
      {"other identifiers",
       {.drive = "d0", .disc = {"", "x"}},
       {.drive = "d0", .disc = {"", "y"}},
       true},
      {"nothing known, one drive", {.drive = "d0"}, {.drive = "d0"}, false},
      {"nothing known, other drives", {.drive = "d0"}, {.drive = "d1"}, true},
  };
  RecordBurn("op1");
  for (Case c : cases) {
    SCOPED_TRACE(c.name);
    c.held.operation = c.next.operation = "op1";
    ASSERT_OK_AND_ASSIGN(const ActionId held, journal_->RecordIntent(c.held));
    const absl::StatusOr<ActionId> next = journal_->RecordIntent(c.next);
    EXPECT_EQ(next.ok(), c.is_free) << next.status();
    ASSERT_OK(journal_->RecordOutcome(held, {.result = ActionResult::kSucceeded}));
    if (!next.ok()) continue;
    ASSERT_OK(journal_->RecordOutcome(*next, {.result = ActionResult::kSucceeded}));
  }
}

TEST_F(JournalTest, ForgetsOldOperationsButNoneThatHoldsADisc) {
  RecordBurn("settled");
  ASSERT_OK_AND_ASSIGN(const ActionId settled, journal_->RecordIntent(WriteOf("settled", "A")));
  ASSERT_OK(journal_->RecordOutcome(settled, {.result = ActionResult::kSucceeded}));
  ASSERT_OK(journal_->EndOperation("settled", RequestIdReusedError("payload"), ""));
  RecordBurn("held");
  ASSERT_OK_AND_ASSIGN(const ActionId held, journal_->RecordIntent(WriteOf("held", "B")));
  ASSERT_OK(journal_->RecordOutcome(held, {.result = ActionResult::kFailed}));
  ASSERT_OK(journal_->EndOperation("held", absl::AbortedError("failed"), ""));
  RecordBurn("running");
  clock_.Advance(absl::Hours(1));
  RecordBurn("young");
  ASSERT_OK(journal_->EndOperation("young", absl::OkStatus(), ""));

  EXPECT_THAT(journal_->RemoveEndedBefore(clock_.Now()), IsOkAndHolds(1));
  EXPECT_THAT(journal_->GetOperation("settled"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(journal_->ActionsOfBarcode("A"), IsOkAndHolds(IsEmpty()));
  for (const char* kept : {"held", "running", "young"}) EXPECT_OK(journal_->GetOperation(kept));
  ASSERT_OK(journal_->Acknowledge(held, {.who = "operator"}));
  EXPECT_THAT(journal_->RemoveEndedBefore(clock_.Now()), IsOkAndHolds(1));
  RecordBurn("next");
  ASSERT_OK_AND_ASSIGN(const ActionId fresh, journal_->RecordIntent(WriteOf("next")));
  EXPECT_GT(fresh, held);
}

TEST_F(JournalTest, ManyThreadsWithOneRequestStartOneOperation) {
  std::atomic<int> started = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      const absl::StatusOr<Journal::Recorded> recorded =
          journal_->RecordOperation({.id = absl::StrCat("op", i), .request = {"r", 1}});
      if (recorded.ok() && recorded->is_new) ++started;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(started, 1);
  EXPECT_THAT(journal_->ListOperations(10), IsOkAndHolds(SizeIs(1)));
}

TEST_F(JournalTest, ThreadsWriteSideBySide) {
  constexpr int kThreads = 4, kActions = 20;
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const std::string name = absl::StrCat("op", i);
      if (!journal_->RecordOperation({.id = name}).ok()) return;
      for (int n = 0; n < kActions; ++n) {
        const absl::StatusOr<ActionId> id = journal_->RecordIntent(WriteOf(name, name));
        if (id.ok() && journal_->RecordOutcome(*id, {.result = ActionResult::kSucceeded}).ok())
          ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, kThreads * kActions);
  Reopen();
  for (int i = 0; i < kThreads; ++i) {
    EXPECT_THAT(journal_->ActionsOfOperation(absl::StrCat("op", i)),
                IsOkAndHolds(SizeIs(kActions)));
  }
  EXPECT_THAT(journal_->HeldActions(), IsOkAndHolds(IsEmpty()));
}

TEST_F(JournalTest, ReportsEachWriteOnceItIsThere) {
  RecordBurn("op1");
  ASSERT_OK_AND_ASSIGN(const ActionId action, journal_->RecordIntent(WriteOf("op1")));
  ASSERT_OK(journal_->RecordOutcome(action, {.result = ActionResult::kFailed}));
  EXPECT_THAT(journal_->RecordIntent(WriteOf("op1")),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_OK(journal_->Acknowledge(action, {.who = "op"}));
  ASSERT_OK(journal_->EndOperation("op1", absl::OkStatus(), ""));
  EXPECT_THAT(
      observer_.records,
      ElementsAre(JournalRecord::kOperation, JournalRecord::kIntent, JournalRecord::kOutcome,
                  JournalRecord::kAcknowledgement, JournalRecord::kOperationEnd));
}

TEST_F(JournalTest, ReportsHowManyDiscsWaitForSomebody) {
  EXPECT_EQ(observer_.held_discs, 0);
  RecordBurn("op1");
  ASSERT_OK_AND_ASSIGN(const ActionId failed, journal_->RecordIntent(WriteOf("op1")));
  // Two actions on one disc, and one that runs on another.
  ASSERT_OK(journal_->RecordOutcome(failed, {.result = ActionResult::kFailed}));
  ActionIntent close = WriteOf("op1");
  close.kind = ActionKind::kClose;
  ASSERT_OK_AND_ASSIGN(const ActionId closed, journal_->RecordIntent(close));
  ASSERT_OK(journal_->RecordOutcome(closed, {.result = ActionResult::kFailed}));
  ASSERT_OK(journal_->RecordIntent(WriteOf("op1", "BDR0002")));
  EXPECT_EQ(observer_.held_discs, 1);
  Reopen();
  EXPECT_EQ(observer_.held_discs, 2);
  ASSERT_OK_AND_ASSIGN(const std::vector<ActionRecord> actions, journal_->HeldActions());
  for (const ActionRecord& held : actions) ASSERT_OK(journal_->Acknowledge(held.id, {.who = "op"}));
  EXPECT_EQ(observer_.held_discs, 0);
}

TEST_F(JournalTest, TellsWhichActionsHoldADisc) {
  RecordBurn("op1");
  ASSERT_OK(journal_->RecordIntent(WriteOf("op1", "BDR0001")));
  EXPECT_THAT(journal_->HeldActionsOfDisc("drive1", {.barcode = "BDR0001"}),
              IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(journal_->HeldActionsOfDisc("drive0", {.barcode = "BDR0002"}),
              IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(
      journal_->CheckDiscIsFree(ActionKind::kWriteSession, "drive1", {.barcode = "BDR0001"}),
      StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_OK(journal_->CheckDiscIsFree(ActionKind::kWriteSession, "drive0", {.barcode = "BDR0002"}));
}

TEST_F(JournalTest, TakesAnOperationBackThatWasNeverBegun) {
  RecordBurn("op1");
  ASSERT_OK(journal_->DropOperation("op1"));
  EXPECT_THAT(journal_->GetOperation("op1"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(journal_->DropOperation("op1"), StatusIs(absl::StatusCode::kNotFound));
  RecordBurn("op2");
  ASSERT_OK(journal_->RecordIntent(WriteOf("op2")));
  EXPECT_THAT(journal_->DropOperation("op2"), StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace carousel
