#include "hal/base/beneath.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

using absl::StatusCode;
namespace fs = std::filesystem;

class BeneathTest : public testing::Test {
 protected:
  BeneathTest() {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    base_ = testing::TempDir() + "/beneath_" + test.name();
    fs::remove_all(base_);
    fs::create_directories(base_ + "/root/folder");
    std::ofstream(base_ + "/secret") << "secret";
    std::ofstream(base_ + "/root/folder/file") << "file";
    root_ = *OpenFile(base_ + "/root", O_PATH | O_DIRECTORY);
  }
  absl::Status Open(const std::string& path) {
    return OpenBeneath(root_.get(), path, O_RDONLY).status();
  }

  std::string base_;
  FileDescriptor root_;
};

TEST_F(BeneathTest, OpensWhatLiesBelowTheFolderAndTheFolder) {
  EXPECT_OK(Open("folder/file"));
  EXPECT_OK(Open("folder"));
  EXPECT_OK(Open(""));
  EXPECT_OK(Open("folder/../folder/file"));
  EXPECT_THAT(Open("folder/none"), StatusIs(StatusCode::kNotFound));
}

TEST_F(BeneathTest, LeadsNeverOutside) {
  for (const char* path : {"../secret", "folder/../../secret", "/etc/passwd", "..", "/"})
    EXPECT_THAT(Open(path), StatusIs(StatusCode::kFailedPrecondition)) << path;
}

TEST_F(BeneathTest, FollowsNoLink) {
  fs::create_symlink("../secret", base_ + "/root/out");
  fs::create_symlink("folder", base_ + "/root/in");
  fs::create_symlink("/proc/self/root", base_ + "/root/magic");
  for (const char* path : {"out", "in", "in/file", "magic", "magic/etc/passwd"})
    EXPECT_THAT(Open(path), StatusIs(StatusCode::kFailedPrecondition)) << path;
  ASSERT_OK_AND_ASSIGN(const FileDescriptor link,
                       OpenBeneath(root_.get(), "out", O_PATH | O_NOFOLLOW));
  char target[100];
  EXPECT_EQ(readlinkat(link.get(), "", target, sizeof(target)), 9);
}

TEST_F(BeneathTest, IsNotLedOutsideByARaceOfRenames) {
  fs::create_directories(base_ + "/elsewhere/folder");
  std::ofstream(base_ + "/elsewhere/folder/file") << "secret";
  std::atomic<bool> stop = false;
  std::thread mover([&] {
    while (!stop) {
      fs::rename(base_ + "/root/folder", base_ + "/away");
      fs::create_symlink("../elsewhere/folder", base_ + "/root/folder");
      fs::remove(base_ + "/root/folder");
      fs::rename(base_ + "/away", base_ + "/root/folder");
    }
  });
  int opened = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto file = OpenBeneath(root_.get(), "folder/file", O_RDONLY);
    if (!file.ok()) continue;
    ++opened;
    char bytes[6] = {};
    EXPECT_EQ(pread(file->get(), bytes, sizeof(bytes), 0), 4) << "only the secret is longer";
  }
  stop = true;
  mover.join();
  EXPECT_GT(opened, 0);
}

}  // namespace
}  // namespace carousel
