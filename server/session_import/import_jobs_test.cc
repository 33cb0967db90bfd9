#include "server/session_import/import_jobs.h"

#include <any>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/mutex.h"
#include "hal/base/status_matchers.h"
#include "hal/robot/fake_robot.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/metrics/observers.h"

namespace carousel {
namespace {

using imapi::Hresult;

// An import that waits for its test.
class FakeImportRun : public ImportRun {
 public:
  absl::StatusOr<ImportResult> Run() override {
    MutexLock lock(&mutex_);
    while (!outcome_.has_value() && !cancelled_) changed_.Wait(&mutex_);
    if (!outcome_.has_value())
      return imapi::MakeError(Hresult::E_IMAPI_REQUEST_CANCELLED, "cancelled");
    if (!outcome_->ok()) return *outcome_;
    ImportResult result;
    result.file_system = FileSystem::kJoliet;
    result.volume_name = "ARCHIVE";
    result.warnings = {"odd"};
    EXPECT_OK(result.tree.Add(FileTree::kRoot, "a", {}));
    result.tree.Finish();
    return result;
  }
  void Cancel() override {
    MutexLock lock(&mutex_);
    cancelled_ = true;
    changed_.SignalAll();
  }
  ImportProgress progress() const override { return {.files_done = 3, .blocks_read = 7}; }

  void End(absl::Status outcome) {
    MutexLock lock(&mutex_);
    outcome_ = std::move(outcome);
    changed_.SignalAll();
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::optional<absl::Status> outcome_ ABSL_GUARDED_BY(mutex_);
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
};

class FakeImportObserver : public ImportObserver {
 public:
  void OnImportProgress(absl::string_view drive, const ImportWork& added) override {
    MutexLock lock(&mutex_);
    blocks_ += added.blocks;
  }
  void OnImportEnd(absl::string_view drive, const absl::Status& outcome, const ImportWork& total,
                   absl::Duration took) override {
    MutexLock lock(&mutex_);
    EXPECT_EQ(total.blocks, blocks_);
    blocks_ = 0;
    ends_.push_back(outcome);
  }
  int64_t blocks() {
    MutexLock lock(&mutex_);
    return blocks_;
  }
  std::vector<absl::Status> ends() {
    MutexLock lock(&mutex_);
    return ends_;
  }

 private:
  Mutex mutex_;
  int64_t blocks_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<absl::Status> ends_ ABSL_GUARDED_BY(mutex_);
};

class ImportJobsTest : public testing::Test {
 protected:
  ImportJobsTest()
      : jobs_(
            &robot_, &operations_, &runner_,
            [this](DriveStation* drive, std::shared_ptr<const MediaFacts> facts,
                   const ImportOptions& options) -> std::unique_ptr<ImportRun> {
              options_ = options;
              auto run = std::make_unique<FakeImportRun>();
              run_ = run.get();
              return run;
            },
            {.limits = {.max_depth = 17}}, &clock_, &observer_) {}

  // An image that continues the disc in `drive`.
  std::shared_ptr<FileSystemImage> BoundImage(std::string drive) {
    auto image = std::make_shared<FileSystemImage>("1", 1, ImageOptions{}, absl::Hours(1), &clock_);
    auto bound = std::make_shared<BoundDisc>();
    bound->decision.drive = std::move(drive);
    bound->facts = std::make_shared<MediaFacts>();
    bound->disc = "D1";
    EXPECT_OK(image->Bind("", bound));
    return image;
  }

  OperationView WaitForEnd(const std::string& id) {
    Mutex mutex;
    CondVar cond;
    bool ended = false;
    EXPECT_OK(operations_.OnDone(id, [&] {
      MutexLock lock(&mutex);
      ended = true;
      cond.SignalAll();
    }));
    MutexLock lock(&mutex);
    while (!ended) cond.Wait(&mutex);
    return *operations_.Get(id);
  }

