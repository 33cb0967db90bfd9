#include "server/app/process_limits.h"

#include <sys/resource.h>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

rlimit OpenFiles() {
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit;
}

TEST(ProcessLimitsTest, OpenFilesAreAllowedUpToWhatTheSystemLetsTheProcessHave) {
  rlimit low = OpenFiles();
  low.rlim_cur = 64;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_OK(AllowOpenFiles(80));
  EXPECT_EQ(OpenFiles().rlim_cur, 80u);
  EXPECT_OK(AllowOpenFiles(70)) << "which it may already";
  EXPECT_EQ(OpenFiles().rlim_cur, 80u);
  EXPECT_THAT(AllowOpenFiles(static_cast<int64_t>(low.rlim_max) + 1),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace carousel
