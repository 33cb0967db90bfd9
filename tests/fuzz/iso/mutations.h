// Changes to an image that know what they change: fields of descriptors, records, system use
// entries and path tables, and the ties between them. From a seed, so that each can be had again.
#ifndef TESTS_FUZZ_ISO_MUTATIONS_H_
#define TESTS_FUZZ_ISO_MUTATIONS_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "server/fs/iso9660/reader.h"
#include "tests/fuzz/iso/iso_map.h"

namespace carousel::fuzz {

// The limits that discs are read with here: far below an import's own, so that they are reached.
inline constexpr iso9660::Limits kFuzzLimits = {.max_entries = 100'000,
                                                .max_directory_bytes = int64_t{4} << 20,
                                                .max_memory_bytes = int64_t{24} << 20,
                                                .max_depth = 96};

// What a mutation works on.
struct Mutant {
  std::vector<uint8_t> image;
  std::set<int64_t> unreadable;  // sectors
  iso9660::Limits limits = kFuzzLimits;
  int64_t cancel_after = -1;       // directories; -1: not at all
  std::vector<std::string> steps;  // what was done, for people
};

// Random choices that are the same on every machine (std's distributions are not). One in each
// expression, for compilers differ in the order of several.
class Chance {
 public:
  Chance(uint64_t seed, uint64_t number);

  uint64_t Below(uint64_t limit) { return limit == 0 ? 0 : engine_() % limit; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  template <typename T>
  const T& Of(const std::vector<T>& items) {
    return items[Below(items.size())];
  }
  // Small, at a border, or anything; `bits` of them.
  uint64_t Interesting(int bits);

 private:
  std::mt19937_64 engine_;
};

// Changes `mutant`, a copy of the image that `map` is of, in one to four places. `map` has at least
// one of each but entries and path records.
void Mutate(const IsoMap& map, Chance& chance, Mutant& mutant);

}  // namespace carousel::fuzz

#endif  // TESTS_FUZZ_ISO_MUTATIONS_H_
