// What a million entries cost on the heap, counted at the allocator.
#include <malloc.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/image/file_tree.h"

namespace {

// One thread allocates here.
int64_t in_use = 0;
int64_t peak = 0;

void* CountedAllocate(size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  in_use += static_cast<int64_t>(malloc_usable_size(memory));
  if (in_use > peak) peak = in_use;
  return memory;
}

void CountedFree(void* memory) {
  if (memory == nullptr) return;
  in_use -= static_cast<int64_t>(malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

void* operator new(size_t size) { return CountedAllocate(size); }
void* operator new[](size_t size) { return CountedAllocate(size); }
void operator delete(void* memory) noexcept { CountedFree(memory); }
void operator delete[](void* memory) noexcept { CountedFree(memory); }
void operator delete(void* memory, size_t) noexcept { CountedFree(memory); }
void operator delete[](void* memory, size_t) noexcept { CountedFree(memory); }

namespace carousel {
namespace {

constexpr int kDirectories = 27'000;
constexpr int kFilesEach = 37;
constexpr int64_t kBytesAnEntry = 120;

// Names of 20 to 30 bytes, 37 a directory, as archives have them.
void Fill(FileTree& tree) {
  EntryData file = {.posix = PosixAttributes{.mode = 0644, .uid = 1000, .gid = 1000}};
  for (int d = 0; d < kDirectories; ++d) {
    ASSERT_OK_AND_ASSIGN(const FileTree::Id directory,
                         tree.Add(FileTree::kRoot, absl::StrFormat("project-%07d-of-archive", d),
                                  {.type = EntryType::kDirectory}));
    for (int f = 0; f < kFilesEach; ++f) {
      file.bytes = f * 100;
      file.posix->inode = static_cast<uint64_t>(d) * kFilesEach + f + 1;
      file.extents = {{Lba(int64_t{d} * kFilesEach + f), file.bytes}};
      ASSERT_OK(tree.Add(directory, absl::StrFormat("measurement-%03d-%05d.dat", f, d), file));
    }
  }
}

TEST(FileTreeMemory, AMillionEntriesTakeAtMost120BytesEachEvenWhileTheyAreAdded) {
  const int64_t before = in_use;
  peak = in_use;
  FileTree tree;
  Fill(tree);
  ASSERT_GT(tree.entry_count(), 1'000'000);
  tree.Finish();
  const int64_t after = in_use - before;
  const int64_t most = peak - before;
  RecordProperty("bytes_an_entry", absl::StrCat(after / tree.entry_count()));
  EXPECT_LE(after, kBytesAnEntry * tree.entry_count());
  EXPECT_LE(most, kBytesAnEntry * tree.entry_count());
  // The tree's own count tells the truth within a tenth.
  EXPECT_NEAR(static_cast<double>(tree.MemoryUse()), static_cast<double>(after), 0.1 * after);
  printf("%.1f bytes an entry, %.1f at most\n", 1.0 * after / tree.entry_count(),
         1.0 * most / tree.entry_count());
}

}  // namespace
}  // namespace carousel
