// Where the structures of a good image lie, so that mutations can aim at them. Found by a walk of
// its own that knows nothing of the reader under test.
#ifndef TESTS_FUZZ_ISO_ISO_MAP_H_
#define TESTS_FUZZ_ISO_ISO_MAP_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace carousel::fuzz {

// Offsets of bytes in the image, each list without repetition.
struct IsoMap {
  std::vector<size_t> descriptors;   // volume descriptors with a root
  std::vector<size_t> records;       // directory records, those of directories themselves too
  std::vector<size_t> directories;   // first bytes of directories
  std::vector<size_t> entries;       // of system use, in records and continuation areas
  std::vector<size_t> path_records;  // of the L path tables
};

// `session`: the sector at which the session starts. The image is trusted: one that a program wrote
// and nobody changed.
IsoMap MapImage(const std::vector<uint8_t>& image, int64_t session);

}  // namespace carousel::fuzz

#endif  // TESTS_FUZZ_ISO_ISO_MAP_H_
