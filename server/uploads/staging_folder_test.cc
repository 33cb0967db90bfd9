#include "server/uploads/staging_folder.h"

#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

namespace fs = std::filesystem;
using absl::StatusCode;
using imapi::Hresult;
using testing::ElementsAre;

class StagingFolderTest : public testing::Test {
 protected:
  StagingFolderTest() {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    base_ = absl::StrCat(testing::TempDir(), "/staging_", test.name());
    fs::remove_all(base_);
    fs::create_directories(base_ + "/root/tree");
    folder_ = StagingFolder::Open(base_ + "/root");
    EXPECT_OK(folder_);
  }
  void Write(const std::string& path, const std::string& bytes) {
    std::ofstream(base_ + "/root/" + path) << bytes;
  }
  absl::StatusOr<std::vector<StagedEntry>> List(const std::string& source = "tree") {
    return folder_->List(source, limits_, cancelled_);
  }
  std::vector<std::string> Paths(const std::string& source = "tree") {
    std::vector<std::string> paths;
    const auto entries = List(source);
    EXPECT_OK(entries);
    if (!entries.ok()) return paths;
    for (const StagedEntry& entry : *entries) paths.push_back(entry.path);
    return paths;
  }
  static void ExpectError(const absl::Status& status, Hresult hresult, const std::string& path) {
    const auto detail = imapi::GetDetail(status);
    ASSERT_TRUE(detail.has_value()) << status;
    EXPECT_EQ(detail->hresult, hresult) << status;
    EXPECT_EQ(detail->metadata.at("path"), path) << status;
  }
  // All bytes of a file that was listed, `between` called after the first of them.
  absl::StatusOr<std::string> Read(const StagedEntry& entry,
                                   void (*between)(std::string) = nullptr) {
    auto file = folder_->OpenFile("tree", entry);
    if (!file.ok()) return file.status();
    std::string bytes;
    while (true) {
      uint8_t piece[4];
      const absl::StatusOr<size_t> size = file->Read(absl::MakeSpan(piece));
      if (!size.ok()) return size.status();
      if (*size == 0) break;
      bytes.append(piece, piece + *size);
      if (between != nullptr) between(base_ + "/root/tree/" + entry.path);
      between = nullptr;
    }
    if (const absl::Status same = file->CheckUnchanged(); !same.ok()) return same;
    return bytes;
  }

  std::string base_;
  absl::StatusOr<StagingFolder> folder_ = absl::UnknownError("");
  StagingFolder::Limits limits_{.max_entries = 100, .max_depth = 10};
  std::atomic<bool> cancelled_ = false;
};

TEST_F(StagingFolderTest, ListsDirectoriesBeforeWhatIsInThem) {
  fs::create_directories(base_ + "/root/tree/b/c");
  Write("tree/b/c/file", "1");
  Write("tree/b/z", "2");
  Write("tree/a", "3");
  EXPECT_THAT(Paths(), ElementsAre("a", "b", "b/c", "b/z", "b/c/file"));
  EXPECT_THAT(Paths("tree/b/c"), ElementsAre("file"));
  EXPECT_THAT(Paths(""), testing::Contains("tree/b/z"));
}

TEST_F(StagingFolderTest, TellsWhatIsKnownOfEachEntry) {
  Write("tree/file", "bytes");
  chmod((base_ + "/root/tree/file").c_str(), 04640);
  fs::create_symlink("../../outside", base_ + "/root/tree/link");
  ASSERT_OK_AND_ASSIGN(const auto entries, List());
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].type, EntryType::kFile);
  EXPECT_EQ(entries[0].identity.bytes, 5);
  EXPECT_EQ(entries[0].attributes.posix->mode, 04640u);
  EXPECT_GT(entries[0].attributes.modify_time, absl::FromUnixSeconds(1));
  EXPECT_EQ(entries[1].type, EntryType::kSymlink);
  EXPECT_EQ(entries[1].target, "../../outside");
  EXPECT_THAT(Read(entries[0]), IsOkAndHolds("bytes"));
}

TEST_F(StagingFolderTest, NeverLeavesTheFolder) {
  fs::create_directories(base_ + "/outside");
  std::ofstream(base_ + "/outside/secret") << "secret";
  fs::create_symlink("../outside", base_ + "/root/link");
  for (const char* source : {"..", "../outside", "tree/../../outside", "/etc", "link"})
    ExpectError(List(source).status(), Hresult::IMAPI_E_DIRECTORY_READ_FAILURE, source);
  Write("tree/file", "bytes");
  ASSERT_OK_AND_ASSIGN(const auto entries, List());
  fs::remove(base_ + "/root/tree/file");
  fs::create_symlink("../../outside/secret", base_ + "/root/tree/file");
  ExpectError(Read(entries[0]).status(), Hresult::IMAPI_E_DATA_STREAM_CREATE_FAILURE, "tree/file");
}

