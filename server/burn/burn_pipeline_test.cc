#include "server/burn/burn_pipeline.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "server/digest/sha256.h"
#include "server/image/file_tree.h"
#include "server/imapi/error.h"
#include "server/mastering/image_reader.h"
#include "server/mastering/memory_contents.h"
#include "server/mastering/plan.h"

namespace carousel {
namespace {

class BurnPipelineTest : public testing::Test {
 protected:
  // Of a file of 5 MiB, with sectors behind the volume.
  BurnPipelineTest() {
    std::string text;
    for (int i = 0; i < (5 << 20); ++i) text += static_cast<char>(i * 7 + (i >> 11));
    const auto file = tree_.Add(FileTree::kRoot, "file.bin",
                                EntryData{.bytes = static_cast<int64_t>(text.size())});
    const std::vector<mastering::NewFile> files = {{*file, contents_.Add(text)}};
    tree_.Finish();
    auto plan =
        mastering::Plan::Make(tree_, files, {.tail = Sectors(150), .write_unit = Sectors(32)});
    EXPECT_OK(plan);
    plan_ = *std::move(plan);
  }

  // As a reader finds it.
  std::vector<uint8_t> Image(Lba end) {
    mastering::ImageReader reader(plan_.get(), &contents_);
    std::vector<uint8_t> image((end - plan_->start()).bytes());
    EXPECT_OK(reader.Read(plan_->start(), absl::MakeSpan(image)));
    return image;
  }

  FileTree tree_;
  mastering::MemoryContents contents_;
  std::unique_ptr<const mastering::Plan> plan_;
};

TEST_F(BurnPipelineTest, TheSectorsAreThoseOfTheImageAndTheDigestIsOfItsVolume) {
  const std::vector<uint8_t> image = Image(plan_->end());
  const std::vector<uint8_t> volume = Image(plan_->volume_end());
  for (const Sectors buffer : {Sectors(0), Sectors(2'000), BurnPipeline::kDefaultBuffer}) {
    BurnPipeline pipeline(plan_.get(), &contents_, buffer);
    std::vector<uint8_t> found;
    while (true) {
      ASSERT_OK_AND_ASSIGN(const absl::Span<const uint8_t> piece, pipeline.Front());
      if (piece.empty()) break;
      found.insert(found.end(), piece.begin(), piece.end());
      pipeline.Pop();
    }
    EXPECT_TRUE(found == image);
    EXPECT_EQ(pipeline.digest(), Sha256(volume));
  }
}

TEST_F(BurnPipelineTest, NoMoreIsHeldThanTheBuffer) {
  BurnPipeline pipeline(plan_.get(), &contents_, Sectors(1'100));
  ASSERT_OK(pipeline.Front());
  EXPECT_EQ(pipeline.level().size, Sectors(1'024).bytes());
  EXPECT_EQ(pipeline.level().highest, Sectors(1'024).bytes());
}

TEST_F(BurnPipelineTest, ContentsThatFailAreTheTakersError) {
  contents_.Fail(absl::DataLossError("a disk"));
  BurnPipeline pipeline(plan_.get(), &contents_, BurnPipeline::kDefaultBuffer);
  const auto piece = pipeline.Front();
  const auto detail = imapi::GetDetail(piece.status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, imapi::Hresult::IMAPI_E_DATA_STREAM_READ_FAILURE);
}

TEST_F(BurnPipelineTest, ItEndsWhereverItsTakerStops) {
  for (int taken = 0; taken < 5; ++taken) {
    BurnPipeline pipeline(plan_.get(), &contents_, Sectors(0));
    for (int i = 0; i < taken; ++i) {
      ASSERT_OK(pipeline.Front());
      pipeline.Pop();
    }
  }
}

}  // namespace
}  // namespace carousel
