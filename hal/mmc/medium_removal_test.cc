#include "hal/mmc/medium_removal.h"

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(MediumRemovalTest, StartStopUnitIsReadBackByTheDevice) {
  const StartStopUnitCdb eject{.immediate = true, .load_eject = true};
  EXPECT_EQ(MakeCommand(eject).cdb[4], 2);
  EXPECT_THAT(DecodeStartStopUnitCdb(MakeCommand(eject).cdb), IsOkAndHolds(eject));
  const StartStopUnitCdb load{.power_condition = 3, .load_eject = true, .start = true};
  EXPECT_THAT(DecodeStartStopUnitCdb(MakeCommand(load).cdb), IsOkAndHolds(load));
}

TEST(MediumRemovalTest, PreventAllowIsReadBackByTheDevice) {
  const PreventAllowCdb prevent{.prevent = true};
  EXPECT_EQ(MakeCommand(prevent).cdb[4], 1);
  EXPECT_THAT(DecodePreventAllowCdb(MakeCommand(prevent).cdb), IsOkAndHolds(prevent));
  EXPECT_THAT(DecodePreventAllowCdb(std::vector<uint8_t>(6)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace carousel::mmc
