// Contents of the suite's discs: the smallest volumes that a reader takes, made for the address
// where they will lie.
#ifndef TESTS_CONFORMANCE_CONTENTS_H_
#define TESTS_CONFORMANCE_CONTENTS_H_

#include <cstdint>
#include <vector>

#include "hal/base/types.h"

namespace carousel::conformance {

// An ISO 9660 volume of `size` sectors at `start`: descriptors, path table, a root directory with
// one file. `size` is at least 32.
std::vector<uint8_t> MakeIsoVolume(Lba start, Sectors size);

// What shows that a volume is UDF: the volume recognition sequence at 16 and an anchor at 256. No
// file system behind it. `size` is more than 256.
std::vector<uint8_t> MakeUdfVolume(Lba start, Sectors size);

}  // namespace carousel::conformance

#endif  // TESTS_CONFORMANCE_CONTENTS_H_
