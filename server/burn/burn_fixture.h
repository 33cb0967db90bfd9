// A planned session, its contents and what watches its burn, for tests.
#ifndef SERVER_BURN_BURN_FIXTURE_H_
#define SERVER_BURN_BURN_FIXTURE_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/drive/drive.h"
#include "hal/mmc/profile.h"
#include "server/burn/burn_control.h"
#include "server/burn/burn_journal.h"
#include "server/burn/burn_report.h"
#include "server/burn/burn_run.h"
#include "server/disc_format/media_facts.h"
#include "server/disc_format/media_facts_reader.h"
#include "server/image/file_tree.h"
#include "server/mastering/content.h"
#include "server/mastering/memory_contents.h"
#include "server/mastering/plan.h"

namespace carousel {

// Keeps what it is told, in words.
class RecordingJournal : public BurnJournal {
 public:
  absl::Status Begin(const BurnIntent& intent) override {
    constexpr const char* kSteps[] = {"write", "close", "format"};
    lines.push_back(
        absl::StrCat(kSteps[static_cast<int>(intent.step)], " from ", intent.start.value()));
    return intent.step == failing_step ? failure : absl::OkStatus();
  }
  absl::Status End(const BurnIntent&, const BurnOutcome& outcome) override {
    lines.push_back(outcome.status.ok() ? "done" : "failed");
    last = outcome;
    return end_failure;
  }

  std::vector<std::string> lines;
  BurnOutcome last;
  BurnStep failing_step = BurnStep::kWriteSession;
  absl::Status failure;
  absl::Status end_failure;
};

// Contents that call `before` with the number of each Read, from 1.
class WatchedContents : public mastering::ContentSource {
 public:
  absl::Status Read(mastering::ContentHandle content, int64_t offset,
                    absl::Span<uint8_t> out) override {
    if (before) before(++reads_);
    return memory.Read(content, offset, out);
  }

  mastering::MemoryContents memory;
  std::function<void(int)> before;

 private:
  int reads_ = 0;
};

class BurnTest : public testing::Test {
 protected:
  // One file of 3 MiB: the session is written in four pieces, each of which reads it once.
  static constexpr int kPieces = 4;

  BurnTest() {
    for (int sector = 0; sector < 1'536; ++sector) {
      std::string text = absl::StrCat("sector ", sector);
      text.resize(kSectorSize, static_cast<char>(sector));
      text_ += text;
    }
  }

  // For the medium in `drive`, as it is now.
  void PlanFor(Drive& drive) {
    ASSERT_OK_AND_ASSIGN(request_.disc, ReadMediaFacts(drive));
    ASSERT_TRUE(request_.disc.next_writable.has_value());
    const auto file = tree_.Add(FileTree::kRoot, file_name_,
                                EntryData{.bytes = static_cast<int64_t>(text_.size())});
    ASSERT_OK(file);
    const std::vector<mastering::NewFile> files = {{*file, contents_.memory.Add(text_)}};
    tree_.Finish();
    const bool overwrites = mmc::IsOverwritable(request_.disc.profile);
    const Lba start = std::max(*request_.disc.next_writable, Lba(overwrites ? 32 : 0));
    ASSERT_OK_AND_ASSIGN(
        plan_, mastering::Plan::Make(
                   tree_, files,
                   {.session_start = start, .tail = Sectors(150), .write_unit = Sectors(32)}));
    request_.plan = plan_.get();
    request_.contents = &contents_;
  }

  BurnReport Burn(Drive& drive) {
    return BurnRun(request_, &ReadMediaFacts, &journal_, &control_).Run(drive);
  }

  std::string file_name_ = "file.bin";
  std::string text_;
  FileTree tree_;
  WatchedContents contents_;
  std::unique_ptr<const mastering::Plan> plan_;
  BurnRequest request_;
  RecordingJournal journal_;
  BurnControl control_;
};

}  // namespace carousel

#endif  // SERVER_BURN_BURN_FIXTURE_H_
