#include "server/app/periodic_task.h"

#include <any>
#include <atomic>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/mutex.h"
#include "hal/base/status_matchers.h"
#include "server/image/image_store.h"
#include "server/operations/operation_store.h"

namespace carousel {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

// Counts runs.
class Counter {
 public:
  void Add() {
    MutexLock lock(&mutex_);
    ++count_;
    changed_.SignalAll();
  }
  int count() {
    MutexLock lock(&mutex_);
    return count_;
  }
  // Until there are `more` beyond those of now.
  void AwaitMore(int more) {
    MutexLock lock(&mutex_);
    const int wanted = count_ + more;
    while (count_ < wanted) changed_.Wait(&mutex_);
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

TEST(PeriodicTask, RunsAtOnceAndAgainAfterItsPause) {
  Counter runs;
  PeriodicTask task([&] {
    runs.Add();
    return absl::Milliseconds(1);
  });
  EXPECT_TRUE(task.AwaitFirstRun(kPatience));
  runs.AwaitMore(3);
}

TEST(PeriodicTask, StopsInTheMiddleOfAPause) {
  Counter runs;
  PeriodicTask task([&] {
    runs.Add();
    return absl::InfiniteDuration();
  });
  ASSERT_TRUE(task.AwaitFirstRun(kPatience));
  task.Stop();
  task.Stop();
  EXPECT_EQ(runs.count(), 1);
}

TEST(PeriodicTask, LetsARunComeToItsEndBeforeItStops) {
  Counter begun, may_end;
  std::atomic<bool> ended = false;
  {
    PeriodicTask task([&] {
      begun.Add();
      may_end.AwaitMore(1);
      ended = true;
      return absl::InfiniteDuration();
    });
    EXPECT_FALSE(task.AwaitFirstRun(absl::ZeroDuration()));
    while (!ended && !task.AwaitFirstRun(absl::Milliseconds(1))) may_end.Add();
  }
  EXPECT_TRUE(ended);
}

// What the service does with it: nobody has to call anything for the old to go.
TEST(PeriodicTask, FreesImagesAndOperationsOnceTheirTimeHasPassed) {
  FakeClock clock;
  OperationStore operations(&clock, {.keep = absl::Hours(24 * 30)});
  ImageStore images(&clock, {.ttl = absl::Hours(24)});
  const std::string operation = operations.Create({});
  operations.Finish(operation, std::any());
  ASSERT_OK_AND_ASSIGN(ImagePtr image, images.Create({}));
  const std::weak_ptr<FileSystemImage> watch = image;
  image.reset();
  Counter runs;
  PeriodicTask task([&] {
    images.RemoveExpired();
    operations.RemoveExpired();
    runs.Add();
    return absl::Milliseconds(1);
  });

  runs.AwaitMore(2);
  EXPECT_FALSE(watch.expired());
  clock.Advance(absl::Hours(25));
  runs.AwaitMore(2);
  EXPECT_TRUE(watch.expired());
  EXPECT_OK(operations.Get(operation));
  clock.Advance(absl::Hours(24 * 30));
  runs.AwaitMore(2);
  EXPECT_THAT(operations.Get(operation), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace carousel
