#include "server/web/recent_failures.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"

namespace carousel::web {
namespace {

class Counting : public ValidationObserver {
 public:
  void OnValidation(const absl::Status&) override { ++count; }
  int count = 0;
};

TEST(RecentFailuresTest, KeepsTheNewestAndPassesAllOn) {
  FakeClock clock;
  Counting all;
  RecentFailures failures(2, &clock, &all);
  failures.OnValidation(absl::OkStatus());
  EXPECT_TRUE(failures.List().empty());
  for (int i = 1; i <= 3; ++i) {
    clock.Advance(absl::Seconds(1));
    failures.OnValidation(absl::FailedPreconditionError(absl::StrCat(i)));
  }
  const auto kept = failures.List();
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0].status.message(), "3");
  EXPECT_EQ(kept[0].time, clock.Now());
  EXPECT_EQ(kept[1].status.message(), "2");
  EXPECT_EQ(all.count, 4);
}

}  // namespace
}  // namespace carousel::web
