#include "server/operations/worker_pool.h"

#include <algorithm>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/mutex.h"

namespace carousel {
namespace {

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

TEST(WorkerPool, RunsWhatIsQueuedInOrderBeforeItEnds) {
  std::vector<int> ran;
  {
    WorkerPool pool(1);
    for (int i = 0; i < 100; ++i) pool.Post([&ran, i] { ran.push_back(i); });
  }
  ASSERT_EQ(ran.size(), 100u);
  EXPECT_TRUE(std::is_sorted(ran.begin(), ran.end()));
}

TEST(WorkerPool, RunsAsManyTasksAtOnceAsItHasThreads) {
  Gate first;
  Gate second;
  WorkerPool pool(2);
  pool.Post([&] {
    first.Open();
    second.Pass();
  });
  pool.Post([&] {
    first.Pass();
    second.Open();
  });
}

TEST(WorkerPool, TakesTasksFromItsOwn) {
  Gate ran;
  WorkerPool pool(1);
  pool.Post([&] { pool.Post([&] { ran.Open(); }); });
  ran.Pass();
}

}  // namespace
}  // namespace carousel
