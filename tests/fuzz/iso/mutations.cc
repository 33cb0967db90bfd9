#include "tests/fuzz/iso/mutations.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "hal/base/byte_order.h"
#include "hal/base/types.h"

namespace carousel::fuzz {
namespace {

constexpr size_t kSector = kSectorSize;

struct Job {
  const IsoMap& map;
  Chance& chance;
  Mutant& mutant;

  std::vector<uint8_t>& image() { return mutant.image; }
  // The byte at `at`; one that nobody reads where an earlier step made the image shorter.
  uint8_t& Byte(size_t at) { return at < image().size() ? image()[at] : nowhere; }
  uint64_t sectors() { return image().size() / kSector; }

  uint8_t nowhere = 0;
};

void Store(Job& job, size_t at, uint32_t value, bool little, bool big) {
  for (int i = 0; i < 4; ++i) {
    if (little) job.Byte(at + i) = static_cast<uint8_t>(value >> (8 * i));
    if (big) job.Byte(at + 4 + i) = static_cast<uint8_t>(value >> (24 - 8 * i));
  }
}

// A field in both byte orders: both halves, or only one.
void StoreBoth(Job& job, size_t at, uint32_t value) {
  const uint64_t kind = job.chance.Below(6);
  Store(job, at, value, kind != 0, kind != 1);
}

uint32_t Load(Job& job, size_t at) {
  return at + 4 <= job.image().size() ? LoadLe32(&job.image()[at]) : 0;
}

// An address: of a directory, of something near the end, or any number.
uint32_t Address(Job& job) {
  switch (job.chance.Below(4)) {
    case 0:
      return static_cast<uint32_t>(job.chance.Of(job.map.directories) / kSector);
    case 1:
      return static_cast<uint32_t>(job.sectors() + job.chance.Below(4) - 2);
    case 2:
      return static_cast<uint32_t>(job.chance.Below(job.sectors()));
    default:
      return static_cast<uint32_t>(job.chance.Interesting(32));
  }
}

uint32_t Length(Job& job) {
  if (job.chance.OneIn(2)) return static_cast<uint32_t>(kSector * (job.chance.Below(40)));
  return static_cast<uint32_t>(job.chance.Interesting(32));
}

// Offset of a random system use entry with this signature; 0 if there is none.
size_t EntryOf(Job& job, absl::string_view signature) {
  std::vector<size_t> found;
  for (const size_t at : job.map.entries) {
    if (job.Byte(at) == static_cast<uint8_t>(signature[0]) &&
        job.Byte(at + 1) == static_cast<uint8_t>(signature[1]))
      found.push_back(at);
  }
  return found.empty() ? 0 : job.chance.Of(found);
}

void FlipBits(Job& job) {
  const size_t at = job.chance.Below(job.image().size());
  for (uint64_t i = 0; i <= job.chance.Below(8); ++i)
    job.Byte(at + job.chance.Below(64)) ^= static_cast<uint8_t>(1 << job.chance.Below(8));
}

void FlipInDirectory(Job& job) {
  const size_t directory = job.chance.Of(job.map.directories);
  const size_t at = directory + job.chance.Below(kSector);
  job.Byte(at) = static_cast<uint8_t>(job.chance.Interesting(8));
}

void ChangeDescriptor(Job& job) {
  const size_t at = job.chance.Of(job.map.descriptors);
  // Volume space size, set size, sequence, block size, path table, root, escapes, type, version.
  static constexpr std::array<size_t, 14> kFields = {80,  120, 124, 128, 132, 140, 144,
                                                     148, 156, 158, 166, 88,  0,   6};
  const size_t field = kFields[job.chance.Below(kFields.size())];
  if (field == 158 || field == 166) {
    StoreBoth(job, at + field, field == 158 ? Address(job) : Length(job));
  } else if (field >= 80 && field != 88 && field != 156) {
    StoreBoth(job, at + field, static_cast<uint32_t>(job.chance.Interesting(32)));
  } else {
    job.Byte(at + field) = static_cast<uint8_t>(job.chance.Interesting(8));
  }
}

void ChangeRecordByte(Job& job) {
  const size_t at = job.chance.Of(job.map.records);
  // Length, attribute sectors, flags, unit, gap, length of the name, and the first of the name.
  static constexpr std::array<size_t, 8> kFields = {0, 1, 25, 26, 27, 32, 33, 34};
  job.Byte(at + kFields[job.chance.Below(kFields.size())]) =
      static_cast<uint8_t>(job.chance.Interesting(8));
}

void ChangeRecordExtent(Job& job) {
  const size_t at = job.chance.Of(job.map.records);
  StoreBoth(job, at + 2, Address(job));
}

void ChangeRecordLength(Job& job) {
  const size_t at = job.chance.Of(job.map.records);
  StoreBoth(job, at + 10, Length(job));
}

// A record becomes a directory that lies where another does: loops, shared and foreign ones.
void TieDirectories(Job& job) {
  const size_t at = job.chance.Of(job.map.records);
  const size_t other = job.chance.Of(job.map.directories);
  job.Byte(at + 25) |= 2;
  Store(job, at + 2, static_cast<uint32_t>(other / kSector), true, true);
  if (!job.chance.OneIn(4)) Store(job, at + 10, Load(job, other + 10), true, true);
}

// Many records become one directory: a small disc that pretends to be large.
void MultiplyDirectory(Job& job) {
  const size_t other = job.chance.Of(job.map.directories);
  const size_t first = job.chance.Below(job.map.records.size());
  const size_t last = std::min(first + 10 + job.chance.Below(60), job.map.records.size());
  for (size_t i = first; i < last; ++i) {
    const size_t at = job.map.records[i];
    job.Byte(at + 25) |= 2;
    Store(job, at + 2, static_cast<uint32_t>(other / kSector), true, true);
    Store(job, at + 10, Load(job, other + 10), true, true);
  }
}

void TightenLimits(Job& job) {
  iso9660::Limits& limits = job.mutant.limits;
  switch (job.chance.Below(4)) {
    case 0:
      limits.max_entries = static_cast<int64_t>(job.chance.Below(100));
      break;
    case 1:
      limits.max_directory_bytes = static_cast<int64_t>(job.chance.Below(4) * kSector);
      break;
    case 2:
      limits.max_memory_bytes = static_cast<int64_t>(job.chance.Below(40'000));
      break;
    default:
      limits.max_depth = static_cast<int>(job.chance.Below(6));
  }
}

void Interleave(Job& job) {
  const size_t at = job.chance.Of(job.map.records);
  job.Byte(at + 26) = static_cast<uint8_t>(job.chance.Interesting(8));
  job.Byte(at + 27) = static_cast<uint8_t>(job.chance.Interesting(8));
  if (job.chance.OneIn(2)) StoreBoth(job, at + 10, Length(job));
}

void PutName(Job& job, size_t at, size_t room) {
  static constexpr absl::string_view kNames[] = {absl::string_view("..", 2),
                                                 absl::string_view(".", 1),
                                                 absl::string_view("a/b", 3),
                                                 absl::string_view("/", 1),
                                                 absl::string_view("x\0y", 3),
                                                 absl::string_view("\0", 1),
                                                 absl::string_view("../../etc", 9),
                                                 absl::string_view("\0/", 2),
                                                 absl::string_view("\xD8\x00\xD8\x00", 4),
                                                 absl::string_view("\x00.\x00.", 4),
                                                 absl::string_view("\xFF\xFE", 2)};
  const absl::string_view name = kNames[job.chance.Below(std::size(kNames))];
  for (size_t i = 0; i < std::min(name.size(), room); ++i)
    job.Byte(at + i) = static_cast<uint8_t>(name[i]);
}

void NameRecord(Job& job) {
  const size_t at = job.chance.Of(job.map.records);
  const size_t length = job.Byte(at + 32);
  PutName(job, at + 33, length);
  if (job.chance.OneIn(3)) job.Byte(at + 32) = static_cast<uint8_t>(job.chance.Below(length + 4));
}

// Two records of one directory, or of two, get the same contents.
void CopyRecord(Job& job) {
  const size_t from = job.chance.Of(job.map.records);
  const size_t to = job.chance.Of(job.map.records);
  const size_t bytes = std::min<size_t>(job.Byte(from), job.Byte(to));
  for (size_t i = 0; i < bytes; ++i) job.Byte(to + i) = job.Byte(from + i);
  job.Byte(to) = static_cast<uint8_t>(bytes);
}

void ChangeEntryByte(Job& job) {
  if (job.map.entries.empty()) return FlipBits(job);
  const size_t at = job.chance.Of(job.map.entries);
  job.Byte(at + job.chance.Below(8)) = static_cast<uint8_t>(job.chance.Interesting(8));
}

void RenameEntry(Job& job) {
  static constexpr absl::string_view kSignatures[] = {"CE", "CL", "NM", "PL", "PN", "PX",
                                                      "RE", "RR", "SF", "SL", "SP", "ST",
                                                      "TF", "ZF", "ER", "ES"};
  if (job.map.entries.empty()) return FlipBits(job);
  const size_t at = job.chance.Of(job.map.entries);
  const absl::string_view signature = kSignatures[job.chance.Below(std::size(kSignatures))];
  job.Byte(at) = static_cast<uint8_t>(signature[0]);
  job.Byte(at + 1) = static_cast<uint8_t>(signature[1]);
}

void NameEntry(Job& job) {
  const size_t at = EntryOf(job, "NM");
  if (at == 0) return NameRecord(job);
  if (job.chance.OneIn(3)) {
    job.Byte(at + 4) = static_cast<uint8_t>(job.chance.Interesting(8));
  } else {
    PutName(job, at + 5, job.Byte(at + 2) - 5u);
  }
}

void ChangeLink(Job& job) {
  const size_t at = EntryOf(job, "SL");
  if (at == 0) return ChangeEntryByte(job);
  const size_t length = std::max<size_t>(job.Byte(at + 2), 6);
  job.Byte(at + 4 + job.chance.Below(length - 4)) = static_cast<uint8_t>(job.chance.Interesting(8));
  if (job.chance.OneIn(2)) job.Byte(at + 5) = static_cast<uint8_t>(1 << job.chance.Below(5));
}

// A continuation that points at itself, at another's, at its own record, or outside.
void ChangeContinuation(Job& job) {
  size_t at = EntryOf(job, "CE");
  if (at == 0 && !job.map.entries.empty()) {
    // One is made where there is room.
    at = job.chance.Of(job.map.entries);
    std::memcpy(&job.Byte(at), "CE\x1C\x01", at + 4 <= job.image().size() ? 4 : 0);
  }
  if (at == 0) return FlipBits(job);
  const size_t target = job.chance.OneIn(2) ? at : job.chance.Of(job.map.entries);
  switch (job.chance.Below(4)) {
    case 0:
      Store(job, at + 4, static_cast<uint32_t>(target / kSector), true, true);
      Store(job, at + 12, static_cast<uint32_t>(target % kSector), true, true);
      if (job.chance.OneIn(2))
        Store(job, at + 20, static_cast<uint32_t>(28 + job.chance.Below(2020)), true, true);
      break;
    case 1:
      StoreBoth(job, at + 4, Address(job));
      break;
    case 2:
      StoreBoth(job, at + 12, static_cast<uint32_t>(job.chance.Interesting(32)));
      break;
    default:
      StoreBoth(job, at + 20, static_cast<uint32_t>(job.chance.Interesting(17)));
  }
}

void ChangeRelocation(Job& job) {
  size_t at = EntryOf(job, "CL");
  if (at == 0) at = EntryOf(job, "TF");
  if (at == 0) return TieDirectories(job);
  std::memcpy(&job.Byte(at), "CL", at + 2 <= job.image().size() ? 2 : 0);
  StoreBoth(job, at + 4, Address(job));
}

void ChangeMode(Job& job) {
  const size_t at = EntryOf(job, "PX");
  if (at == 0) return ChangeEntryByte(job);
  const uint64_t type = job.chance.Below(16);
  StoreBoth(job, at + 4, static_cast<uint32_t>(type << 12 | job.chance.Below(4096)));
}

void ChangePathTable(Job& job) {
  if (job.map.path_records.empty()) return ChangeDescriptor(job);
  const size_t at = job.chance.Of(job.map.path_records);
  if (job.chance.OneIn(2)) {
    Store(job, at + 2, Address(job), true, false);
  } else {
    job.Byte(at + job.chance.Below(9)) = static_cast<uint8_t>(job.chance.Interesting(8));
  }
}

void CopySector(Job& job) {
  const size_t from = job.chance.OneIn(2) ? job.chance.Of(job.map.directories)
                                          : job.chance.Below(job.sectors()) * kSector;
  const size_t to = job.chance.OneIn(2) ? job.chance.Of(job.map.directories)
                                        : job.chance.Below(job.sectors()) * kSector;
  if (std::max(from, to) + kSector > job.image().size()) return;
  std::memmove(&job.image()[to], &job.image()[from], kSector);
}

void ZeroSector(Job& job) {
  const size_t at = job.chance.Of(job.map.directories);
  if (at + kSector <= job.image().size()) std::memset(&job.image()[at], 0, kSector);
}

void Shorten(Job& job) { job.image().resize(job.chance.Below(job.image().size()) + 1); }

void FailReads(Job& job) {
  const uint64_t first = job.chance.OneIn(2) ? job.chance.Of(job.map.directories) / kSector
                                             : job.chance.Below(job.sectors());
  for (uint64_t i = 0; i <= job.chance.Below(4); ++i)
    job.mutant.unreadable.insert(static_cast<int64_t>(first + i));
}

void Cancel(Job& job) { job.mutant.cancel_after = static_cast<int64_t>(job.chance.Below(12)); }

struct Mutation {
  const char* name;
  void (*apply)(Job&);
  int weight;
};

constexpr Mutation kMutations[] = {
    {"flip bits", FlipBits, 2},
    {"flip in a directory", FlipInDirectory, 4},
    {"change a descriptor", ChangeDescriptor, 3},
    {"change a record", ChangeRecordByte, 5},
    {"change a record's address", ChangeRecordExtent, 4},
    {"change a record's length", ChangeRecordLength, 4},
    {"tie directories", TieDirectories, 6},
    {"multiply a directory", MultiplyDirectory, 3},
    {"tighten limits", TightenLimits, 3},
    {"interleave", Interleave, 3},
    {"name a record", NameRecord, 3},
    {"copy a record", CopyRecord, 3},
    {"change an entry", ChangeEntryByte, 5},
    {"rename an entry", RenameEntry, 3},
    {"name an entry", NameEntry, 3},
    {"change a link", ChangeLink, 4},
    {"change a continuation", ChangeContinuation, 6},
    {"change a relocation", ChangeRelocation, 4},
    {"change a mode", ChangeMode, 2},
    {"change the path table", ChangePathTable, 2},
    {"copy a sector", CopySector, 3},
    {"zero a sector", ZeroSector, 1},
    {"shorten", Shorten, 1},
    {"fail reads", FailReads, 2},
    {"cancel", Cancel, 1},
};

const Mutation& Pick(Chance& chance) {
  int total = 0;
  for (const Mutation& mutation : kMutations) total += mutation.weight;
  int left = static_cast<int>(chance.Below(total));
  for (const Mutation& mutation : kMutations) {
    left -= mutation.weight;
    if (left < 0) return mutation;
  }
  return kMutations[0];
}

}  // namespace

Chance::Chance(uint64_t seed, uint64_t number)
    : engine_(seed * 0x9E3779B97F4A7C15u + number * 0xBF58476D1CE4E5B9u + 1) {}

uint64_t Chance::Interesting(int bits) {
  const uint64_t mask = bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
  switch (Below(5)) {
    case 0:
      return Below(5);
    case 1:
      return (mask - Below(3)) & mask;
    case 2: {
      const uint64_t border = uint64_t{1} << Below(bits);
      return (border + Below(3) - 1) & mask;
    }
    case 3:
      return Below(256) & mask;
    default:
      return engine_() & mask;
  }
}

void Mutate(const IsoMap& map, Chance& chance, Mutant& mutant) {
  const uint64_t steps = 1 + chance.Below(4);
  Job job{map, chance, mutant};
  for (uint64_t i = 0; i < steps; ++i) {
    const Mutation& mutation = Pick(chance);
    mutant.steps.push_back(mutation.name);
    mutation.apply(job);
  }
}

}  // namespace carousel::fuzz
