// ResultBytes and FileBytes: the same bytes as their sources have, in pieces.
#include <algorithm>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/robot/fake_robot.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/mastering/image_reader.h"
#include "server/operations/worker_pool.h"
#include "server/result/file_bytes.h"
#include "server/result/result_bytes.h"
#include "server/result/result_maker.h"
#include "server/spool/spool_fixture.h"

namespace carousel {
namespace {

class ByteSourcesTest : public SpoolFixture {
 protected:
  void AddFile(const std::string& path, const std::string& bytes) {
    const UploadSpec spec = SpecOf(bytes, path);
    ASSERT_OK(Upload(spec, bytes));
    ASSERT_OK(image_.AddFile("", path, spec.sha256, spec.size, {}));
  }
  std::shared_ptr<const ResultImage> Result() {
    EXPECT_OK(image_.BeginOperation(ImageState::kMastering, "", "op", nullptr));
    absl::StatusOr<MasteringSource> source = image_.Master();
    EXPECT_OK(source);
    image_.EndOperation();
    const auto made =
        ResultMaker("carousel 1", spool_.get())
            .Make(*std::move(source), {.job = "job"}, [](ResultStep) { return absl::OkStatus(); });
    EXPECT_OK(made);
    return made.ok() ? made->result : nullptr;
  }
  // One piece.
  static absl::StatusOr<std::string> Next(ByteSource& source) {
    std::string piece;
    std::promise<absl::Status> done;
    source.Next(&piece, [&done](absl::Status status) { done.set_value(status); });
    const absl::Status status = done.get_future().get();
    if (!status.ok()) return status;
    return piece;
  }
  // All pieces, none of them longer than a piece.
  static std::string All(ByteSource& source) {
    std::string all;
    for (;;) {
      const absl::StatusOr<std::string> piece = Next(source);
      EXPECT_OK(piece);
      if (!piece.ok() || piece->empty()) return all;
      EXPECT_LE(piece->size(), static_cast<size_t>(ByteSource::kPieceBytes));
      all += *piece;
    }
  }

  FileSystemImage image_{"1", 1, ImageOptions(), absl::Hours(1), &clock_};
  WorkerPool disk_{2};
  FakeRobot robot_{1, 1};
  FileBytes files_{&robot_, spool_.get(), &disk_};
};

TEST_F(ByteSourcesTest, AResultImageIsWhatItsReaderReadsAndAsLongAsAnnounced) {
  AddFile("/a", SomeBytes(700'000, 1));
  AddFile("/b", SomeBytes(1, 2));
  const std::shared_ptr<const ResultImage> result = Result();
  ASSERT_NE(result, nullptr);
  ASSERT_OK_AND_ASSIGN(const auto source, ResultBytes::Open(result, 0, 0, &disk_));
  const std::string streamed = All(*source);
  ASSERT_EQ(streamed.size(), static_cast<size_t>(result->plan->sectors().bytes()));
  std::vector<uint8_t> bytes(streamed.size());
  const auto contents = result->open_contents();
  ASSERT_OK(mastering::ImageReader(result->plan.get(), contents.get())
                .Read(result->plan->start(), absl::MakeSpan(bytes)));
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), AsBytes(streamed).begin()));
}

TEST_F(ByteSourcesTest, AResultImageIsReadByManyAtOnce) {
  AddFile("/a", SomeBytes(700'000, 1));
  const std::shared_ptr<const ResultImage> result = Result();
  ASSERT_NE(result, nullptr);
  ASSERT_OK_AND_ASSIGN(const auto first, ResultBytes::Open(result, 0, 0, &disk_));
  ASSERT_OK_AND_ASSIGN(const std::string begin, Next(*first));
  ASSERT_OK_AND_ASSIGN(const auto second, ResultBytes::Open(result, 0, 0, &disk_));
  EXPECT_EQ(All(*second), begin + All(*first));
}

TEST_F(ByteSourcesTest, AResultImageWhoseContentsAreGoneCannotBeRead) {
  AddFile("/a", SomeBytes(700'000, 1));
  const std::shared_ptr<const ResultImage> result = Result();
  ASSERT_NE(result, nullptr);
  ASSERT_OK(spool_->ReleaseOwner("images/1"));
  ASSERT_OK_AND_ASSIGN(const auto source, ResultBytes::Open(result, 0, 0, &disk_));
  absl::Status status;
  for (int i = 0; status.ok() && i < 10; ++i) status = Next(*source).status();
  ASSERT_TRUE(imapi::GetDetail(status).has_value()) << status;
  EXPECT_EQ(imapi::GetDetail(status)->hresult, imapi::Hresult::IMAPI_E_DATA_STREAM_READ_FAILURE);
}

TEST_F(ByteSourcesTest, ANewFileIsReadFromTheSpool) {
  AddFile("/a", SomeBytes(700'000, 1));
  AddFile("/empty", "");
  ASSERT_OK_AND_ASSIGN(const auto whole, files_.Open(image_, "/a", 0));
  EXPECT_EQ(All(*whole), SomeBytes(700'000, 1));
  ASSERT_OK_AND_ASSIGN(const auto part, files_.Open(image_, "/a", 300'001));
  EXPECT_EQ(All(*part), SomeBytes(700'000, 1).substr(300'001));
  ASSERT_OK_AND_ASSIGN(const auto empty, files_.Open(image_, "/empty", 0));
  EXPECT_EQ(All(*empty), "");
  EXPECT_EQ(GetReason(files_.Open(image_, "/a", 700'001).status())->reason, "INVALID_FIELD");
}

TEST_F(ByteSourcesTest, AFileWhoseContentIsGoneCannotBeRead) {
  AddFile("/a", "hello");
  ASSERT_OK(spool_->ReleaseOwner("images/1"));
  ASSERT_OK_AND_ASSIGN(const auto source, files_.Open(image_, "/a", 0));
  const absl::Status status = Next(*source).status();
  ASSERT_TRUE(imapi::GetDetail(status).has_value()) << status;
  EXPECT_EQ(imapi::GetDetail(status)->hresult, imapi::Hresult::IMAPI_E_DATA_STREAM_READ_FAILURE);
}

}  // namespace
}  // namespace carousel
