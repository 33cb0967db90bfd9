#include "server/operations/operation_runner.h"

#include <any>
#include <string>

#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/mutex.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"
#include "server/operations/operation_store.h"

namespace carousel {
namespace {

// A one-shot signal between threads.
class Event {
 public:
  void Set() {
    MutexLock lock(&mutex_);
    set_ = true;
    cond_.SignalAll();
  }
  void Wait() {
    MutexLock lock(&mutex_);
    while (!set_) cond_.Wait(&mutex_);
  }

 private:
  Mutex mutex_;
  CondVar cond_;
  bool set_ ABSL_GUARDED_BY(mutex_) = false;
};

class OperationRunnerTest : public testing::Test {
 protected:
  void WaitForEnd(const std::string& id) {
    Event ended;
    ASSERT_OK(store_.OnDone(id, [&] { ended.Set(); }));
    ended.Wait();
  }

  FakeClock clock_;
  OperationStore store_{&clock_, {}};
  OperationRunner runner_{&store_};
};

TEST_F(OperationRunnerTest, RunsWorkAndKeepsItsOutcome) {
  const std::string good = store_.Create({});
  const std::string bad = store_.Create({});
  ASSERT_OK(runner_.Start(good, [] { return std::any(7); }));
  ASSERT_OK(runner_.Start(bad, [] { return absl::DataLossError("scratched"); }));
  WaitForEnd(good);
  WaitForEnd(bad);
  EXPECT_EQ(std::any_cast<int>(store_.Get(good)->response), 7);
  EXPECT_THAT(store_.Get(bad)->status, StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(OperationRunnerTest, LetsGoOfWhatTheWorkOwnsBeforeTheEndIsHeardOf) {
  auto owned = std::make_shared<int>(0);
  std::weak_ptr<int> watch = owned;
  const std::string id = store_.Create({});
  bool gone = false;
  Event ended;
  ASSERT_OK(store_.OnDone(id, [&] {
    gone = watch.expired();
    ended.Set();
  }));
  ASSERT_OK(runner_.Start(id, [owned = std::move(owned)] { return std::any(*owned); }));
  ended.Wait();
  EXPECT_TRUE(gone);
}

TEST_F(OperationRunnerTest, DrainsWhatEndsByItselfAndTakesNothingNew) {
  const std::string id = store_.Create({});
  ASSERT_OK(runner_.Start(id, [] { return std::any(1); }));
  EXPECT_TRUE(runner_.Drain(absl::InfiniteDuration()));
  EXPECT_TRUE(store_.Get(id)->done());
  EXPECT_EQ(GetReason(runner_.CheckAccepting())->reason, "DRAINING");
  EXPECT_THAT(runner_.Start(store_.Create({}), [] { return std::any(1); }),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(OperationRunnerTest, CancelsWhatOutlastsTheGrace) {
  Event cancelled;
  const std::string id = store_.Create({});
  store_.Attach(id, nullptr, [&] { cancelled.Set(); });
  ASSERT_OK(runner_.Start(id, [&]() -> absl::StatusOr<std::any> {
    cancelled.Wait();
    return absl::CancelledError("stopped");
  }));
  EXPECT_FALSE(runner_.Drain(absl::Milliseconds(1)));
  EXPECT_THAT(store_.Get(id)->status, StatusIs(absl::StatusCode::kCancelled));
}

}  // namespace
}  // namespace carousel