  FakeClock clock_;
  FakeRobot robot_{2, 1};
  OperationStore operations_{&clock_, {}};
  FakeImportObserver observer_;
  FakeImportRun* run_ = nullptr;  // the newest
  ImportOptions options_;
  ImportJobs jobs_;
  OperationRunner runner_{&operations_};  // last: ends what runs before the rest goes
};

TEST_F(ImportJobsTest, PutsTheTreeIntoTheImage) {
  const auto image = BoundImage("drive0");
  ASSERT_OK_AND_ASSIGN(const std::string id, jobs_.Start({.image = image,
                                                          .file_system = FileSystem::kJoliet,
                                                          .preference = ImportPreference::kImapi,
                                                          .trace_id = "t"}));
  EXPECT_EQ(options_.file_system, FileSystem::kJoliet);
  EXPECT_EQ(options_.preference, ImportPreference::kImapi);
  EXPECT_EQ(options_.limits.max_depth, 17);
  EXPECT_EQ(image->view().state, ImageState::kImporting);
  EXPECT_EQ(image->view().operation, id);
  EXPECT_EQ(robot_.FindDrive("drive0")->station->snapshot().owner, "operations/" + id);
  ASSERT_OK_AND_ASSIGN(const OperationView running, operations_.Get(id));
  EXPECT_EQ(running.subject.drive, "drive0");
  EXPECT_EQ(running.subject.disc, "D1");
  EXPECT_EQ(running.subject.image, "1");
  EXPECT_EQ(running.subject.trace_id, "t");
  EXPECT_EQ(std::any_cast<ImportProgress>(running.progress).files_done, 3);

  run_->End(absl::OkStatus());
  const OperationView ended = WaitForEnd(id);
  ASSERT_OK(ended.status);
  const auto report = std::any_cast<ImportReport>(ended.response);
  EXPECT_EQ(report.entries, 1);
  EXPECT_EQ(report.file_system, FileSystem::kJoliet);
  EXPECT_EQ(report.image.state, ImageState::kActive);
  EXPECT_EQ(image->imported()->volume_name, "ARCHIVE");
  EXPECT_EQ(image->imported()->tree.file_count(), 1);
  EXPECT_EQ(robot_.FindDrive("drive0")->station->snapshot().owner, "");
  EXPECT_EQ(observer_.ends().size(), 1u);
}

TEST_F(ImportJobsTest, ReportsItsWorkWhileItRuns) {
  const auto image = BoundImage("drive0");
  ASSERT_OK_AND_ASSIGN(const std::string id, jobs_.Start({.image = image}));
  options_.on_work({.entries = 1, .bytes = 4096, .blocks = 2});
  EXPECT_EQ(observer_.blocks(), 2);
  options_.on_work({.entries = 2, .bytes = 10'240, .blocks = 5});
  EXPECT_EQ(observer_.blocks(), 5) << "what was added, not all once more";
  run_->End(absl::OkStatus());
  ASSERT_OK(WaitForEnd(id).status);  // the observer compares the sum with the total
}

TEST_F(ImportJobsTest, LeavesTheImageAsItWasAfterAFailure) {
  const auto image = BoundImage("drive0");
  ASSERT_OK_AND_ASSIGN(const std::string id, jobs_.Start({.image = image}));
  run_->End(imapi::MakeError(Hresult::IMAPI_E_IMPORT_READ_FAILURE, "sector 5", {{"block", "5"}}));
  const OperationView ended = WaitForEnd(id);
  const auto detail = imapi::GetDetail(ended.status);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, Hresult::IMAPI_E_IMPORT_READ_FAILURE);
  EXPECT_EQ(detail->metadata.at("drive"), "drives/drive0");
  EXPECT_EQ(image->view().state, ImageState::kActive);
  EXPECT_EQ(image->imported(), nullptr);
  EXPECT_THAT(observer_.ends().at(0), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(ImportJobsTest, NeedsMultisessionInterfaces) {
  const auto image =
      std::make_shared<FileSystemImage>("1", 1, ImageOptions{}, absl::Hours(1), &clock_);
  const absl::Status status = jobs_.Start({.image = image}).status();
  EXPECT_EQ(imapi::GetDetail(status)->hresult, Hresult::IMAPI_E_MULTISESSION_NOT_SET);
  EXPECT_TRUE(operations_.List({}, INT64_MAX, 10).empty());
}

TEST_F(ImportJobsTest, RefusesUdfAtOnce) {
  const absl::Status status =
      jobs_.Start({.image = BoundImage("drive0"), .file_system = FileSystem::kUdf}).status();
  EXPECT_EQ(imapi::GetDetail(status)->hresult, Hresult::IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED);
}

TEST_F(ImportJobsTest, WaitsForNobodyWhoHasTheDrive) {
  ASSERT_OK_AND_ASSIGN(const DriveLease lease,
                       robot_.FindDrive("drive0")->station->Lease("operations/other"));
  const auto image = BoundImage("drive0");
  const absl::Status status = jobs_.Start({.image = image}).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(imapi::GetDetail(status)->hresult, Hresult::E_IMAPI_RECORDER_LOCKED);
  EXPECT_EQ(imapi::GetDetail(status)->metadata.at("owner"), "operations/other");
  EXPECT_EQ(image->view().state, ImageState::kActive);
  ASSERT_OK(jobs_.Start({.image = BoundImage("drive1")}));
}

TEST_F(ImportJobsTest, IsCancelledByItsOperationAndByTheImagesDeletion) {
  const auto image = BoundImage("drive0");
  ASSERT_OK_AND_ASSIGN(const std::string first, jobs_.Start({.image = image}));
  ASSERT_OK(operations_.Cancel(first));
  EXPECT_THAT(WaitForEnd(first).status, StatusIs(absl::StatusCode::kCancelled));
  ASSERT_OK_AND_ASSIGN(const std::string second, jobs_.Start({.image = image}));
  ASSERT_OK(image->BeginDelete("", [] {}));
  EXPECT_THAT(WaitForEnd(second).status, StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(ImportJobsTest, StartsOneOperationForARepeatedRequest) {
  const auto image = BoundImage("drive0");
  ASSERT_OK_AND_ASSIGN(const std::string id, jobs_.Start({.image = image, .request = {"r", 1}}));
  EXPECT_THAT(jobs_.Start({.image = image, .request = {"r", 1}}), IsOkAndHolds(id));
  EXPECT_THAT(jobs_.Start({.image = image, .request = {"r", 2}}),
              StatusIs(absl::StatusCode::kAlreadyExists));
  run_->End(absl::OkStatus());
  WaitForEnd(id);
  EXPECT_THAT(jobs_.Start({.image = image, .request = {"r", 1}}), IsOkAndHolds(id));
}

TEST_F(ImportJobsTest, StartsNothingWhileTheServiceDrains) {
  runner_.StopAccepting();
  const auto image = BoundImage("drive0");
  EXPECT_EQ(GetReason(jobs_.Start({.image = image}).status())->reason, "DRAINING");
  EXPECT_EQ(image->view().state, ImageState::kActive);
}

}  // namespace
}  // namespace carousel
