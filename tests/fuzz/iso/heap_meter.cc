#include "tests/fuzz/iso/heap_meter.h"

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace carousel::fuzz {
namespace {

int64_t in_use = 0;
int64_t peak = 0;

void* Allocate(size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  in_use += static_cast<int64_t>(malloc_usable_size(memory));
  if (in_use > peak) peak = in_use;
  return memory;
}

void Free(void* memory) {
  if (memory == nullptr) return;
  in_use -= static_cast<int64_t>(malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

int64_t HeapInUse() { return in_use; }
int64_t HeapPeak() { return peak; }
void ResetHeapPeak() { peak = in_use; }

}  // namespace carousel::fuzz

void* operator new(size_t size) { return carousel::fuzz::Allocate(size); }
void* operator new[](size_t size) { return carousel::fuzz::Allocate(size); }
void operator delete(void* memory) noexcept { carousel::fuzz::Free(memory); }
void operator delete[](void* memory) noexcept { carousel::fuzz::Free(memory); }
void operator delete(void* memory, size_t) noexcept { carousel::fuzz::Free(memory); }
void operator delete[](void* memory, size_t) noexcept { carousel::fuzz::Free(memory); }
