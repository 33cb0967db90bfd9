#include "server/burn/journaled_operations.h"

#include <any>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "server/errors/errors.h"
#include "server/journal/action.h"
#include "server/journal/journal.h"
#include "server/journal/test_file.h"
#include "server/operations/operation_store.h"
#include "server/operations/request_id.h"

namespace carousel {
namespace {

using testing::Optional;

// Progress and response are texts.
JournaledOperations::Codecs Texts() {
  return {{OperationKind::kWriteImage,
           {.encode =
                [](const JournaledOperations::Leavings& leavings) {
                  return std::any_cast<std::string>(leavings.progress) + "/" +
                         (leavings.response.has_value()
                              ? std::any_cast<std::string>(leavings.response)
                              : "");
                },
            .decode =
                [](absl::string_view bytes) {
                  return JournaledOperations::Leavings{.progress = std::string(bytes),
                                                       .response = std::string(bytes)};
                }}}};
}

class JournaledOperationsTest : public testing::Test {
 protected:
  JournaledOperationsTest() : path_(FreshPath("journal")) { Restart(); }

  // The service ends as it stands, and another one begins.
  void Restart() {
    journal_.reset();
    absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(path_, &clock_);
    ASSERT_OK(journal);
    journal_ = *std::move(journal);
    store_ = std::make_unique<OperationStore>(
        &clock_, OperationStore::Options{.keep = absl::Hours(1), .max_finished = 10});
    operations_ = std::make_unique<JournaledOperations>(journal_.get(), store_.get(), Texts());
    ASSERT_OK(operations_->Restore(10));
  }

  void Begin(const std::string& id, const RequestId& request = {}) {
    ASSERT_OK(operations_->Begin(
        id, {.kind = OperationKind::kWriteImage, .drive = "drive0", .disc = "A1", .trace_id = "t"},
        request));
    store_->Attach(
        id, [] { return std::any(std::string("half")); }, [] {});
  }

  void End(const std::string& id, const absl::StatusOr<std::any>& response) {
    ASSERT_OK(operations_->End(id, response));
    store_->Finish(id, response);
  }

  // What a restart says of the operation that is running.
  std::string StateAfterRestart() {
    Restart();
    const absl::StatusOr<OperationView> view = store_->Get("op1");
    if (!view.ok()) return std::string(view.status().message());
    EXPECT_THAT(view->status, StatusIs(absl::StatusCode::kAborted));
    const auto reason = GetReason(view->status);
    if (!reason.has_value()) return "no reason";
    EXPECT_EQ(reason->reason, "INTERRUPTED");
    return reason->metadata.at("disc_state");
  }

  ActionId Intend(ActionKind kind, const std::string& old_superblock = "") {
    const absl::StatusOr<ActionId> id = journal_->RecordIntent({.kind = kind,
                                                                .operation = "op1",
                                                                .drive = "drive0",
                                                                .disc = {.barcode = "A1"},
                                                                .old_superblock = old_superblock});
    EXPECT_OK(id);
    return id.value_or(ActionId());
  }

