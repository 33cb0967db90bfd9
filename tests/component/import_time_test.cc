// How long imports take on drives that are modelled, and that drives do not wait for each other.
// Time is the model's: none of it depends on the machine.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/image/file_tree.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "tests/testing/archive_image.h"
#include "tests/testing/modelled_drives.h"

namespace carousel {
namespace {

constexpr int kEntries = 100'000;
constexpr double kTolerance = 1.2;

class ImportTime : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ASSERT_OK_AND_ASSIGN(image_, WriteArchiveImage(Folder("image"), kEntries));
    ASSERT_OK_AND_ASSIGN(area_, DirectoryAreaBytes(image_));
  }

  static std::string Folder(const std::string& name) {
    return absl::StrCat(std::getenv("TEST_TMPDIR"), "/", name);
  }

  // Drives with a disc of the image in each.
  static std::unique_ptr<ModelledDrives> Open(std::vector<ModelledDrive> drives) {
    static int count = 0;
    for (ModelledDrive& drive : drives) drive.image = image_;
    auto opened = ModelledDrives::Open(Folder(absl::StrCat("store", ++count)), drives);
    EXPECT_OK(opened.status());
    return *std::move(opened);
  }

  static std::string image_;
  static int64_t area_;
};

std::string ImportTime::image_;
int64_t ImportTime::area_ = 0;

TEST_F(ImportTime, IsThatOfReadingTheDirectoriesAndThreeSeeks) {
  for (const double speed : {1.0, 4.0, 16.0}) {
    const std::unique_ptr<ModelledDrives> drives = Open({{.speed = speed}});
    ASSERT_OK_AND_ASSIGN(const ImportResult result, drives->Import(0));
    EXPECT_EQ(result.tree.entry_count(), kEntries);
    const absl::Duration streaming =
        absl::Seconds(static_cast<double>(area_) / (speed * kModelledBytesPerSecond));
    EXPECT_LE(result.took, kTolerance * (streaming + 3 * kModelledSeek)) << speed << "x";
    EXPECT_GE(result.took, streaming) << "no drive is as fast as this";
  }
}

TEST_F(ImportTime, TakesAtMost200ReadsForAHundredThousandEntries) {
  const std::unique_ptr<ModelledDrives> drives = Open({{}});
  const int64_t before = drives->reads(0);
  ASSERT_OK_AND_ASSIGN(const ImportResult result, drives->Import(0));
  EXPECT_LE(drives->reads(0) - before, 200);
  EXPECT_EQ(drives->reads(0) - before, result.requests);
}

TEST_F(ImportTime, OfTwoAtOnceIsThatOfOne) {
  const std::unique_ptr<ModelledDrives> one = Open({{}});
  ASSERT_OK_AND_ASSIGN(const ImportResult alone, one->Import(0));
  const std::unique_ptr<ModelledDrives> two = Open({{}, {}});
  for (const absl::StatusOr<ImportResult>& result : two->ImportAll()) {
    ASSERT_OK(result.status());
    EXPECT_EQ(result->tree.entry_count(), kEntries);
    EXPECT_LE(result->took, kTolerance * alone.took);
  }
}

TEST_F(ImportTime, IsNotProlongedByAnotherDriveThatHangs) {
  const std::unique_ptr<ModelledDrives> one = Open({{}});
  ASSERT_OK_AND_ASSIGN(const ImportResult alone, one->Import(0));
  const std::unique_ptr<ModelledDrives> two = Open({{.fault_plan = "at 50 28 hang"}, {}});
  const std::vector<absl::StatusOr<ImportResult>> results = two->ImportAll();
  const auto detail = imapi::GetDetail(results[0].status());
  ASSERT_TRUE(detail.has_value()) << results[0].status();
  EXPECT_EQ(imapi::HresultName(detail->hresult), "E_IMAPI_RECORDER_COMMAND_TIMEOUT");
  ASSERT_OK(results[1].status());
  EXPECT_EQ(results[1]->tree.entry_count(), kEntries);
  EXPECT_LE(results[1]->took, kTolerance * alone.took);
}

}  // namespace
}  // namespace carousel