TEST_F(StagingFolderTest, RefusesWhatIsNoDirectory) {
  Write("tree/file", "bytes");
  for (const char* source : {"none", "tree/file"})
    ExpectError(List(source).status(), Hresult::IMAPI_E_DIRECTORY_READ_FAILURE, source);
}

TEST_F(StagingFolderTest, RefusesFifosAndTheLike) {
  ASSERT_EQ(mkfifo((base_ + "/root/tree/fifo").c_str(), 0600), 0);
  ExpectError(List().status(), Hresult::IMAPI_E_DATA_STREAM_CREATE_FAILURE, "tree/fifo");
}

TEST_F(StagingFolderTest, DoesNotWaitForAFifoThatHasTakenAFilesPlace) {
  Write("tree/file", "bytes");
  ASSERT_OK_AND_ASSIGN(const auto entries, List());
  fs::remove(base_ + "/root/tree/file");
  ASSERT_EQ(mkfifo((base_ + "/root/tree/file").c_str(), 0600), 0);
  ExpectError(Read(entries[0]).status(), Hresult::IMAPI_E_DATA_STREAM_INCONSISTENCY, "tree/file");
}

TEST_F(StagingFolderTest, NoticesAFileThatChangesWhileItIsRead) {
  const auto expect_changed = [this](void (*change)(std::string)) {
    Write("tree/file", "0123456789");
    const auto entries = List();
    ASSERT_OK(entries);
    ExpectError(Read((*entries)[0], change).status(), Hresult::IMAPI_E_DATA_STREAM_INCONSISTENCY,
                "tree/file");
  };
  expect_changed([](std::string path) { std::ofstream(path, std::ios::app) << "more"; });
  expect_changed([](std::string path) { fs::resize_file(path, 5); });
  expect_changed([](std::string path) {
    std::ofstream(path) << "9876543210";
    // Times of its own: those of the write may be in the same tick as the listing.
    fs::last_write_time(path, fs::file_time_type::clock::now() + std::chrono::hours(1));
  });
  Write("tree/file", "0123456789");
  ASSERT_OK_AND_ASSIGN(const auto entries, List());
  Write("tree/new", "0123456789");
  fs::rename(base_ + "/root/tree/new", base_ + "/root/tree/file");
  ExpectError(Read(entries[0]).status(), Hresult::IMAPI_E_DATA_STREAM_INCONSISTENCY, "tree/file");
}

TEST_F(StagingFolderTest, SaysThatAFileCannotBeRead) {
  // The memory of this process, where nothing is at 0: a regular file whose read is EIO.
  ASSERT_OK_AND_ASSIGN(const StagingFolder folder, StagingFolder::Open("/proc/self"));
  struct stat stat = {};
  ASSERT_EQ(::stat("/proc/self/mem", &stat), 0);
  StagedEntry entry{.path = "mem"};
  entry.identity = {.device = stat.st_dev,
                    .inode = stat.st_ino,
                    .bytes = stat.st_size,
                    .modified_ns = absl::ToUnixNanos(absl::TimeFromTimespec(stat.st_mtim)),
                    .changed_ns = absl::ToUnixNanos(absl::TimeFromTimespec(stat.st_ctim))};
  auto file = folder.OpenFile("", entry);
  ASSERT_OK(file);
  uint8_t byte = 0;
  ExpectError(file->Read(absl::MakeSpan(&byte, 1)).status(),
              Hresult::IMAPI_E_DATA_STREAM_READ_FAILURE, "mem");
}

TEST_F(StagingFolderTest, KeepsItsLimits) {
  fs::create_directories(base_ + "/root/tree/1/2/3");
  limits_.max_depth = 3;
  EXPECT_EQ(Paths().size(), 3u);
  limits_.max_depth = 2;
  const absl::Status deep = List().status();
  EXPECT_THAT(deep, StatusIs(StatusCode::kResourceExhausted));
  EXPECT_EQ(imapi::GetDetail(deep)->metadata.at("limit"), "max_tree_depth");
  limits_ = {.max_entries = 3, .max_depth = 10};
  EXPECT_EQ(Paths().size(), 3u);
  Write("tree/file", "");
  EXPECT_EQ(imapi::GetDetail(List().status())->metadata.at("limit"), "max_tree_entries");
}

TEST_F(StagingFolderTest, StopsWhenItIsCancelled) {
  Write("tree/file", "bytes");
  cancelled_ = true;
  EXPECT_EQ(imapi::GetDetail(List().status())->hresult, Hresult::E_IMAPI_REQUEST_CANCELLED);
}

}  // namespace
}  // namespace carousel