  const std::string path_;
  FakeClock clock_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<OperationStore> store_;
  std::unique_ptr<JournaledOperations> operations_;
};

TEST_F(JournaledOperationsTest, AreThereAfterARestartAsTheyEnded) {
  const absl::Time begin = clock_.Now();
  Begin("op1");
  clock_.Advance(absl::Minutes(5));
  End("op1", std::any(std::string("session 3")));
  Restart();
  ASSERT_OK_AND_ASSIGN(const OperationView view, store_->Get("op1"));
  EXPECT_EQ(view.subject.kind, OperationKind::kWriteImage);
  EXPECT_EQ(view.subject.drive, "drive0");
  EXPECT_EQ(view.subject.disc, "A1");
  EXPECT_EQ(view.subject.trace_id, "t");
  EXPECT_EQ(view.create_time, begin);
  EXPECT_EQ(view.end_time, begin + absl::Minutes(5));
  EXPECT_OK(view.status);
  EXPECT_EQ(std::any_cast<std::string>(view.response), "half/session 3");
}

TEST_F(JournaledOperationsTest, KeepTheirErrorAndItsFacts) {
  Begin("op1");
  End("op1", DiscHeldError("close", 17, "op0", "failed"));
  Restart();
  ASSERT_OK_AND_ASSIGN(const OperationView view, store_->Get("op1"));
  EXPECT_THAT(view.status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(GetReason(view.status)->reason, "DISC_HELD");
  EXPECT_EQ(std::any_cast<std::string>(view.progress), "half/");
  EXPECT_FALSE(view.response.has_value());
}

TEST_F(JournaledOperationsTest, ThatWereRunningAreInterruptedByARestart) {
  Begin("op1");
  EXPECT_EQ(StateAfterRestart(), "untouched");
}

TEST_F(JournaledOperationsTest, ThatWereWritingLeaveADiscThatNobodyKnows) {
  Begin("op1");
  Intend(ActionKind::kWriteSession);
  EXPECT_EQ(StateAfterRestart(), "unknown");
  EXPECT_THAT(journal_->CheckDiscIsFree(ActionKind::kWriteSession, "drive0", {.barcode = "A1"}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(JournaledOperationsTest, ThatHadWrittenButNotClosedLeaveAnOpenSession) {
  Begin("op1");
  ASSERT_OK(journal_->RecordOutcome(Intend(ActionKind::kWriteSession),
                                    {.result = ActionResult::kSucceeded}));
  EXPECT_EQ(StateAfterRestart(), "partly_written");
}

TEST_F(JournaledOperationsTest, ThatHadClosedLeaveASessionThatNobodyVerified) {
  Begin("op1");
  ASSERT_OK(journal_->RecordOutcome(Intend(ActionKind::kWriteSession),
                                    {.result = ActionResult::kSucceeded}));
  ASSERT_OK(
      journal_->RecordOutcome(Intend(ActionKind::kClose), {.result = ActionResult::kSucceeded}));
  EXPECT_EQ(StateAfterRestart(), "written");
}

TEST_F(JournaledOperationsTest, NeedNoCloseOnMediaThatAreOverwritten) {
  Begin("op1");
  ASSERT_OK(journal_->RecordOutcome(Intend(ActionKind::kWriteSession, "old superblock"),
                                    {.result = ActionResult::kSucceeded}));
  EXPECT_EQ(StateAfterRestart(), "written");
}

TEST_F(JournaledOperationsTest, ThatHadErasedSaySo) {
  Begin("op1");
  ASSERT_OK(
      journal_->RecordOutcome(Intend(ActionKind::kBlank), {.result = ActionResult::kSucceeded}));
  EXPECT_EQ(StateAfterRestart(), "erased");
}

TEST_F(JournaledOperationsTest, AreFoundByTheirRequestAfterARestart) {
  const RequestId request = {.id = "r1", .fingerprint = 7};
  Begin("op1", request);
  Restart();
  EXPECT_THAT(operations_->FindRequest(request), IsOkAndHolds(Optional(std::string("op1"))));
  EXPECT_THAT(operations_->FindRequest({.id = "r1", .fingerprint = 8}),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(operations_->FindRequest({.id = "r2"}), IsOkAndHolds(std::nullopt));
}

TEST_F(JournaledOperationsTest, ThatTheStoreForgotComeBackForTheirRequest) {
  const RequestId request = {.id = "r1", .fingerprint = 7};
  Begin("op1", request);
  End("op1", std::any(std::string("session 3")));
  ASSERT_OK(store_->Delete("op1"));
  EXPECT_THAT(operations_->FindRequest(request), IsOkAndHolds(Optional(std::string("op1"))));
  EXPECT_OK(store_->Get("op1"));
}

TEST_F(JournaledOperationsTest, ThatNothingWasDoneForLeaveTheirRequestFree) {
  const RequestId request = {.id = "r1", .fingerprint = 7};
  Begin("op1", request);
  operations_->Drop("op1");
  EXPECT_THAT(operations_->FindRequest(request), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(store_->Get("op1"), StatusIs(absl::StatusCode::kNotFound));
  Begin("op2", request);
  EXPECT_THAT(operations_->FindRequest(request), IsOkAndHolds(Optional(std::string("op2"))));
}

TEST_F(JournaledOperationsTest, AreListedNewestFirstAfterARestart) {
  Begin("op1");
  Begin("op2");
  Restart();
  const auto list = store_->List({}, INT64_MAX, 10);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].id, "op2");
  EXPECT_EQ(list[1].id, "op1");
}

}  // namespace
}  // namespace carousel
