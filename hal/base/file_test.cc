#include "hal/base/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

using absl::StatusCode;

std::string PathOf(const std::string& name) { return testing::TempDir() + "/" + name; }

TEST(File, ReplacesAFileWholeAndLeavesNothingBesideIt) {
  const std::string folder = PathOf("replaced");
  std::filesystem::create_directories(folder);
  ASSERT_OK(ReplaceFile(folder + "/a", "first contents"));
  ASSERT_OK(ReplaceFile(folder + "/a", "second"));
  EXPECT_THAT(ReadFile(folder + "/a", 100), IsOkAndHolds("second"));
  int files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++files;
  EXPECT_EQ(files, 1);
}

TEST(File, ReadsNoMoreThanTheBound) {
  ASSERT_OK(ReplaceFile(PathOf("bounded"), "12345"));
  EXPECT_THAT(ReadFile(PathOf("bounded"), 5), IsOkAndHolds("12345"));
  EXPECT_THAT(ReadFile(PathOf("bounded"), 4), StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_THAT(ReadFile(PathOf("absent"), 4), StatusIs(StatusCode::kNotFound));
}

TEST(File, AReplacementThatFailsLeavesNothingBesideTheFile) {
  const std::string folder = PathOf("kept");
  std::filesystem::create_directories(folder + "/a");
  EXPECT_FALSE(ReplaceFile(folder + "/a", "a folder is in the way").ok());
  EXPECT_FALSE(std::filesystem::exists(folder + "/a.new"));
}

TEST(File, ReplacesNothingInAFolderThatIsNotThere) {
  EXPECT_THAT(ReplaceFile(PathOf("absent/a"), "x"), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(SyncFolder(PathOf("absent")), StatusIs(StatusCode::kNotFound));
}

TEST(File, ADescriptorClosesWithItsOwnerAndNotBefore) {
  ASSERT_OK(ReplaceFile(PathOf("closes"), "x"));
  int fd = -1;
  {
    ASSERT_OK_AND_ASSIGN(FileDescriptor file, OpenFile(PathOf("closes"), O_RDONLY));
    const FileDescriptor moved = std::move(file);
    fd = moved.get();
    EXPECT_NE(fcntl(fd, F_GETFD), -1);
  }
  EXPECT_EQ(fcntl(fd, F_GETFD), -1);
}

TEST(File, ALockKeepsOthersOutUntilItIsClosed) {
  {
    ASSERT_OK_AND_ASSIGN(const FileDescriptor lock, TryLockFile(PathOf("lock")));
    EXPECT_THAT(TryLockFile(PathOf("lock")), StatusIs(StatusCode::kFailedPrecondition));
  }
  EXPECT_THAT(TryLockFile(PathOf("lock")), IsOk());
  EXPECT_THAT(LockFile(PathOf("lock")), IsOk());
}

TEST(File, EveryErrorOfADiskHasACodeOfItsOwn) {
  const std::pair<int, StatusCode> cases[] = {
      {ENOENT, StatusCode::kNotFound},          {EEXIST, StatusCode::kAlreadyExists},
      {EACCES, StatusCode::kPermissionDenied},  {ENOSPC, StatusCode::kResourceExhausted},
      {EDQUOT, StatusCode::kResourceExhausted}, {EFBIG, StatusCode::kResourceExhausted},
      {EROFS, StatusCode::kFailedPrecondition}, {EIO, StatusCode::kDataLoss},
      {EBADF, StatusCode::kInternal},
  };
  for (const auto& [error, code] : cases) {
    errno = error;
    EXPECT_THAT(ErrnoStatus("a file"), StatusIs(code, testing::StartsWith("a file: "))) << error;
  }
}

TEST(File, WritesToADeviceThatIsFullFail) {
  ASSERT_OK_AND_ASSIGN(const FileDescriptor full, OpenFile("/dev/full", O_WRONLY));
  EXPECT_THAT(WriteAll(full.get(), "x", "full"), StatusIs(StatusCode::kResourceExhausted));
}

}  // namespace
}  // namespace carousel
