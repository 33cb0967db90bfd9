#include "server/session_import/file_system_identifier.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/mutex.h"
#include "hal/base/status_matchers.h"
#include "hal/robot/fake_robot.h"
#include "server/disc_format/drive_media.h"
#include "server/disc_format/example_media_facts.h"
#include "server/image/file_system_image.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/operations/task_lanes.h"

namespace carousel {
namespace {

using imapi::Hresult;
using testing::ElementsAre;
using testing::IsEmpty;

class FileSystemIdentifierTest : public testing::Test {
 protected:
  absl::StatusOr<IdentifiedFileSystems> Run(const std::string& drive) {
    Mutex mutex;
    CondVar changed;
    std::optional<absl::StatusOr<IdentifiedFileSystems>> answer;
    identifier_.Run(image_, drive, [&](absl::StatusOr<IdentifiedFileSystems> found) {
      MutexLock lock(&mutex);
      answer = std::move(found);
      changed.SignalAll();
    });
    MutexLock lock(&mutex);
    while (!answer.has_value()) changed.Wait(&mutex);
    return *std::move(answer);
  }
  void Bind(std::string drive) {
    auto bound = std::make_shared<BoundDisc>();
    bound->decision.drive = std::move(drive);
    bound->facts = std::make_shared<MediaFacts>();
    EXPECT_OK(image_.Bind("", bound));
  }

  FakeClock clock_;
  FakeRobot robot_{2, 1};
  FileSystemImage image_{"1", 1, {}, absl::Hours(1), &clock_};
  MediaFacts facts_ = AppendableDvdPlusRFacts();
  absl::StatusOr<iso9660::Identification> found_ = iso9660::Identification();
  std::string asked_;  // the drive's id
  DriveMedia media_{&robot_,
                    [this](DriveStation&, absl::AnyInvocable<void(DriveMedia::FactsOr)> done) {
                      done(std::make_shared<const MediaFacts>(facts_));
                    },
                    [](absl::string_view) { return std::string(); }};
  TaskLanes lanes_{{"drive0", "drive1"}};
  FileSystemIdentifier identifier_{&media_, &lanes_,
                                   [this](DriveStation* drive, const MediaFacts&) {
                                     asked_ = drive->id();
                                     return found_;
                                   }};
};

TEST_F(FileSystemIdentifierTest, NamesWhatIsThereByNumber) {
  found_->primary.emplace();
  found_->joliet.emplace();
  found_->udf = true;
  found_->rock_ridge = true;
  ASSERT_OK_AND_ASSIGN(const IdentifiedFileSystems found, Run("drive1"));
  EXPECT_THAT(found.file_systems,
              ElementsAre(FileSystem::kIso9660, FileSystem::kJoliet, FileSystem::kUdf));
  EXPECT_TRUE(found.rock_ridge);
  EXPECT_EQ(asked_, "drive1");
}

TEST_F(FileSystemIdentifierTest, NamesNothingWhereNothingIsKnown) {
  ASSERT_OK_AND_ASSIGN(const IdentifiedFileSystems found, Run("drive0"));
  EXPECT_THAT(found.file_systems, IsEmpty());
}

TEST_F(FileSystemIdentifierTest, AsksTheDriveThatTheImageIsBoundTo) {
  const auto unbound = imapi::GetDetail(Run("").status());
  ASSERT_TRUE(unbound.has_value());
  EXPECT_EQ(unbound->hresult, Hresult::IMAPI_E_MULTISESSION_NOT_SET);
  EXPECT_EQ(unbound->metadata.at("resource"), "images/1");
  Bind("drive1");
  EXPECT_OK(Run(""));
  EXPECT_EQ(asked_, "drive1");
}

TEST_F(FileSystemIdentifierTest, TellsAnEmptyDriveInTheWordsOfImport) {
  facts_ = NoMediumFacts();
  const auto detail = imapi::GetDetail(Run("drive0").status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE);
  EXPECT_EQ(detail->metadata.at("cause"), "E_IMAPI_RECORDER_MEDIA_NO_MEDIA");
  EXPECT_EQ(detail->metadata.at("drive"), "drives/drive0");
}

TEST_F(FileSystemIdentifierTest, ReadsNothingFromABlankDisc) {
  facts_ = BlankDvdPlusRFacts();
  const auto detail = imapi::GetDetail(Run("drive0").status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, Hresult::IMAPI_E_EMPTY_DISC);
  EXPECT_EQ(asked_, "");
}

TEST_F(FileSystemIdentifierTest, SaysWhichDriveFailed) {
  found_ = imapi::MakeError(Hresult::IMAPI_E_IMPORT_READ_FAILURE, "block 16", {{"block", "16"}});
  const auto detail = imapi::GetDetail(Run("drive1").status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, Hresult::IMAPI_E_IMPORT_READ_FAILURE);
  EXPECT_EQ(detail->metadata.at("block"), "16");
  EXPECT_EQ(detail->metadata.at("drive"), "drives/drive1");
}

TEST_F(FileSystemIdentifierTest, ChoosesTheDefaultOfAnImport) {
  EXPECT_THAT(DefaultFileSystemForImport({.file_systems = {FileSystem::kJoliet}},
                                         ImportPreference::kComplete),
              IsOkAndHolds(FileSystem::kJoliet));
  const auto detail =
      imapi::GetDetail(DefaultFileSystemForImport({}, ImportPreference::kComplete).status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, Hresult::IMAPI_E_NO_SUPPORTED_FILE_SYSTEM);
}

}  // namespace
}  // namespace carousel
