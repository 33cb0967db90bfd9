#include "server/uploads/uploads.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"
#include "server/image/file_system_image.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using absl::StatusCode;
using imapi::Hresult;

absl::Span<const uint8_t> AsBytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

class UploadsTest : public testing::Test {
 protected:
  UploadsTest() {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    const std::string folder = absl::StrCat(testing::TempDir(), "/uploads_", test.name());
    std::filesystem::remove_all(folder);
    absl::StatusOr<std::unique_ptr<Spool>> spool = Spool::Open(
        folder, {.quota_bytes = 1 << 20, .upload_ttl = absl::Hours(1), .max_uploads = 8}, &clock_);
    EXPECT_OK(spool);
    spool_ = *std::move(spool);
    uploads_ = std::make_unique<Uploads>(&images_, spool_.get());
    image_ = *images_.Create({});
  }

  Uploads::Request Request(absl::string_view bytes, const std::string& path = "/a",
                           const std::string& id = "u") {
    return {.image = image_->id(),
            .upload_id = id,
            .path = path,
            .size = static_cast<int64_t>(bytes.size()),
            .sha256 = Sha256(AsBytes(bytes))};
  }
  absl::StatusOr<ImageView> Send(const Uploads::Request& request, absl::string_view bytes) {
    auto session = uploads_->Begin(request);
    if (!session.ok()) return session.status();
    if (const absl::Status taken = (*session)->Append(0, std::string(bytes)); !taken.ok())
      return taken;
    return (*session)->Finish();
  }

  FakeClock clock_;
  ImageStore images_{&clock_, {.max_images = 100, .ttl = absl::Hours(1)}};
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<Uploads> uploads_;
  ImagePtr image_;
};

TEST_F(UploadsTest, AnUploadIsOneChangeOfTheImage) {
  ASSERT_OK_AND_ASSIGN(const ImageView view, Send(Request("bytes"), "bytes"));
  EXPECT_EQ(view.file_count, 1);
  EXPECT_EQ(view.change_point, 1);
  ASSERT_OK_AND_ASSIGN(const ImageView again, Send(Request("bytes"), "bytes"));
  EXPECT_EQ(again.etag, view.etag) << "it was added before";
}

TEST_F(UploadsTest, ARefusedStartChangesNothingAndReservesNothing) {
  ASSERT_OK(Send(Request("bytes", "/a", "1"), "bytes"));
  const std::string etag = image_->view().etag;
  EXPECT_THAT(uploads_->Begin(Request("bytes", "/a", "2")).status(),
              StatusIs(StatusCode::kAlreadyExists));
  ASSERT_OK(uploads_->Begin(Request("bytes", "/b", "3")));
  EXPECT_EQ(image_->view().etag, etag);
  EXPECT_EQ(spool_->usage().uploads, 1u);
}

TEST_F(UploadsTest, AnImageThatHasAResultTakesNone) {
  auto begun = uploads_->Begin(Request("bytes"));
  ASSERT_OK(begun);
  ASSERT_OK((*begun)->Append(0, "bytes"));
  image_->SetResult(nullptr);
  const absl::Status refused = (*begun)->Finish().status();
  const auto detail = imapi::GetDetail(refused);
  ASSERT_TRUE(detail.has_value()) << refused;
  EXPECT_EQ(detail->hresult, Hresult::IMAPI_E_READONLY);
  ASSERT_OK_AND_ASSIGN(const Spool::UploadState state, uploads_->Get(image_->id(), "u"));
  EXPECT_TRUE(state.finished) << "its bytes are there";
  begun->reset();
  EXPECT_EQ(imapi::GetDetail(uploads_->Begin(Request("bytes", "/b", "b")).status())->hresult,
            Hresult::IMAPI_E_READONLY);
}

TEST_F(UploadsTest, AnUploadKeepsItsImageFromExpiry) {
  auto session = uploads_->Begin(Request("bytes"));
  ASSERT_OK(session);
  for (int64_t offset = 0; offset < 5; ++offset) {
    clock_.Advance(absl::Minutes(40));
    ASSERT_OK((*session)->Append(offset, std::string("bytes").substr(offset, 1)));
    images_.RemoveExpired();
  }
  EXPECT_OK(images_.Find(image_->id()));
}

TEST_F(UploadsTest, AnImageThatGoesDuringAnUploadLeavesNothing) {
  auto session = uploads_->Begin(Request("bytes"));
  ASSERT_OK(session);
  ASSERT_OK((*session)->Append(0, "bytes"));
  ASSERT_OK(images_.Delete(image_->id(), "", [] {}));
  // Before what the service calls when the image is gone.
  EXPECT_THAT((*session)->Finish().status(), StatusIs(StatusCode::kNotFound));
  EXPECT_EQ(spool_->usage().content_bytes, 0);
  EXPECT_EQ(spool_->usage().upload_bytes, 0);
  EXPECT_OK(uploads_->Release(image_->id()));
  EXPECT_THAT(uploads_->Begin(Request("bytes", "/b", "b")).status(),
              StatusIs(StatusCode::kNotFound));
}

TEST_F(UploadsTest, WhatAnImageHasIsReleasedAndNothingOfOthers) {
  ASSERT_OK(Send(Request("mine"), "mine"));
  const ImagePtr mine = std::exchange(image_, *images_.Create({}));
  ASSERT_OK(Send(Request("other"), "other"));
  ASSERT_OK(uploads_->Release(mine->id()));
  EXPECT_THAT(uploads_->Get(mine->id(), "u").status(), StatusIs(StatusCode::kNotFound));
  EXPECT_OK(uploads_->Get(image_->id(), "u"));
  EXPECT_OK(spool_->OpenContent(Sha256(AsBytes("other"))));
  EXPECT_THAT(spool_->OpenContent(Sha256(AsBytes("mine"))).status(),
              StatusIs(StatusCode::kNotFound));
}

TEST_F(UploadsTest, ManyStreamsOfOneCompleteUploadAddOneFile) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        const absl::Status sent = Send(Request("bytes"), "bytes").status();
        const std::optional<ReasonDetail> reason = GetReason(sent);
        EXPECT_TRUE(sent.ok() || (reason.has_value() && reason->reason == "UPLOAD_BUSY")) << sent;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(image_->view().file_count, 1);
}

}  // namespace
}  // namespace carousel
