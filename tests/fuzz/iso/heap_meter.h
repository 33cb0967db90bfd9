// What a program has on the heap, counted at operator new, with the most it ever was. Linking the
// library replaces operator new and delete. For programs that allocate on one thread.
#ifndef TESTS_FUZZ_ISO_HEAP_METER_H_
#define TESTS_FUZZ_ISO_HEAP_METER_H_

#include <cstdint>

namespace carousel::fuzz {

// Bytes in use now.
int64_t HeapInUse();

// The most that was in use since ResetHeapPeak.
int64_t HeapPeak();
void ResetHeapPeak();

}  // namespace carousel::fuzz

#endif  // TESTS_FUZZ_ISO_HEAP_METER_H_
