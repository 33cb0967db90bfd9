#include "server/mastering/image_stream.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/mastering/image_reader.h"
#include "server/mastering/plan_fixture.h"

namespace carousel::mastering {
namespace {

TEST_F(PlanTest, AStreamEndsWhereTheSessionWasAnnouncedToEnd) {
  AddFile(FileTree::kRoot, "file", std::string(10'000, 'x'));
  options_.session_start = Lba(64);
  options_.write_unit = Sectors(32);
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  ImageReader reader(plan.get(), &contents_);
  ImageStream stream(&reader, plan->start());
  std::vector<uint8_t> buffer(Sectors(7).bytes());
  Sectors total;
  while (true) {
    ASSERT_OK_AND_ASSIGN(const Sectors count, stream.Pull(absl::MakeSpan(buffer)));
    if (count == Sectors(0)) break;
    total += count;
    EXPECT_EQ(stream.next(), plan->start() + total);
  }
  EXPECT_EQ(total, plan->sectors());
  EXPECT_EQ(total.value() % 32, 0);
}

TEST_F(PlanTest, AStreamGoesOnWhereASourceHasFailed) {
  AddFile(FileTree::kRoot, "file", std::string(100'000, 'x'));
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  const Lba file = plan->contents().contents()[0].start;
  ImageReader reader(plan.get(), &contents_);
  ImageStream stream(&reader, file);
  std::vector<uint8_t> buffer(Sectors(2).bytes());
  ASSERT_OK(stream.Pull(absl::MakeSpan(buffer)));
  contents_.Fail(absl::UnavailableError("for a moment"));
  EXPECT_FALSE(stream.Pull(absl::MakeSpan(buffer)).ok());
  EXPECT_EQ(stream.next(), file + Sectors(2));
  contents_.Fail(absl::OkStatus());
  EXPECT_THAT(stream.Pull(absl::MakeSpan(buffer)), IsOkAndHolds(Sectors(2)));
  EXPECT_EQ(buffer, std::vector<uint8_t>(Sectors(2).bytes(), 'x'));
}

TEST_F(PlanTest, ATreeThatHasChangedSinceItWasPlannedIsNoticed) {
  AddFile(FileTree::kRoot, "file", "contents");
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  for (int i = 0; i < 100; ++i) AddFile(FileTree::kRoot, std::to_string(i), "");
  tree_.Finish();
  EXPECT_EQ(CodeOf(disc_.Write(*plan, contents_)), imapi::Hresult::IMAPI_E_FSI_INTERNAL_ERROR);
}

TEST_F(PlanTest, ADirectoryThatHasComeSinceIsNoticedThoughItsRecordFits) {
  AddDirectory(FileTree::kRoot, "b");
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  AddDirectory(FileTree::kRoot, "a");
  tree_.Finish();
  EXPECT_EQ(CodeOf(disc_.Write(*plan, contents_)), imapi::Hresult::IMAPI_E_FSI_INTERNAL_ERROR);
}

}  // namespace
}  // namespace carousel::mastering
