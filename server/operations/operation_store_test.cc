#include "server/operations/operation_store.h"

#include <any>
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"

namespace carousel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kNewest = INT64_MAX;

std::vector<std::string> Ids(const std::vector<OperationView>& views) {
  std::vector<std::string> ids;
  for (const OperationView& view : views) ids.push_back(view.id);
  return ids;
}

class OperationStoreTest : public testing::Test {
 protected:
  std::string Create(OperationKind kind, std::string drive) {
    return store_.Create({.kind = kind, .drive = std::move(drive)});
  }

  FakeClock clock_;
  OperationStore store_{&clock_, {.keep = absl::Hours(1), .max_finished = 3}};
};

TEST_F(OperationStoreTest, TellsOfAnOperationFromItsStartToItsEnd) {
  const absl::Time start = clock_.Now();
  const std::string id =
      store_.Create({.kind = OperationKind::kLoadDisc, .drive = "drive0", .trace_id = "t"});
  ASSERT_OK_AND_ASSIGN(OperationView view, store_.Get(id));
  EXPECT_FALSE(view.done());
  EXPECT_EQ(view.create_time, start);
  EXPECT_EQ(view.subject.trace_id, "t");
  EXPECT_OK(view.status);

  clock_.Advance(absl::Seconds(5));
  store_.Finish(id, std::any(std::string("result")));
  ASSERT_OK_AND_ASSIGN(view, store_.Get(id));
  EXPECT_EQ(view.end_time, start + absl::Seconds(5));
  EXPECT_EQ(std::any_cast<std::string>(view.response), "result");
}

