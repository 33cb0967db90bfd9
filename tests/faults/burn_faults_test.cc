// Burns every row of the fault table: what the burn says is what the table says, and what lies on
// the disc is what may have been written.
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "tests/faults/answers.h"
#include "tests/faults/fault_table.h"
#include "tests/faults/faulty_burn.h"

namespace carousel::faults {
namespace {

constexpr int64_t kSuperblock = 32;  // sectors

const std::string& ZeroSector() {
  static const auto* const kZeros = new std::string(kSectorSize, '\0');
  return *kZeros;
}

absl::string_view Sector(absl::string_view bytes, int64_t number) {
  const auto at = static_cast<size_t>(number * kSectorSize);
  return at < bytes.size() ? bytes.substr(at, kSectorSize) : ZeroSector();
}

class BurnFaultsTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(table_, ReadTable("tests/faults/faults.textproto"));
  }

  // The sectors of the session that `disc` has as they should be, counted until one is not. What
  // lies behind it, or is neither that nor what was there before, fails the test.
  static int64_t CountWritten(const FaultyBurn& burn, const std::string& disc) {
    const int64_t start = burn.plan().start().value();
    const int64_t sectors = burn.plan().sectors().value();
    int64_t written = 0;
    for (int64_t at = 0; at < sectors; ++at) {
      const absl::string_view found = Sector(disc, start + at);
      const bool as_planned = found == Sector(burn.image(), at);
      EXPECT_TRUE(as_planned || found == Sector(burn.before(), start + at))
          << "sector " << at << " of the session";
      if (as_planned && written == at) ++written;
    }
    for (int64_t at = start + sectors; at * kSectorSize < static_cast<int64_t>(disc.size()); ++at) {
      EXPECT_TRUE(Sector(disc, at) == ZeroSector()) << "sector " << at << ", behind the session";
    }
    return written;
  }

  // The sectors of `disc` in [from, to) are as they were.
  static void CheckUnchanged(const FaultyBurn& burn, const std::string& disc, int64_t from,
                             int64_t to) {
    for (int64_t at = from; at < to; ++at) {
      ASSERT_TRUE(Sector(disc, at) == Sector(burn.before(), at)) << "sector " << at;
    }
  }

  static void CheckDisc(FaultyBurn& burn, const Fault& outcome) {
    CountWritten(burn, burn.DataFile());
    burn.Eject();
    const std::string ejected = burn.DataFile();
    const int64_t written = CountWritten(burn, ejected);
    if (outcome.disc() != IN_DOUBT) {
      EXPECT_GE(written, burn.report().written.value());
    }
    const bool whole = outcome.disc() == NOT_CLOSED || outcome.disc() == WRITTEN;
    EXPECT_TRUE(!whole || written == burn.plan().sectors().value());
    // The superblock is written last.
    const bool old_superblock = outcome.disc() == UNTOUCHED || outcome.disc() == PARTLY_WRITTEN;
    const Lba end = outcome.disc() == UNTOUCHED ? burn.plan().end() : burn.plan().start();
    CheckUnchanged(burn, ejected, old_superblock ? 0 : kSuperblock, end.value());
  }

  static void CheckNextSession(FaultyBurn& burn, const Fault& outcome, Kind kind) {
    const std::string before = burn.DataFile();
    if (outcome.next_session() == "now" || outcome.next_session() == "after_close") {
      EXPECT_OK(burn.BurnNext());
    }
    if (kind == OVERWRITTEN) return;
    burn.Eject();
    const std::string after = burn.DataFile();
    for (int64_t at = 0; at * kSectorSize < static_cast<int64_t>(before.size()); ++at) {
      const absl::string_view sector = Sector(before, at);
      if (sector == ZeroSector()) continue;
      ASSERT_TRUE(sector == Sector(after, at)) << "sector " << at << " was written twice";
    }
  }

  FaultTable table_;
};

TEST_P(BurnFaultsTest, EveryAnswerAtEveryMomentComesOutAsTheTableSays) {
  for (const Moment moment : MomentsOf(GetParam())) {
    for (const Answer& answer : kAnswers) {
      SCOPED_TRACE(absl::StrCat(answer.text, " at ", Moment_Name(moment)));
      const auto rows = Find(table_, answer.text, moment, KindOf(GetParam()));
      ASSERT_EQ(rows.size(), 1u);
      Fault expected = *rows.front();
      expected.clear_moments();
      expected.clear_kind();
      FaultyBurn burn(GetParam(), std::string(answer.text), moment);
      const Fault outcome = burn.outcome();
      EXPECT_EQ(outcome.ShortDebugString(), expected.ShortDebugString());
      ASSERT_NO_FATAL_FAILURE(CheckDisc(burn, outcome));
      ASSERT_NO_FATAL_FAILURE(CheckNextSession(burn, outcome, KindOf(GetParam())));
      if (HasFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Media, BurnFaultsTest,
                         testing::Values("CD-R", "DVD-R", "DVD+R", "BD-R", "DVD-RAM"),
                         [](const testing::TestParamInfo<std::string>& info) {
                           return absl::StrReplaceAll(info.param, {{"+", "Plus"}, {"-", ""}});
                         });

}  // namespace
}  // namespace carousel::faults
