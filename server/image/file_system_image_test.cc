#include "server/image/file_system_image.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using imapi::Hresult;

constexpr absl::Duration kTtl = absl::Hours(1);

std::shared_ptr<const BoundDisc> Bound(int64_t next_writable = 5000) {
  auto facts = std::make_shared<MediaFacts>();
  facts->sequential.next_writable.value = next_writable;
  facts->sequential.free_sectors.value = 100;
  auto bound = std::make_shared<BoundDisc>();
  bound->facts = std::move(facts);
  return bound;
}

std::shared_ptr<const ImportedSession> Imported() {
  auto session = std::make_shared<ImportedSession>();
  session->tree.Finish();
  session->volume_name = "ARCHIVE";
  return session;
}

class FileSystemImageTest : public testing::Test {
 protected:
  FakeClock clock_;
  FileSystemImage image_{"1", 1, {.display_name = "mine"}, kTtl, &clock_};
};

TEST_F(FileSystemImageTest, StartsEmptyAndActive) {
  const ImageView view = image_.view();
  EXPECT_EQ(view.state, ImageState::kActive);
  EXPECT_EQ(view.properties.display_name, "mine");
  EXPECT_EQ(view.create_time, clock_.Now());
  EXPECT_EQ(view.expire_time, clock_.Now() + kTtl);
  EXPECT_EQ(view.bound, nullptr);
  EXPECT_EQ(view.imported, nullptr);
  EXPECT_EQ(view.etag.front(), '"');
}

TEST_F(FileSystemImageTest, TakesADiscAndReplacesIt) {
  ASSERT_OK_AND_ASSIGN(const ImageView first, image_.Bind("", Bound(5000)));
  EXPECT_EQ(first.bound->session_start(), 5000);
  EXPECT_EQ(first.bound->free_blocks(), 100);
  ASSERT_OK_AND_ASSIGN(const ImageView second, image_.Bind(first.etag, Bound(6000)));
  EXPECT_EQ(second.bound->session_start(), 6000);
  EXPECT_NE(second.etag, first.etag);
}

TEST_F(FileSystemImageTest, RefusesAChangeThatIsBasedOnAnOldEtag) {
  const std::string old = image_.view().etag;
  ASSERT_OK(image_.Bind(old, Bound()));
  const absl::Status status = image_.Bind(old, Bound(1)).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(GetReason(status)->reason, "ETAG_MISMATCH");
  EXPECT_EQ(image_.view().bound->session_start(), 5000);
  EXPECT_THAT(image_.BeginDelete(old, [] {}), StatusIs(absl::StatusCode::kAborted));
}

TEST_F(FileSystemImageTest, NeedsADiscToImportFrom) {
  const absl::Status status = image_.BeginImport("", "op", nullptr).status();
  EXPECT_EQ(imapi::GetDetail(status)->hresult, Hresult::IMAPI_E_MULTISESSION_NOT_SET);
  EXPECT_EQ(image_.view().state, ImageState::kActive);
}

TEST_F(FileSystemImageTest, RefusesChangesDuringAnOperation) {
  ASSERT_OK(image_.Bind("", Bound()));
  ASSERT_OK(image_.BeginImport("", "op", nullptr));
  EXPECT_EQ(image_.view().state, ImageState::kImporting);
  EXPECT_EQ(image_.view().operation, "op");
  for (const absl::Status& status : {image_.CheckBind(""), image_.Bind("", Bound()).status(),
                                     image_.BeginImport("", "other", nullptr).status()}) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
    EXPECT_EQ(imapi::GetDetail(status)->hresult, Hresult::IMAPI_E_PROPERTY_NOT_ACCESSIBLE);
    EXPECT_EQ(imapi::GetDetail(status)->metadata.at("operation"), "operations/op");
  }
}

TEST_F(FileSystemImageTest, IsAsBeforeAfterAFailedImport) {
  ASSERT_OK(image_.Bind("", Bound()));
  ASSERT_OK(image_.BeginImport("", "op", nullptr));
  EXPECT_OK(image_.EndImport(nullptr));
  EXPECT_EQ(image_.view().state, ImageState::kActive);
  EXPECT_EQ(image_.view().operation, "");
  EXPECT_EQ(image_.view().imported, nullptr);
  EXPECT_OK(image_.BeginImport("", "again", nullptr));
}

TEST_F(FileSystemImageTest, ImportsOneSessionOnly) {
  ASSERT_OK(image_.Bind("", Bound()));
  ASSERT_OK(image_.BeginImport("", "op", nullptr));
  EXPECT_OK(image_.EndImport(Imported()));
  EXPECT_EQ(image_.view().imported->volume_name, "ARCHIVE");
  for (const absl::Status& status :
       {image_.CheckBind(""), image_.BeginImport("", "again", nullptr).status()}) {
    EXPECT_EQ(imapi::GetDetail(status)->hresult, Hresult::IMAPI_E_PROPERTY_NOT_ACCESSIBLE);
    EXPECT_EQ(imapi::GetDetail(status)->metadata.count("operation"), 0u);
  }
}

TEST_F(FileSystemImageTest, ExpiresUnlessItIsUsed) {
  clock_.Advance(kTtl - absl::Seconds(1));
  EXPECT_FALSE(image_.Expired());
  image_.Touch();
  clock_.Advance(absl::Seconds(1));
  EXPECT_FALSE(image_.Expired());
  clock_.Advance(kTtl);
  EXPECT_TRUE(image_.Expired());
}

TEST_F(FileSystemImageTest, DoesNotExpireWhileItImports) {
  ASSERT_OK(image_.Bind("", Bound()));
  ASSERT_OK(image_.BeginImport("", "op", nullptr));
  clock_.Advance(2 * kTtl);
  EXPECT_FALSE(image_.Expired());
  EXPECT_OK(image_.EndImport(nullptr));
  EXPECT_FALSE(image_.Expired());
}

TEST_F(FileSystemImageTest, IsDeletedAtOnceWhenNothingRuns) {
  int gone = 0;
  ASSERT_OK(image_.BeginDelete("", [&] { ++gone; }));
  EXPECT_EQ(gone, 1);
  EXPECT_THAT(image_.Bind("", Bound()), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(image_.BeginDelete("", [&] { ++gone; }), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(gone, 1);
}

TEST_F(FileSystemImageTest, CancelsItsImportOnceAndIsGoneAfterIt) {
  int cancels = 0;
  int gone = 0;
  ASSERT_OK(image_.Bind("", Bound()));
  ASSERT_OK(image_.BeginImport("", "op", [&] { ++cancels; }));
  ASSERT_OK(image_.BeginDelete("", [&] { ++gone; }));
  ASSERT_OK(image_.BeginDelete("", [&] { ++gone; }));
  EXPECT_EQ(cancels, 1);
  EXPECT_EQ(gone, 0);
  EXPECT_EQ(image_.view().state, ImageState::kDeleting);
  EXPECT_OK(image_.EndImport(nullptr));
  EXPECT_EQ(gone, 2);
  EXPECT_THAT(image_.Bind("", Bound()), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(FileSystemImageTest, LetsExactlyOneOfManyThreadsImport) {
  ASSERT_OK(image_.Bind("", Bound()));
  std::atomic<int> begun = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        if (image_.BeginImport("", "op", nullptr).ok()) ++begun;
        image_.Touch();
        (void)image_.view();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(begun, 1);
}

}  // namespace
}  // namespace carousel
