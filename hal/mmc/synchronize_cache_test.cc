#include "hal/mmc/synchronize_cache.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(SynchronizeCacheTest, TheCommandIsReadBackByTheDevice) {
  for (const bool immediate : {false, true}) {
    const scsi::Command command = MakeCommand(SynchronizeCacheCdb{.immediate = immediate});
    EXPECT_EQ(command.cdb_size, 10);
    EXPECT_EQ(command.cdb[1], immediate ? 2 : 0);
    EXPECT_THAT(DecodeSynchronizeCacheCdb(command.cdb),
                IsOkAndHolds(SynchronizeCacheCdb{.immediate = immediate}));
  }
  EXPECT_THAT(DecodeSynchronizeCacheCdb(std::vector<uint8_t>(10)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace carousel::mmc
