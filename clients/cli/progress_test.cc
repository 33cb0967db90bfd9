#include "clients/cli/progress.h"

#include <sstream>

#include "carousel/v1/disc_format.pb.h"
#include "carousel/v1/image.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace carousel::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

google::longrunning::Operation ImportAt(int64_t done, int64_t total, const std::string& item) {
  v1::ImportFileSystemMetadata import;
  import.set_directories_done(done);
  import.set_directories_total(total);
  import.set_files_done(7);
  import.set_bytes_read(2'048'000);
  import.set_current_item(item);
  google::longrunning::Operation operation;
  operation.mutable_metadata()->PackFrom(import);
  return operation;
}

TEST(Bar, NeverLeavesItsWidth) {
  EXPECT_EQ(Bar(-1, 4), "[....]");
  EXPECT_EQ(Bar(0.5, 4), "[##..]");
  EXPECT_EQ(Bar(7, 4), "[####]");
}

TEST(DescribeProgress, ShowsHowFarAnImportIs) {
  const std::string line = DescribeProgress(ImportAt(1, 4, "/photos/2024"));
  EXPECT_THAT(line, HasSubstr(" 25%"));
  EXPECT_THAT(line, HasSubstr("1 directories, 7 files, 2.0 MB  /photos/2024"));
}

TEST(DescribeProgress, MakesControlCharactersOfADiscVisible) {
  EXPECT_THAT(DescribeProgress(ImportAt(1, 4, "/\x1B[2J")), Not(HasSubstr("\x1B")));
}

TEST(DescribeProgress, ReachesTheFullBarWhateverTheHintSaid) {
  google::longrunning::Operation operation = ImportAt(3, 4, "");
  operation.set_done(true);
  EXPECT_THAT(DescribeProgress(operation), HasSubstr("100%"));
}

TEST(DescribeTransfer, TellsSpeedAndTheTimeThatIsLeft) {
  const std::string line = DescribeTransfer({.item = "/photos/a.jpg",
                                             .files_done = 3,
                                             .files_total = 10,
                                             .bytes_done = 1'000'000'000,
                                             .bytes_total = 4'000'000'000,
                                             .seconds = 10});
  EXPECT_THAT(line, HasSubstr(" 25%  3 of 10 files, 1.0 GB of 4.0 GB, 100.0 MB/s, 0:30 left"));
  EXPECT_THAT(line, HasSubstr("/photos/a.jpg"));
}

TEST(DescribeTransfer, SaysNothingOfWhatItDoesNotKnow) {
  EXPECT_THAT(DescribeTransfer({}), HasSubstr("100%  0 of 0 files, 0 B of 0 B"));
  EXPECT_THAT(DescribeTransfer({.files_total = 1, .bytes_total = 5}), Not(HasSubstr("left")));
}

TEST(DescribeProgress, ShowsHowFarATreeIs) {
  v1::AddTreeMetadata tree;
  google::longrunning::Operation operation;
  operation.mutable_metadata()->PackFrom(tree);
  EXPECT_EQ(DescribeProgress(operation), "listing");
  tree.set_files_total(2);
  tree.set_files_done(2);
  tree.set_bytes_total(4'000'000);
  tree.set_bytes_done(4'000'000);
  tree.mutable_create_time()->set_seconds(100);
  tree.mutable_end_time()->set_seconds(102);
  operation.mutable_metadata()->PackFrom(tree);
  EXPECT_THAT(DescribeProgress(operation),
              HasSubstr("100%  2 of 2 files, 4.0 MB of 4.0 MB, 2.0 MB/s"));
}

google::longrunning::Operation Pack(const v1::DiscJobMetadata& job, bool done = false) {
  google::longrunning::Operation operation;
  operation.mutable_metadata()->PackFrom(job);
  operation.set_done(done);
  return operation;
}

TEST(DescribeProgress, ShowsTheSpeedOfAVerificationAndHowLongItTakes) {
  v1::DiscJobMetadata job;
  job.set_action(v1::DiscJobMetadata::ACTION_READING);
  job.set_percent(25);
  job.set_sectors_done(500'000);
  job.set_sectors_per_second(9'000);
  job.mutable_remaining()->set_seconds(166);
  EXPECT_EQ(DescribeProgress(Pack(job)),
            "[######..................]  25%  reading, 1.0 GB at 18.4 MB/s, 2:46 left");
  EXPECT_THAT(DescribeProgress(Pack(job, true)), Not(HasSubstr("left")));
}

TEST(DescribeProgress, SaysWhatIsDoneToADiscWhereTheDriveTellsNoMore) {
  EXPECT_EQ(DescribeProgress(Pack({})), "waiting for the drive");
  v1::DiscJobMetadata job;
  job.set_action(v1::DiscJobMetadata::ACTION_CLOSING_SESSION);
  EXPECT_EQ(DescribeProgress(Pack(job)), "closing session");
}

google::longrunning::Operation BurnAt(const v1::WriteImageMetadata& burn) {
  google::longrunning::Operation operation;
  operation.mutable_metadata()->PackFrom(burn);
  return operation;
}

TEST(DescribeProgress, ShowsHowFarABurnIsHowFastAndHowLongItTakes) {
  v1::WriteImageMetadata burn;
  burn.set_action(v1::WriteImageMetadata::ACTION_WRITING_DATA);
  burn.set_start(1000);
  burn.set_next_sector(3500);
  burn.set_end(11'000);
  burn.set_sectors_per_second(2195);
  burn.mutable_remaining()->set_seconds(3723);
  burn.mutable_service_buffer()->set_size_bytes(200);
  burn.mutable_service_buffer()->set_filled_bytes(190);
  const std::string line = DescribeProgress(BurnAt(burn));
  EXPECT_THAT(line, HasSubstr("  25%  writing, 5.1 MB, 4.5 MB/s, 1:02:03 left, buffer 95%"));
}

TEST(DescribeProgress, ShowsHowFarAVerificationIsAndThenWhatTheDiscIs) {
  v1::WriteImageMetadata burn;
  burn.set_action(v1::WriteImageMetadata::ACTION_VERIFYING);
  burn.set_next_sector(100);
  burn.set_end(100);
  burn.set_sectors_verified(50);
  burn.set_sectors_to_verify(100);
  EXPECT_THAT(DescribeProgress(BurnAt(burn)), HasSubstr("  50%  verifying"));
  burn.set_action(v1::WriteImageMetadata::ACTION_COMPLETED);
  burn.set_disc_state("good");
  google::longrunning::Operation done = BurnAt(burn);
  done.set_done(true);
  EXPECT_THAT(DescribeProgress(done), HasSubstr(" 100%  done, 204.8 kB, the disc: good"));
}

TEST(ProgressLine, PrintsALineForEachChangeWhereNobodySeesACursor) {
  std::ostringstream out;
  {
    ProgressLine line(&out, /*terminal=*/false);
    line.Show(ImportAt(1, 2, "/a"));
    line.Show(ImportAt(1, 2, "/a"));
    line.Show(ImportAt(2, 2, "/b"));
  }
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

}  // namespace
}  // namespace carousel::cli
