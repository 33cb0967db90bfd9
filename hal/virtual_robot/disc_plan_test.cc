#include "hal/virtual_robot/disc_plan.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/medium.h"

namespace carousel::virtual_robot {
namespace {

DiscRequest Request(const char* medium, std::vector<PlannedSession> sessions = {}) {
  return DiscRequest{
      .barcode = "D1", .medium = FindMedium(medium), .sessions = std::move(sessions)};
}
PlannedSession Payload(int64_t sectors) { return PlannedSession{.payload = Sectors(sectors)}; }

struct Sequence {
  const char* medium;
  std::vector<int64_t> payloads;
  std::vector<int64_t> starts;  // one more than payloads: the next writable address
};

class SessionStarts : public testing::TestWithParam<Sequence> {};

// Addresses that published dumps of real discs and MMC-5 give.
TEST_P(SessionStarts, FollowTheMediumsUnitsAndGaps) {
  std::vector<PlannedSession> sessions;
  for (int64_t payload : GetParam().payloads) sessions.push_back(Payload(payload));
  ASSERT_OK_AND_ASSIGN(const DiscPlan plan, PlanDisc(Request(GetParam().medium, sessions)));
  std::vector<int64_t> starts;
  for (Lba start : plan.starts) starts.push_back(start.value());
  starts.push_back(plan.disc.NextWritable()->value());
  EXPECT_EQ(starts, GetParam().starts);
}

INSTANTIATE_TEST_SUITE_P(Dumps, SessionStarts,
                         testing::Values(Sequence{"CD-R", {608}, {0, 12'010}},
                                         Sequence{"CD-R", {608, 5'888}, {0, 12'010, 24'800}},
                                         Sequence{"CD-RW", {10}, {0, 302 + 11'400}},
                                         Sequence{"DVD+R", {180, 897'408}, {0, 2'240, 901'696}},
                                         Sequence{"DVD-R", {65'250}, {0, 93'952}},
                                         Sequence{"DVD-RW", {132'800}, {0, 161'488}},
                                         Sequence{"BD-R", {1, 33}, {0, 32, 96}}));

TEST(PlanDisc, ChoosesTheStateThatWritingLeaves) {
  const auto state = [](const DiscRequest& request) { return PlanDisc(request)->disc.state; };
  EXPECT_EQ(state(Request("CD-R")), DiscState::kBlank);
  EXPECT_EQ(state(Request("BD-R", {Payload(1)})), DiscState::kAppendable);
  EXPECT_EQ(state(Request("DVD-R-DL", {Payload(1)})), DiscState::kFinalized);
  EXPECT_EQ(state(Request("DVD+RW")), DiscState::kFormatted);
  EXPECT_EQ(state(Request("BD-ROM", {Payload(1)})), DiscState::kFinalized);
}

TEST(PlanDisc, LeavesTheOpenSessionsNextWritableAddressBehindItsData) {
  DiscRequest request = Request("DVD+R", {Payload(192), Payload(100)});
  request.state = DiscState::kOpen;
  ASSERT_OK_AND_ASSIGN(const DiscPlan plan, PlanDisc(request));
  EXPECT_EQ(plan.disc.NextWritable(), Lba(2'240 + 112));
  EXPECT_EQ(plan.disc.ReadableEnd(), Lba(192));
}

TEST(PlanDisc, GivesADamagedDiscANextWritableAddressOnlyWhereDrivesDo) {
  for (const auto& [medium, resumable] :
       {std::pair{"CD-R", false}, {"DVD-R", false}, {"DVD+R", true}, {"BD-R", true}}) {
    DiscRequest request = Request(medium, {Payload(1'000)});
    request.state = DiscState::kDamaged;
    ASSERT_OK_AND_ASSIGN(const DiscPlan plan, PlanDisc(request));
    EXPECT_EQ(plan.disc.NextWritable().has_value(), resumable) << medium;
  }
}

TEST(PlanDisc, MakesTheNextSessionTheLastOne) {
  DiscRequest request = Request("DVD+R", {Payload(192)});
  request.final_session = true;
  request.state = DiscState::kAppendable;
  ASSERT_OK_AND_ASSIGN(const DiscPlan plan, PlanDisc(request));
  EXPECT_EQ(plan.disc.recorded_sessions(), 152);
  EXPECT_EQ(plan.starts.front(), plan.disc.tracks.back().start);
  request.medium = FindMedium("CD-R");
  ASSERT_OK_AND_ASSIGN(const DiscPlan cd, PlanDisc(request));
  EXPECT_EQ(cd.disc.capacity - (*cd.disc.NextWritable() - Lba(0)), Sectors(302));
}

TEST(PlanDisc, RefusesWhatDoesNotFit) {
  const auto refusal = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(PlanDisc(Request("CD-R", {Payload(400'000)})), refusal);
  EXPECT_THAT(PlanDisc(Request("CD-R", {Payload(0)})), refusal);
  EXPECT_THAT(PlanDisc(Request("BD-ROM")), refusal);
  EXPECT_THAT(PlanDisc(Request("DVD-R-DL", {Payload(1), Payload(1)})), refusal);
  DiscRequest overlapping = Request("DVD+R", {Payload(192), Payload(1)});
  overlapping.sessions[1].start = Lba(176);
  EXPECT_THAT(PlanDisc(overlapping), refusal);
  DiscRequest open = Request("DVD+R");
  open.state = DiscState::kOpen;
  EXPECT_THAT(PlanDisc(open), refusal);
  DiscRequest unformatted = Request("BD-RE", {Payload(1)});
  unformatted.state = DiscState::kUnformatted;
  EXPECT_THAT(PlanDisc(unformatted), refusal);
}

}  // namespace
}  // namespace carousel::virtual_robot
