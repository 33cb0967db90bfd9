#include "server/disc_format/drive_media.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/robot/fake_robot.h"
#include "server/disc_format/example_media_facts.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using imapi::Hresult;

class DriveMediaTest : public testing::Test {
 protected:
  absl::StatusOr<DriveMedium> Get(const std::string& drive) {
    absl::StatusOr<DriveMedium> result = absl::UnknownError("not called");
    int calls = 0;
    media_.Get(drive, [&](absl::StatusOr<DriveMedium> medium) {
      result = std::move(medium);
      ++calls;
    });
    EXPECT_EQ(calls, 1);
    return result;
  }
  void Answer(MediaFacts facts) { facts_ = std::make_shared<const MediaFacts>(std::move(facts)); }

  FakeRobot robot_{2, 1};
  DriveMedia::FactsOr facts_ = absl::UnknownError("no answer was set");
  const DriveStation* asked_ = nullptr;
  DriveMedia media_{
      &robot_,
      [this](DriveStation& station, absl::AnyInvocable<void(DriveMedia::FactsOr)> done) {
        asked_ = &station;
        done(facts_);
      },
      [](absl::string_view drive) { return drive == "drive1" ? "A1" : ""; }};
};

TEST_F(DriveMediaTest, GivesTheFactsOfTheDriveThatIsNamed) {
  Answer(AppendableDvdPlusRFacts());
  ASSERT_OK_AND_ASSIGN(const DriveMedium medium, Get("drive1"));
  EXPECT_EQ(medium.drive, "drive1");
  EXPECT_EQ(medium.disc, "A1");
  EXPECT_EQ(medium.station, robot_.FindDrive("drive1")->station);
  EXPECT_EQ(asked_, medium.station);
  EXPECT_EQ(medium.facts, *facts_);
}

TEST_F(DriveMediaTest, LeavesOutADiscThatNobodyKnows) {
  Answer(BlankDvdPlusRFacts());
  ASSERT_OK_AND_ASSIGN(const DriveMedium medium, Get("drive0"));
  EXPECT_EQ(medium.disc, "");
}

TEST_F(DriveMediaTest, KnowsNoOtherDrivesAndAsksNone) {
  const absl::Status status = Get("drive9").status();
  EXPECT_EQ(GetReason(status)->reason, "NOT_FOUND");
  EXPECT_EQ(GetReason(status)->metadata.at("resource"), "drives/drive9");
  EXPECT_EQ(asked_, nullptr);
}

TEST_F(DriveMediaTest, SaysThatADriveIsEmpty) {
  Answer(NoMediumFacts());
  const auto detail = imapi::GetDetail(Get("drive0").status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, Hresult::E_IMAPI_RECORDER_MEDIA_NO_MEDIA);
  EXPECT_EQ(detail->metadata.at("drive"), "drives/drive0");
}

TEST_F(DriveMediaTest, PutsADrivesTroubleIntoImapisWords) {
  facts_ = absl::DeadlineExceededError("no answer to INQUIRY");
  const auto detail = imapi::GetDetail(Get("drive0").status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, Hresult::E_IMAPI_RECORDER_COMMAND_TIMEOUT);
  EXPECT_EQ(detail->metadata.at("drive"), "drives/drive0");
}

}  // namespace
}  // namespace carousel
