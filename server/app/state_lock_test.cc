#include "server/app/state_lock.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

using testing::HasSubstr;

// A place for a folder that is not there yet.
class StateLockTest : public testing::Test {
 protected:
  StateLockTest() { std::filesystem::remove_all(root_); }

  const std::string root_ =
      testing::TempDir() + "/" + testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::string folder_ = root_ + "/a/b";
};

TEST_F(StateLockTest, MakesItsFolder) {
  EXPECT_OK(StateLock::Take(folder_));
  EXPECT_TRUE(std::filesystem::is_directory(folder_));
}

TEST_F(StateLockTest, IsHeldByOneAtATime) {
  absl::StatusOr<StateLock> first = StateLock::Take(folder_);
  ASSERT_OK(first);
  EXPECT_THAT(StateLock::Take(folder_),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another carouseld")));
  std::optional<StateLock> moved = *std::move(first);
  EXPECT_THAT(StateLock::Take(folder_), StatusIs(absl::StatusCode::kFailedPrecondition));
  moved.reset();
  EXPECT_OK(StateLock::Take(folder_));
}

TEST_F(StateLockTest, TwoFoldersHaveTwoLocks) {
  const absl::StatusOr<StateLock> first = StateLock::Take(folder_);
  EXPECT_OK(first);
  EXPECT_OK(StateLock::Take(root_));
}

TEST_F(StateLockTest, NamesThePlaceThatCannotBeUsed) {
  std::filesystem::create_directories(root_);
  std::ofstream(root_ + "/a") << "no folder";
  EXPECT_THAT(StateLock::Take(folder_),
              StatusIs(absl::StatusCode::kInternal, HasSubstr(folder_ + "/lock")));
}

}  // namespace
}  // namespace carousel
