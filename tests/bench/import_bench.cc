// What an import costs: the processor's time and the memory of parsing an image in the page cache,
// and requests and time of a modelled drive. The model's times do not depend on the machine.
#include <malloc.h>

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "benchmark/benchmark.h"
#include "hal/base/status_macros.h"
#include "server/fs/file_block_reader.h"
#include "server/fs/iso9660/reader.h"
#include "server/image/file_tree.h"
#include "server/session_import/importer.h"
#include "tests/testing/archive_image.h"
#include "tests/testing/modelled_drives.h"

namespace carousel::bench {
namespace {

absl::StatusOr<FileTree> Parse(const std::string& image) {
  ASSIGN_OR_RETURN(const auto disc, FileBlockReader::Open(image));
  ASSIGN_OR_RETURN(const iso9660::Identification found, iso9660::Identify(*disc, Lba(0)));
  ASSIGN_OR_RETURN(
      iso9660::ReadResult read,
      iso9660::ReadTree(*disc, found, iso9660::Tree::kPrimary, iso9660::Limits(), nullptr));
  return std::move(read.tree);
}

int64_t HeapInUse() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<int64_t>(info.uordblks + info.hblkhd);
}

void ParseTree(benchmark::State& state, const std::string& image) {
  int64_t entries = 0;
  double bytes = 0;
  for (auto _ : state) {
    const int64_t before = HeapInUse();
    const absl::StatusOr<FileTree> tree = Parse(image);
    if (!tree.ok()) return state.SkipWithError(tree.status().ToString().c_str());
    entries += tree->entry_count();
    bytes = static_cast<double>(HeapInUse() - before) / static_cast<double>(tree->entry_count());
  }
  state.SetItemsProcessed(entries);
  state.counters["bytes_an_entry"] = bytes;
}

// Seconds of the model, and beside them what the directories' streaming and three seeks take.
void ModelledImport(benchmark::State& state, const std::string& image, const std::string& folder) {
  static int stores = 0;
  const double speed = static_cast<double>(state.range(0));
  auto drives = ModelledDrives::Open(absl::StrCat(folder, "/drives", ++stores),
                                     {{.image = image, .speed = speed}});
  if (!drives.ok()) return state.SkipWithError(drives.status().ToString().c_str());
  const absl::StatusOr<int64_t> area = DirectoryAreaBytes(image);
  if (!area.ok()) return state.SkipWithError(area.status().ToString().c_str());
  for (auto _ : state) {
    const absl::StatusOr<ImportResult> result = (*drives)->Import(0);
    if (!result.ok()) return state.SkipWithError(result.status().ToString().c_str());
    state.SetIterationTime(absl::ToDoubleSeconds(result->took));
    state.counters["entries"] = static_cast<double>(result->tree.entry_count());
    state.counters["reads"] = static_cast<double>(result->requests);
  }
  state.counters["bound_seconds"] = static_cast<double>(*area) / (speed * kModelledBytesPerSecond) +
                                    absl::ToDoubleSeconds(3 * kModelledSeek);
  state.counters["facts_seconds"] = absl::ToDoubleSeconds((*drives)->time_of_facts(0));
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc != 3) {
    std::cerr << "usage: import_bench [--benchmark_...] IMAGE FOLDER\n";
    return 2;
  }
  const std::string image = argv[1];
  benchmark::RegisterBenchmark("ParseTree", ParseTree, image)->Unit(benchmark::kMillisecond);
  for (const int speed : {1, 4}) {
    benchmark::RegisterBenchmark("ModelledImport", ModelledImport, image, std::string(argv[2]))
        ->Arg(speed)
        ->UseManualTime()
        ->Iterations(1)
        ->Unit(benchmark::kMillisecond);
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace carousel::bench

int main(int argc, char** argv) { return carousel::bench::Main(argc, argv); }
