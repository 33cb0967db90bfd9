// What it costs to feed four drives at 16x of BD at once: BurnRun as it is, contents from a file in
// the page cache, drives that keep nothing.
//   burn_bench FILE [SECONDS] and the options of Google Benchmark; FILE is made
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "benchmark/benchmark.h"
#include "hal/base/clock.h"
#include "hal/base/types.h"
#include "hal/drive/drive.h"
#include "hal/mmc/profile.h"
#include "server/burn/burn_control.h"
#include "server/burn/burn_journal.h"
#include "server/burn/burn_report.h"
#include "server/burn/burn_run.h"
#include "server/burn/sector_ring.h"
#include "server/disc_format/media_facts.h"
#include "server/image/file_tree.h"
#include "server/mastering/content.h"
#include "server/mastering/plan.h"
#include "tests/bench/paced_drive.h"

namespace carousel::bench {
namespace {

constexpr int kDrives = 4;
// BD 16x (MMC-6: 1x is 4,495,500 bytes a second).
constexpr double kRate = 16 * 4'495'500.0;
constexpr int64_t kFileBytes = 256 << 20;

std::string file_path;
double seconds = 10;

// Every content is the same file, again and again.
class RepeatedFile : public mastering::ContentSource {
 public:
  explicit RepeatedFile(const std::string& path) : file_(open(path.c_str(), O_RDONLY)) {}
  ~RepeatedFile() override { close(file_); }

  absl::Status Read(mastering::ContentHandle, int64_t offset, absl::Span<uint8_t> out) override {
    while (!out.empty()) {
      const int64_t at = offset % kFileBytes;
      const auto most = std::min(static_cast<int64_t>(out.size()), kFileBytes - at);
      const ssize_t got = pread(file_, out.data(), static_cast<size_t>(most), at);
      if (got <= 0) return absl::DataLossError("the file cannot be read");
      offset += got;
      out.remove_prefix(static_cast<size_t>(got));
    }
    return absl::OkStatus();
  }

 private:
  const int file_;
};

class NoJournal : public BurnJournal {
 public:
  absl::Status Begin(const BurnIntent&) override { return absl::OkStatus(); }
  absl::Status End(const BurnIntent&, const BurnOutcome&) override { return absl::OkStatus(); }
};

absl::StatusOr<MediaFacts> BlankFacts(Drive& drive) {
  MediaFacts facts;
  facts.generation = drive.generation();
  facts.present = true;
  facts.profile = mmc::Profile::kBdRSequential;
  facts.disc_identifier = "blank";
  facts.next_writable = Lba(0);
  return facts;
}

// One burn, with all that it needs.
class Burn {
 public:
  explicit Burn(const std::string& path) : contents_(path), drive_(kRate, &clock_) {
    const auto bytes = static_cast<int64_t>(kRate * seconds);
    const auto file = tree_.Add(FileTree::kRoot, "archive.tar", EntryData{.bytes = bytes});
    tree_.Finish();
    if (!file.ok()) return;
    auto plan = mastering::Plan::Make(tree_, {{*file, mastering::ContentHandle(0)}},
                                      {.write_unit = Sectors(32)});
    if (plan.ok()) plan_ = *std::move(plan);
  }

  void Run() {
    const absl::StatusOr<MediaFacts> facts = BlankFacts(drive_);
    report_ = BurnRun({.disc = *facts, .plan = plan_.get(), .contents = &contents_}, &BlankFacts,
                      &journal_, &control_)
                  .Run(drive_);
  }

  bool ready() const { return plan_ != nullptr; }
  const BurnReport& report() const { return report_; }
  RingLevel level() const { return control_.progress().buffer; }
  int64_t times_drive_empty() const { return drive_.times_empty(); }

 private:
  SystemClock clock_;
  RepeatedFile contents_;
  PacedDrive drive_;
  FileTree tree_;
  std::unique_ptr<const mastering::Plan> plan_;
  NoJournal journal_;
  BurnControl control_;
  BurnReport report_;
};

void FourDrives(benchmark::State& state) {
  int64_t bytes = 0;
  int64_t ring_dry = 0;
  int64_t drive_empty = 0;
  int64_t lowest = INT64_MAX;
  for (auto _ : state) {
    std::vector<std::unique_ptr<Burn>> burns;
    std::vector<std::thread> drives;
    for (int i = 0; i < kDrives; ++i) {
      burns.push_back(std::make_unique<Burn>(file_path));
      if (!burns.back()->ready()) return state.SkipWithError("the session cannot be planned");
    }
    for (const auto& burn : burns) drives.emplace_back([&burn] { burn->Run(); });
    for (std::thread& drive : drives) drive.join();
    for (const auto& burn : burns) {
      if (!burn->report().status.ok()) {
        return state.SkipWithError(std::string(burn->report().status.message()).c_str());
      }
      bytes += burn->report().written.bytes();
      ring_dry += burn->level().times_dry;
      drive_empty += burn->times_drive_empty();
      lowest = std::min(lowest, burn->level().lowest);
    }
  }
  state.SetBytesProcessed(bytes);
  state.counters["ring_dry"] = static_cast<double>(ring_dry);
  state.counters["drive_empty"] = static_cast<double>(drive_empty);
  state.counters["lowest_bytes"] = static_cast<double>(lowest);
}
BENCHMARK(FourDrives)->Iterations(1)->MeasureProcessCPUTime()->UseRealTime();

bool MakeFile() {
  std::ofstream file(file_path, std::ios::binary);
  std::string piece(1 << 20, '\0');
  for (int64_t at = 0; at < kFileBytes; at += static_cast<int64_t>(piece.size())) {
    piece.replace(0, 20, absl::StrCat(at, std::string(20, ' ')), 0, 20);
    file << piece;
  }
  return file.flush().good();
}

}  // namespace
}  // namespace carousel::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc < 2) return 2;
  carousel::bench::file_path = argv[1];
  if (argc > 2) carousel::bench::seconds = std::atof(argv[2]);
  if (!carousel::bench::MakeFile()) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