TEST_F(OperationStoreTest, KeepsTheLastProgressAfterTheEnd) {
  int done = 0;
  const std::string id = Create(OperationKind::kImportFileSystem, "drive0");
  store_.Attach(
      id, [&] { return std::any(done); }, nullptr);
  done = 1;
  EXPECT_EQ(std::any_cast<int>(store_.Get(id)->progress), 1);
  done = 2;
  store_.Finish(id, absl::DataLossError("scratched"));
  done = 3;
  ASSERT_OK_AND_ASSIGN(const OperationView view, store_.Get(id));
  EXPECT_EQ(std::any_cast<int>(view.progress), 2);
  EXPECT_THAT(view.status, StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_FALSE(view.response.has_value());
}

TEST_F(OperationStoreTest, TakesAnOperationOfAnEarlierRunAsItEnded) {
  const absl::Time start = clock_.Now();
  clock_.Advance(absl::Minutes(10));
  store_.Restore({.id = "old",
                  .subject = {.kind = OperationKind::kWriteImage, .drive = "drive1"},
                  .request = {.id = "r1", .fingerprint = 7},
                  .create_time = start,
                  .end_time = start + absl::Minutes(5),
                  .progress = 3,
                  .response = absl::DataLossError("scratched")});
  ASSERT_OK_AND_ASSIGN(const OperationView view, store_.Get("old"));
  EXPECT_EQ(view.create_time, start);
  EXPECT_EQ(view.end_time, start + absl::Minutes(5));
  EXPECT_EQ(std::any_cast<int>(view.progress), 3);
  EXPECT_THAT(view.status, StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(store_.FindRequest({.id = "r1", .fingerprint = 7}),
              IsOkAndHolds(std::optional<std::string>("old")));
  clock_.Advance(absl::Minutes(56));
  store_.RemoveExpired();
  EXPECT_THAT(store_.Get("old"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(OperationStoreTest, RestoresNothingOverAnOperationThatItKnows) {
  const std::string id = Create(OperationKind::kLoadDisc, "drive0");
  store_.Restore({.id = id, .end_time = clock_.Now(), .response = std::any(1)});
  EXPECT_FALSE(store_.Get(id)->done());
}

TEST_F(OperationStoreTest, DoesNotEndAnOperationTwice) {
  const std::string id = Create(OperationKind::kLoadDisc, "drive0");
  store_.Finish(id, absl::InternalError("first"));
  store_.Finish(id, std::any(1));
  EXPECT_THAT(store_.Get(id)->status, StatusIs(absl::StatusCode::kInternal, "first"));
}

TEST_F(OperationStoreTest, TellsOfEachEndOnceAndBeforeThoseWhoWaitHearOfIt) {
  std::vector<std::string> heard;
  OperationStore store(&clock_, {.on_end = [&](const OperationView& ended) {
    EXPECT_TRUE(ended.done());
    EXPECT_TRUE(store.Get(ended.id).ok()) << "no lock is held";
    heard.push_back(ended.subject.drive);
  }});
  const std::string id = store.Create({.kind = OperationKind::kLoadDisc, .drive = "drive0"});
  ASSERT_OK(store.OnDone(id, [&] { heard.push_back("waiting"); }));
  store.Finish(id, absl::InternalError("the arm failed"));
  store.Finish(id, absl::InternalError("again"));
  EXPECT_THAT(heard, ElementsAre("drive0", "waiting"));
}

TEST_F(OperationStoreTest, ListsTheNewestFirstByFilterAndPage) {
  const std::string a = Create(OperationKind::kLoadDisc, "drive0");
  const std::string b = Create(OperationKind::kImportFileSystem, "drive0");
  const std::string c = Create(OperationKind::kImportFileSystem, "drive1");
  store_.Finish(b, std::any());
  EXPECT_THAT(Ids(store_.List({}, kNewest, 10)), ElementsAre(c, b, a));
  const std::vector<OperationView> first = store_.List({}, kNewest, 2);
  EXPECT_THAT(Ids(first), ElementsAre(c, b));
  EXPECT_THAT(Ids(store_.List({}, first.back().number, 2)), ElementsAre(a));
  EXPECT_THAT(Ids(store_.List({.done = true}, kNewest, 10)), ElementsAre(b));
  EXPECT_THAT(Ids(store_.List({.done = false}, kNewest, 10)), ElementsAre(c, a));
  EXPECT_THAT(
      Ids(store_.List({.kind = OperationKind::kImportFileSystem, .drive = "drive1"}, kNewest, 10)),
      ElementsAre(c));
  EXPECT_THAT(store_.List({.drive = "drive2"}, kNewest, 10), IsEmpty());
}

TEST_F(OperationStoreTest, CallsWhoWaitsOnceAtTheEnd) {
  const std::string id = Create(OperationKind::kLoadDisc, "drive0");
  int calls = 0;
  int dropped = 0;
  ASSERT_OK(store_.OnDone(id, [&] { ++calls; }));
  ASSERT_OK_AND_ASSIGN(const OperationStore::WaitId wait, store_.OnDone(id, [&] { ++dropped; }));
  EXPECT_TRUE(store_.StopWaiting(id, wait));
  EXPECT_EQ(calls, 0);
  store_.Finish(id, std::any());
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(dropped, 0);
  ASSERT_OK_AND_ASSIGN(const OperationStore::WaitId late, store_.OnDone(id, [&] { ++calls; }));
  EXPECT_EQ(calls, 2);
  EXPECT_FALSE(store_.StopWaiting(id, late));
}

TEST_F(OperationStoreTest, CancelsWhatRunsAndRemembersAnEarlyCancellation) {
  const std::string id = Create(OperationKind::kLoadDisc, "drive0");
  int cancels = 0;
  EXPECT_OK(store_.Cancel(id));
  store_.Attach(id, nullptr, [&] { ++cancels; });
  EXPECT_EQ(cancels, 1);
  EXPECT_OK(store_.Cancel(id));
  EXPECT_EQ(cancels, 2);
  store_.Finish(id, absl::CancelledError(""));
  EXPECT_OK(store_.Cancel(id));
  EXPECT_EQ(cancels, 2);
}

TEST_F(OperationStoreTest, DeletesFinishedOperationsOnly) {
  const std::string id = Create(OperationKind::kLoadDisc, "drive0");
  const absl::Status refused = store_.Delete(id);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(GetReason(refused)->reason, "OPERATION_RUNNING");
  store_.Finish(id, std::any());
  EXPECT_OK(store_.Delete(id));
  EXPECT_THAT(store_.Get(id), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(store_.Delete(id), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(store_.Cancel(id), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(store_.OnDone(id, [] {}), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_FALSE(store_.StopWaiting(id, 1));
}

TEST_F(OperationStoreTest, ForgetsFinishedOperationsByAgeButNeverRunningOnes) {
  const std::string running = Create(OperationKind::kLoadDisc, "drive0");
  const std::string old = Create(OperationKind::kLoadDisc, "drive1");
  store_.Finish(old, std::any());
  clock_.Advance(absl::Minutes(59));
  store_.RemoveExpired();
  EXPECT_OK(store_.Get(old));
  clock_.Advance(absl::Minutes(1));
  store_.RemoveExpired();
  EXPECT_THAT(store_.Get(old), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(store_.Get(running));
}

TEST_F(OperationStoreTest, ForgetsTheFirstToEndBeyondItsCount) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(Create(OperationKind::kLoadDisc, "drive0"));
  for (int i : {4, 0, 3, 1}) store_.Finish(ids[i], std::any());
  EXPECT_THAT(Ids(store_.List({}, kNewest, 10)), ElementsAre(ids[3], ids[2], ids[1], ids[0]));
}

TEST_F(OperationStoreTest, FindsTheOperationOfARepeatedRequest) {
  const RequestId request{"8d4ad5b5", 17};
  ASSERT_OK_AND_ASSIGN(std::optional<std::string> found, store_.FindRequest(request));
  EXPECT_EQ(found, std::nullopt);
  const std::string id = store_.Create({}, request);
  ASSERT_OK_AND_ASSIGN(found, store_.FindRequest(request));
  EXPECT_EQ(found, id);
  const absl::Status other = store_.FindRequest({request.id, 18}).status();
  EXPECT_THAT(other, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(GetReason(other)->reason, "REQUEST_ID_REUSED");
  ASSERT_OK_AND_ASSIGN(found, store_.FindRequest({}));
  EXPECT_EQ(found, std::nullopt);
  store_.Finish(id, std::any());
  ASSERT_OK(store_.Delete(id));
  ASSERT_OK_AND_ASSIGN(found, store_.FindRequest(request));
  EXPECT_EQ(found, std::nullopt);
}

TEST_F(OperationStoreTest, IsUsedFromManyThreads) {
  std::atomic<int> ended = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const std::string id = Create(OperationKind::kLoadDisc, "drive0");
        store_.Attach(
            id, [i] { return std::any(i); }, [] {});
        const auto wait = store_.OnDone(id, [&] { ++ended; });
        ASSERT_OK(wait);
        store_.List({}, kNewest, 5);
        if (t % 2 == 0) {
          EXPECT_OK(store_.Cancel(id));
        }
        store_.Finish(id, std::any(i));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ended, 800);
  EXPECT_EQ(store_.List({}, kNewest, 100).size(), 3u);
}

}  // namespace
}  // namespace carousel
