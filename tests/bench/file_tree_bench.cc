// What a tree of a million entries costs: bytes an entry, and the look-up of a path.
#include <malloc.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "benchmark/benchmark.h"
#include "server/image/file_tree.h"

namespace carousel::bench {
namespace {

constexpr int kDirectories = 27'000;
constexpr int kFilesEach = 37;
constexpr int kPaths = 100'000;

int64_t HeapInUse() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<int64_t>(info.uordblks + info.hblkhd);
}

struct Archive {
  FileTree tree;
  double bytes_an_entry = 0;
  std::vector<std::string> paths;
};

FileTree::Id Directory(FileTree& tree, FileTree::Id parent, const std::string& name) {
  const absl::StatusOr<FileTree::Id> added =
      tree.Add(parent, name, {.type = EntryType::kDirectory});
  return added.ok() ? *added : FileTree::kRoot;
}

// Three directories deep: year, day, project.
Archive MakeArchive() {
  Archive archive;
  const int64_t before = HeapInUse();
  FileTree::Id year = FileTree::kRoot;
  FileTree::Id day = FileTree::kRoot;
  std::vector<FileTree::Id> files;
  for (int d = 0; d < kDirectories; ++d) {
    if (d % 3000 == 0) {
      year = Directory(archive.tree, FileTree::kRoot, absl::StrFormat("%04d", 1990 + d / 3000));
    }
    if (d % 10 == 0) day = Directory(archive.tree, year, absl::StrFormat("%05d", d / 10));
    const FileTree::Id project =
        Directory(archive.tree, day, absl::StrFormat("project-%07d-of-archive", d));
    for (int f = 0; f < kFilesEach; ++f) {
      const EntryData data = {.bytes = f * 100,
                              .posix = PosixAttributes{.mode = 0644, .uid = 1000, .gid = 1000},
                              .extents = {{Lba(int64_t{d} * kFilesEach + f), f * 100}}};
      const absl::StatusOr<FileTree::Id> file =
          archive.tree.Add(project, absl::StrFormat("measurement-%03d-%05d.dat", f, d), data);
      if (file.ok()) files.push_back(*file);
    }
  }
  archive.tree.Finish();
  archive.bytes_an_entry =
      static_cast<double>(HeapInUse() - before -
                          static_cast<int64_t>(files.capacity() * sizeof(FileTree::Id))) /
      static_cast<double>(archive.tree.entry_count());
  std::mt19937 random(1);
  for (int i = 0; i < kPaths; ++i) {
    archive.paths.push_back(archive.tree.Path(files[random() % files.size()]));
  }
  return archive;
}

void LookUp(benchmark::State& state) {
  static const Archive* const archive = new Archive(MakeArchive());
  size_t next = 0;
  for (auto _ : state) {
    const absl::StatusOr<FileTree::Id> found = archive->tree.Find(archive->paths[next]);
    if (!found.ok()) return state.SkipWithError(found.status().ToString().c_str());
    benchmark::DoNotOptimize(*found);
    next = next + 1 == archive->paths.size() ? 0 : next + 1;
  }
  state.counters["entries"] = static_cast<double>(archive->tree.entry_count());
  state.counters["bytes_an_entry"] = archive->bytes_an_entry;
}
BENCHMARK(LookUp);

}  // namespace
}  // namespace carousel::bench
