#include "server/operations/task_lanes.h"

#include <memory>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/mutex.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

using testing::ElementsAre;

class Gate {
 public:
  void Open() {
    MutexLock lock(&mutex_);
    open_ = true;
    cond_.SignalAll();
  }
  void Pass() {
    MutexLock lock(&mutex_);
    while (!open_) cond_.Wait(&mutex_);
  }

 private:
  Mutex mutex_;
  CondVar cond_;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
};

TEST(TaskLanes, RunTasksOfALaneInOrderAndFinishThemAtTheEnd) {
  std::vector<int> ran;
  {
    TaskLanes lanes({"a"});
    for (int i = 0; i < 3; ++i) ASSERT_OK(lanes.Post("a", [&ran, i] { ran.push_back(i); }));
  }
  EXPECT_THAT(ran, ElementsAre(0, 1, 2));
}

TEST(TaskLanes, DoNotWaitForAnotherLane) {
  Gate gate;
  Gate other;
  TaskLanes lanes({"a", "b"});
  ASSERT_OK(lanes.Post("a", [&] { gate.Pass(); }));
  ASSERT_OK(lanes.Post("b", [&] { other.Open(); }));
  other.Pass();
  gate.Open();
}

TEST(TaskLanes, TakeABoundedNumberOfTasks) {
  Gate gate;
  Gate started;
  TaskLanes lanes({"a"});
  ASSERT_OK(lanes.Post("a", [&] {
    started.Open();
    gate.Pass();
  }));
  started.Pass();
  for (size_t i = 0; i < TaskLanes::kMaxQueued; ++i) ASSERT_OK(lanes.Post("a", [] {}));
  EXPECT_THAT(lanes.Post("a", [] { FAIL(); }), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(lanes.Post("none", [] { FAIL(); }), StatusIs(absl::StatusCode::kInternal));
  gate.Open();
}

}  // namespace
}  // namespace carousel
