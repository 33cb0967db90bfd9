#include "server/result/result_jobs.h"

#include <any>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/mastering/result_image.h"
#include "server/spool/spool_fixture.h"

namespace carousel {
namespace {

class ResultJobsTest : public SpoolFixture {
 protected:
  std::shared_ptr<FileSystemImage> NewImage(const std::string& id = "1") {
    return std::make_shared<FileSystemImage>(id, 1, ImageOptions(), absl::Hours(1), &clock_);
  }
  OperationView End(const std::string& id) {
    std::promise<void> ended;
    EXPECT_OK(operations_.OnDone(id, [&ended] { ended.set_value(); }));
    ended.get_future().wait();
    absl::StatusOr<OperationView> view = operations_.Get(id);
    EXPECT_OK(view);
    return view.value_or(OperationView());
  }

  OperationStore operations_{&clock_, {}};
  OperationRunner runner_{&operations_};
  ResultJobs jobs_{ResultMaker("carousel 1", spool_.get()), &operations_, &runner_, &clock_};
};

TEST_F(ResultJobsTest, PutTheResultIntoTheImageWhichThenIsReadOnly) {
  const auto image = NewImage();
  ASSERT_OK_AND_ASSIGN(const std::string id, jobs_.Start({.image = image, .trace_id = "t"}));
  const OperationView ended = End(id);
  EXPECT_OK(ended.status);
  EXPECT_EQ(ended.subject.kind, OperationKind::kCreateResultImage);
  EXPECT_EQ(ended.subject.image, "1");
  EXPECT_EQ(ended.subject.trace_id, "t");
  EXPECT_EQ(std::any_cast<ResultProgress>(ended.progress).step, ResultStep::kDone);
  const auto& report = std::any_cast<const ResultReport&>(ended.response);
  EXPECT_EQ(report.image.state, ImageState::kActive);
  EXPECT_TRUE(report.image.read_only);
  EXPECT_EQ(image->result(), report.made.result);
  EXPECT_EQ(image->view().etag, report.image.etag);
}

TEST_F(ResultJobsTest, TakeTheTimeOfTheirStartAndTheirOwnNameForTheManifest) {
  const auto image = NewImage();
  ASSERT_OK_AND_ASSIGN(const std::string id, jobs_.Start({.image = image}));
  EXPECT_OK(End(id).status);
  const auto contents = image->result()->open_contents();
  std::vector<uint8_t> manifest(200);
  const auto size = image->result()->plan->contents().contents()[0].bytes;
  manifest.resize(static_cast<size_t>(size));
  ASSERT_OK(contents->Read(mastering::ContentHandle{0}, 0, absl::MakeSpan(manifest)));
  const std::string text(manifest.begin(), manifest.end());
  EXPECT_NE(text.find("# job: operations/" + id + "\n"), std::string::npos) << text;
}

TEST_F(ResultJobsTest, LeaveTheImageAsItWasWhenTheyFail) {
  const auto image = NewImage();
  ASSERT_OK(image->Update("", [](ImageProperties& properties) {
    properties.free_media_blocks = 1;
    return absl::OkStatus();
  }));
  ASSERT_OK_AND_ASSIGN(const std::string id, jobs_.Start({.image = image}));
  EXPECT_EQ(imapi::GetDetail(End(id).status)->hresult, imapi::Hresult::IMAPI_E_IMAGE_SIZE_LIMIT);
  EXPECT_EQ(image->result(), nullptr);
  EXPECT_EQ(image->view().state, ImageState::kActive);
  EXPECT_FALSE(image->view().read_only);
}

TEST_F(ResultJobsTest, AreCancelledByTheDeletionOfTheirImage) {
  const auto image = NewImage();
  const absl::StatusOr<std::string> id = jobs_.Start({.image = image});
  ASSERT_OK(id);
  std::promise<void> gone;
  const absl::Status deleted = image->BeginDelete("", [&gone] { gone.set_value(); });
  ASSERT_OK(deleted);
  gone.get_future().wait();
  const absl::Status status = End(*id).status;
  // The work may have been over before.
  if (!status.ok()) {
    EXPECT_EQ(imapi::GetDetail(status)->hresult, imapi::Hresult::E_IMAPI_REQUEST_CANCELLED);
    EXPECT_EQ(image->result(), nullptr);
  }
}

TEST_F(ResultJobsTest, StartOnceForARepeatedRequest) {
  const auto image = NewImage();
  const ResultJobs::Request request{.image = image, .request = {.id = "r", .fingerprint = 1}};
  ASSERT_OK_AND_ASSIGN(const std::string id, jobs_.Start(request));
  EXPECT_OK(End(id).status);
  EXPECT_EQ(jobs_.Start(request).value_or(""), id) << "though the image is read-only";
  ResultJobs::Request other = request;
  other.request.fingerprint = 2;
  EXPECT_EQ(GetReason(jobs_.Start(other).status())->reason, "REQUEST_ID_REUSED");
}

TEST_F(ResultJobsTest, AreRefusedOnceTheImageHasAResult) {
  const auto image = NewImage();
  ASSERT_OK_AND_ASSIGN(const std::string id, jobs_.Start({.image = image}));
  EXPECT_OK(End(id).status);
  const absl::Status again = jobs_.Start({.image = image}).status();
  EXPECT_EQ(imapi::GetDetail(again)->hresult, imapi::Hresult::IMAPI_E_READONLY);
}

TEST_F(ResultJobsTest, AreRefusedWhileAnotherOperationRunsAndWhileTheServiceDrains) {
  const auto image = NewImage();
  ASSERT_OK(image->BeginOperation(ImageState::kMastering, "", "other", nullptr));
  const absl::Status busy = jobs_.Start({.image = image}).status();
  EXPECT_EQ(imapi::GetDetail(busy)->hresult, imapi::Hresult::IMAPI_E_PROPERTY_NOT_ACCESSIBLE);
  image->EndOperation();
  runner_.StopAccepting();
  EXPECT_EQ(GetReason(jobs_.Start({.image = image}).status())->reason, "DRAINING");
  EXPECT_EQ(image->view().state, ImageState::kActive);
}

TEST_F(ResultJobsTest, AreLimitedInNumber) {
  ResultJobs none(ResultMaker("carousel 1", spool_.get()), &operations_, &runner_, &clock_, 0);
  const auto image = NewImage();
  EXPECT_EQ(GetReason(none.Start({.image = image}).status())->reason, "LIMIT_REACHED");
  EXPECT_EQ(image->view().state, ImageState::kActive);
}

}  // namespace
}  // namespace carousel
