// What is on the disk when a method returns, and what happens where a sync fails. This program has
// an fsync of its own, which libsqlite3 calls in place of the C library's.
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "server/journal/journal.h"
#include "server/journal/test_file.h"

namespace carousel {
namespace {

// A disk of which a power cut leaves only what was synced.
struct Disk {
  std::map<std::string, std::string> synced;  // path -> bytes; folders have none
  int syncs = 0;
  int fail_after = -1;  // that many succeed; -1: all
};
Disk* disk = nullptr;

std::string PathOf(int fd) {
  std::array<char, 4'096> path;
  const ssize_t size =
      readlink(absl::StrCat("/proc/self/fd/", fd).c_str(), path.data(), path.size());
  return std::string(path.data(), size < 0 ? 0 : size);
}

int Sync(int fd) {
  if (disk == nullptr) return 0;
  if (disk->fail_after == disk->syncs) {
    errno = EIO;
    return -1;
  }
  ++disk->syncs;
  // By the descriptor: opening and closing the path would let go of SQLite's locks.
  std::string& bytes = disk->synced[PathOf(fd)];
  bytes.clear();
  std::array<char, 65'536> buffer;
  ssize_t size = 0;
  while ((size = pread(fd, buffer.data(), buffer.size(), bytes.size())) > 0)
    bytes.append(buffer.data(), size);
  return 0;
}

}  // namespace
}  // namespace carousel

extern "C" int fdatasync(int fd) { return carousel::Sync(fd); }
extern "C" int fsync(int fd) { return carousel::Sync(fd); }

namespace carousel {
namespace {

using testing::Contains;
using testing::Key;
using testing::SizeIs;

class JournalSyncTest : public testing::Test {
 protected:
  JournalSyncTest() : path_(std::filesystem::weakly_canonical(FreshPath("journal"))) {
    disk = &disk_;
    Reopen();
  }
  ~JournalSyncTest() override {
    journal_.reset();
    disk = nullptr;
  }

  void Reopen() {
    journal_.reset();
    absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(path_, &clock_);
    ASSERT_OK(journal);
    journal_ = *std::move(journal);
  }

  // The journal as it is when the power goes now.
  std::unique_ptr<Journal> AfterPowerCut() {
    const std::string copy = FreshPath("copy");
    for (const char* suffix : {"", "-wal"}) {
      const auto found = disk_.synced.find(path_ + suffix);
      if (found != disk_.synced.end()) WriteBytes(copy + suffix, found->second);
    }
    absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(copy, &clock_);
    EXPECT_OK(journal);
    return journal.ok() ? *std::move(journal) : nullptr;
  }

  absl::StatusOr<ActionId> Begin(int disc) {
    return journal_->RecordIntent({.operation = "op",
                                   .drive = "drive0",
                                   .disc = {.barcode = absl::StrCat(disc)},
                                   .old_superblock = std::string(200'000, 's')});
  }

  Disk disk_;
  const std::string path_;
  FakeClock clock_;
  std::unique_ptr<Journal> journal_;
};

TEST_F(JournalSyncTest, WhatAMethodHasRecordedIsThereAfterAPowerCut) {
  ASSERT_OK(journal_->RecordOperation({.id = "op", .request = {"r", 1}}));
  EXPECT_THAT(AfterPowerCut()->FindRequest({"r", 1}),
              IsOkAndHolds(testing::Optional(std::string("op"))));
  for (int disc = 0; disc < 60; ++disc) {
    ASSERT_OK_AND_ASSIGN(const ActionId id, Begin(disc));
    const bool looks = disc % 5 == 4;
    if (looks) {
      EXPECT_THAT(AfterPowerCut()->HeldActions(), IsOkAndHolds(SizeIs(1)));
    }
    ASSERT_OK(journal_->RecordOutcome(id, {.result = ActionResult::kFailed}));
    if (looks) {
      EXPECT_THAT(AfterPowerCut()->HeldActions(), IsOkAndHolds(SizeIs(1)));
    }
    ASSERT_OK(journal_->RecordOperation({.id = absl::StrCat("op", disc)}));
    ASSERT_OK(journal_->EndOperation(absl::StrCat("op", disc), absl::AbortedError("x"), ""));
    ASSERT_OK(journal_->Acknowledge(id, {.who = "operator"}));
  }
  EXPECT_GT(disk_.synced[path_].size(), 4'000'000u) << "the log was never brought into the file";
  const std::unique_ptr<Journal> after = AfterPowerCut();
  EXPECT_THAT(after->HeldActions(), IsOkAndHolds(SizeIs(0)));
  EXPECT_THAT(after->ActionsOfOperation("op"), IsOkAndHolds(SizeIs(60)));
  EXPECT_THAT(after->UnendedOperations(), IsOkAndHolds(SizeIs(1)));
}

TEST_F(JournalSyncTest, TheFolderThatNamesTheFilesIsSynced) {
  ASSERT_OK(journal_->RecordOperation({.id = "op"}));
  EXPECT_THAT(disk_.synced, Contains(Key(std::filesystem::path(path_).parent_path().string())));
}

TEST_F(JournalSyncTest, NothingIsRecordedAfterAFailedSyncUntilItIsOpenedAnew) {
  ASSERT_OK(journal_->RecordOperation({.id = "op"}));
  ASSERT_OK(Begin(1));
  disk_.fail_after = disk_.syncs;
  EXPECT_THAT(Begin(2), StatusIs(absl::StatusCode::kInternal));
  disk_.fail_after = -1;
  EXPECT_THAT(Begin(3), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(journal_->HeldActions(), StatusIs(absl::StatusCode::kInternal));

  Reopen();
  ASSERT_OK_AND_ASSIGN(const std::vector<ActionRecord> held, journal_->HeldActions());
  EXPECT_THAT(held, testing::AnyOf(SizeIs(1), SizeIs(2)));
  EXPECT_OK(Begin(3));
}

}  // namespace
}  // namespace carousel
