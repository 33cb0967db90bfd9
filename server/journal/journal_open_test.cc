// Files that are no journal of ours, or not for us: each is refused with its own error, and left as
// it is.
#include <sys/syscall.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "server/journal/journal.h"
#include "server/journal/schema.h"
#include "server/journal/sqlite.h"
#include "server/journal/test_file.h"

namespace carousel {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr size_t kPageSize = 4'096;  // SQLite's default

class JournalOpenTest : public testing::Test {
 protected:
  JournalOpenTest() : path_(FreshPath("journal")) {}

  absl::Status Open() { return Journal::Open(path_, &clock_).status(); }

  // A closed journal of many pages.
  void MakeJournal() {
    absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(path_, &clock_);
    ASSERT_OK(journal);
    for (int i = 0; i < 200; ++i)
      ASSERT_OK((*journal)->RecordOperation({.id = absl::StrCat("op", i)}));
  }

  void ExpectRefused(absl::StatusCode code, const std::string& words) {
    const std::string file = ReadBytes(path_), log = ReadBytes(path_ + "-wal");
    EXPECT_THAT(Open(), StatusIs(code, AllOf(HasSubstr(path_), HasSubstr(words))));
    EXPECT_TRUE(ReadBytes(path_) == file);
    EXPECT_TRUE(ReadBytes(path_ + "-wal") == log);
  }

  const std::string path_;
  FakeClock clock_;
};

TEST_F(JournalOpenTest, MakesANewFileAndOpensItAgain) {
  EXPECT_OK(Open());
  EXPECT_OK(Open());
}

TEST_F(JournalOpenTest, TakesAnEmptyFileForANewOne) {
  WriteBytes(path_, "");
  EXPECT_OK(Open());
}

TEST_F(JournalOpenTest, RefusesAFileThatIsNoDatabase) {
  WriteBytes(path_, std::string(10'000, 'x'));
  ExpectRefused(absl::StatusCode::kDataLoss, "not a database");
}

TEST_F(JournalOpenTest, RefusesAFileWithADamagedPage) {
  MakeJournal();
  const std::string good = ReadBytes(path_);
  ASSERT_GT(good.size(), 4 * kPageSize);
  for (size_t page = 0; page * kPageSize < good.size(); ++page) {
    SCOPED_TRACE(page);
    std::string bad = good;
    // All but the header of the file, which says what it is.
    for (size_t i = page == 0 ? 100 : 0; i < kPageSize; ++i) bad[page * kPageSize + i] = '\x5A';
    WriteBytes(path_, bad);
    ExpectRefused(absl::StatusCode::kDataLoss, "");
  }
}

TEST_F(JournalOpenTest, RefusesAFileWithoutItsEnd) {
  MakeJournal();
  const std::string good = ReadBytes(path_);
  for (size_t pages = 1; pages < good.size() / kPageSize; pages += 2) {
    SCOPED_TRACE(pages);
    WriteBytes(path_, good.substr(0, pages * kPageSize));
    ExpectRefused(absl::StatusCode::kDataLoss, "");
  }
}

TEST_F(JournalOpenTest, KeepsTheLogOfAFileThatWasEmptied) {
  std::string log;
  {
    absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(path_, &clock_);
    ASSERT_OK(journal);
    ASSERT_OK((*journal)->RecordOperation({.id = "op"}));
    log = ReadBytes(path_ + "-wal");
  }
  ASSERT_FALSE(log.empty());
  WriteBytes(path_, "");
  WriteBytes(path_ + "-wal", log);
  ExpectRefused(absl::StatusCode::kDataLoss, "-wal is there");
}

TEST_F(JournalOpenTest, RefusesTheFileOfANewerVersion) {
  MakeJournal();
  const int64_t newer = NewestSchemaVersion() + 1;
  {
    absl::StatusOr<std::unique_ptr<SqliteDatabase>> database =
        SqliteDatabase::Open(path_, kJournalApplicationId, newer);
    ASSERT_OK(database);
    ASSERT_OK((*database)->Execute(absl::StrCat("PRAGMA user_version = ", newer)));
  }
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "newer version");
}

TEST_F(JournalOpenTest, RefusesTheDatabaseOfAnotherProgram) {
  {
    absl::StatusOr<std::unique_ptr<SqliteDatabase>> database = SqliteDatabase::Open(path_, 77, 0);
    ASSERT_OK(database);
    ASSERT_OK((*database)->Execute("CREATE TABLE theirs (x)"));
  }
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "another program");
}

TEST_F(JournalOpenTest, RefusesASecondOpeningInOneProcess) {
  absl::StatusOr<std::unique_ptr<Journal>> first = Journal::Open(path_, &clock_);
  ASSERT_OK(first);
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("open")));
  EXPECT_OK((*first)->RecordOperation({.id = "op"}));
}

TEST_F(JournalOpenTest, RefusesAFileThatAnotherProcessHasUntilItEnds) {
  Child child([&](const Child::Report& report) {
    absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(path_, &clock_);
    if (journal.ok()) report('y');
    pause();
  });
  ASSERT_EQ(child.NextReport(), 'y');
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kFailedPrecondition,
                               HasSubstr("another process has it open")));
  child.Kill();
  EXPECT_OK(Open());
}

TEST_F(JournalOpenTest, SaysThatTheFolderIsMissing) {
  EXPECT_THAT(Journal::Open(path_ + "-none/journal", &clock_),
              StatusIs(absl::StatusCode::kNotFound));
}

// Gives up root's right to write everywhere (capset(2)).
void DropCapabilities() {
  struct {
    uint32_t version = 0x20080522;  // _LINUX_CAPABILITY_VERSION_3
    int pid = 0;
  } header;
  const uint32_t none[6] = {};
  static_cast<void>(syscall(SYS_capset, &header, none));
}

TEST_F(JournalOpenTest, RefusesAFileThatMayNotBeWritten) {
  MakeJournal();
  const std::string before = ReadBytes(path_);
  std::filesystem::permissions(path_, std::filesystem::perms::owner_read);
  Child child([&](const Child::Report& report) {
    DropCapabilities();
    report(Open().code() == absl::StatusCode::kPermissionDenied ? 'y' : 'n');
  });
  EXPECT_EQ(child.NextReport(), 'y');
  EXPECT_TRUE(ReadBytes(path_) == before);
}

}  // namespace
}  // namespace carousel
