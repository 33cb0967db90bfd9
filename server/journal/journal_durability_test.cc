// What the journal still knows after its process, or the machine, went away in the middle.
#include <signal.h>
#include <sys/resource.h>

#include <memory>
#include <random>
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

using testing::SizeIs;

ActionIntent IntentOn(const std::string& barcode, const std::string& superblock = "") {
  return {.operation = "op",
          .drive = "drive0",
          .disc = {.barcode = barcode},
          .planned = Sectors(100),
          .old_superblock = superblock};
}

std::unique_ptr<Journal> OpenOrDie(const std::string& path, Clock* clock) {
  absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(path, clock);
  EXPECT_OK(journal);
  return journal.ok() ? *std::move(journal) : nullptr;
}

// All that the journal tells, one line an operation or action.
std::string Dump(Journal* journal) {
  std::string dump;
  const absl::StatusOr<std::vector<JournalOperation>> operations = journal->ListOperations(1'000);
  if (!operations.ok()) return operations.status().ToString();
  for (const JournalOperation& operation : *operations) {
    absl::StrAppend(&dump, operation.operation.id, " ", operation.status.ToString(), " ",
                    operation.end_time.has_value(), "\n");
    const absl::StatusOr<std::vector<ActionRecord>> actions =
        journal->ActionsOfOperation(operation.operation.id);
    if (!actions.ok()) return actions.status().ToString();
    for (const ActionRecord& action : *actions) {
      absl::StrAppend(&dump, "  ", action.id.value(), " ", action.intent.disc.barcode, " ",
                      action.intent.old_superblock.size(), " held ", action.held, " ",
                      action.outcome.has_value() ? action.outcome->detail : "-", " ",
                      action.acknowledgement.has_value() ? action.acknowledgement->note : "-",
                      "\n");
    }
  }
  return dump;
}

TEST(JournalDurability, AnIntentSurvivesAKillAsSoonAsItIsRecorded) {
  const std::string path = FreshPath("journal");
  FakeClock clock;
  Child child([&](const Child::Report& report) {
    absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(path, &clock);
    if (!journal.ok() || !(*journal)->RecordOperation({.id = "op", .request = {"r", 1}}).ok())
      return;
    if ((*journal)->RecordIntent(IntentOn("A", std::string(65'536, 's'))).ok()) report('y');
    pause();
  });
  ASSERT_EQ(child.NextReport(), 'y');
  child.Kill();

  const std::unique_ptr<Journal> journal = OpenOrDie(path, &clock);
  EXPECT_THAT(journal->FindRequest({"r", 1}), IsOkAndHolds(testing::Optional(std::string("op"))));
  ASSERT_OK_AND_ASSIGN(const std::vector<ActionRecord> held, journal->HeldActions());
  ASSERT_THAT(held, SizeIs(1));
  EXPECT_EQ(held[0].intent, IntentOn("A", std::string(65'536, 's')));
  EXPECT_FALSE(held[0].of_this_run);
}

TEST(JournalDurability, NothingThatWasAcknowledgedIsLostByAKillAtAnyPoint) {
  const std::string path = FreshPath("journal");
  FakeClock clock;
  { ASSERT_OK(OpenOrDie(path, &clock)->RecordOperation({.id = "op"})); }
  size_t acknowledged = 0;
  for (int round = 0; round < 20; ++round) {
    Child child([&](const Child::Report& report) {
      absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(path, &clock);
      if (!journal.ok()) return;
      while (true) {
        const absl::StatusOr<ActionId> id = (*journal)->RecordIntent(IntentOn(absl::StrCat(round)));
        if (!id.ok() || !(*journal)->RecordOutcome(*id, {.result = ActionResult::kSucceeded}).ok())
          return;
        report('y');
      }
    });
    for (int i = 0; i <= round; ++i) ASSERT_EQ(child.NextReport(), 'y');
    child.Kill();
    // What it reported between the last look and the kill counts, too.
    acknowledged += round + 1;
    while (child.NextReport() == 'y') ++acknowledged;
    const std::unique_ptr<Journal> journal = OpenOrDie(path, &clock);
    ASSERT_OK_AND_ASSIGN(const std::vector<ActionRecord> found, journal->ActionsOfOperation("op"));
    size_t settled = 0;
    for (const ActionRecord& record : found) settled += record.outcome.has_value() ? 1 : 0;
    EXPECT_GE(settled, acknowledged);
    EXPECT_LE(found.size(), settled + round + 1) << "at most one open intent a round";
    acknowledged = settled;
  }
}

// Does one thing that a burn may do, by chance; what it may not do is refused and changes nothing.
void DoSomething(Journal* journal, std::mt19937* random, int step) {
  const ActionId id(1 + (*random)() % (step / 2 + 1));
  const std::string barcode = absl::StrCat("D", (*random)() % 4);
  const auto result = static_cast<ActionResult>(1 + (*random)() % 3);
  switch ((*random)() % 5) {
    case 0:
    case 1:
      return static_cast<void>(
          journal->RecordIntent(IntentOn(barcode, std::string((*random)() % 9'000, 's'))).ok());
    case 2:
      return static_cast<void>(
          journal->RecordOutcome(id, {.result = result, .detail = absl::StrCat(step)}).ok());
    case 3:
      return static_cast<void>(
          journal->Acknowledge(id, {.who = "op", .note = absl::StrCat(step)}).ok());
    default:
      return static_cast<void>(journal->RecordOperation({.id = absl::StrCat("op", step)}).ok());
  }
}

// A journal's files after some steps, and what it told after each.
struct History {
  std::string file;
  std::string log;
  std::vector<std::string> states;
};

History MakeHistory(const std::string& path, uint32_t seed, int steps) {
  FakeClock clock;
  std::mt19937 random(seed);
  History history;
  const std::unique_ptr<Journal> journal = OpenOrDie(path, &clock);
  history.states.push_back(Dump(journal.get()));
  EXPECT_OK(journal->RecordOperation({.id = "op"}));
  history.states.push_back(Dump(journal.get()));
  for (int step = 0; step < steps; ++step) {
    DoSomething(journal.get(), &random, step);
    const std::string state = Dump(journal.get());
    if (state != history.states.back()) history.states.push_back(state);
  }
  history.file = ReadBytes(path);
  history.log = ReadBytes(path + "-wal");
  return history;
}

// Opens the files with another log; the number of the state in `history` that it tells, or -1.
int StateWithLog(const std::string& path, const History& history, const std::string& log) {
  FakeClock clock;
  WriteBytes(path, history.file);
  WriteBytes(path + "-wal", log);
  const std::unique_ptr<Journal> journal = OpenOrDie(path, &clock);
  if (journal == nullptr) return -1;
  const std::string state = Dump(journal.get());
  for (size_t i = 0; i < history.states.size(); ++i) {
    if (history.states[i] == state) return static_cast<int>(i);
  }
  ADD_FAILURE() << "no state of the history: " << state;
  return -1;
}

TEST(JournalDurability, ALogCutAnywhereReadsAsAPrefixOfWhatWasDone) {
  constexpr uint32_t kSeed = 20'220'613;
  const std::string path = FreshPath("journal");
  const History history = MakeHistory(path, kSeed, 24);
  ASSERT_GT(history.states.size(), 12u);
  std::mt19937 random(kSeed);
  int last = 0;
  for (size_t cut = 0; cut < history.log.size(); cut += 1 + random() % 4'000) {
    SCOPED_TRACE(absl::StrCat("cut at ", cut, " of ", history.log.size()));
    const int state = StateWithLog(path, history, history.log.substr(0, cut));
    ASSERT_GE(state, last) << "more of the log must not tell less";
    last = state;
  }
  EXPECT_EQ(StateWithLog(path, history, history.log), history.states.size() - 1);
}

TEST(JournalDurability, ALogWithATornEndReadsAsAPrefixOfWhatWasDone) {
  constexpr uint32_t kSeed = 7;
  const std::string path = FreshPath("journal");
  const History history = MakeHistory(path, kSeed, 24);
  std::mt19937 random(kSeed);
  for (int round = 0; round < 40; ++round) {
    std::string torn = history.log;
    const size_t from = random() % torn.size();
    for (size_t i = from; i < torn.size(); i += 1 + random() % 700)
      torn[i] = static_cast<char>(random());
    SCOPED_TRACE(absl::StrCat("torn from ", from, " of ", torn.size()));
    ASSERT_GE(StateWithLog(path, history, torn), 0);
  }
}

// While it lives no file grows beyond `bytes`, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &before_), 0);
    const struct rlimit small = {.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  }
  ~FileSizeLimit() { EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &before_), 0); }

 private:
  struct rlimit before_;
};

TEST(JournalDurability, AFullDiskAtAnyPointOfTheFirstOpeningCanBeTriedAgain) {
  FakeClock clock;
  int refused = 0;
  bool was_opened = false;
  for (rlim_t limit = 0; !was_opened; limit += 1'000) {
    SCOPED_TRACE(limit);
    const std::string path = FreshPath("journal");
    {
      FileSizeLimit full(limit);
      const absl::Status status = Journal::Open(path, &clock).status();
      was_opened = status.ok();
      if (!was_opened) {
        EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
        ++refused;
      }
    }
    ASSERT_OK(OpenOrDie(path, &clock)->RecordOperation({.id = "op"}));
  }
  EXPECT_GT(refused, 20);
}

TEST(JournalDurability, AFullDiskRefusesTheRecordAndKeepsTheOthers) {
  const std::string path = FreshPath("journal");
  FakeClock clock;
  std::unique_ptr<Journal> journal = OpenOrDie(path, &clock);
  ASSERT_OK(journal->RecordOperation({.id = "op"}));
  auto full = std::make_unique<FileSizeLimit>(1 << 20);
  absl::Status status;
  size_t recorded = 0;
  while (status.ok() && recorded < 100) {
    status =
        journal->RecordIntent(IntentOn(absl::StrCat(recorded), std::string(65'536, 's'))).status();
    if (status.ok()) ++recorded;
  }
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(journal->HeldActions(), IsOkAndHolds(SizeIs(recorded)));
  EXPECT_GT(recorded, 3u);

  full.reset();
  EXPECT_OK(journal->RecordIntent(IntentOn("after", std::string(65'536, 's'))));
  journal.reset();
  EXPECT_THAT(OpenOrDie(path, &clock)->HeldActions(), IsOkAndHolds(SizeIs(recorded + 1)));
}

}  // namespace
}  // namespace carousel
