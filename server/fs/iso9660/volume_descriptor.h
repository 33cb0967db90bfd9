// Decodes one volume descriptor of ECMA-119 clause 8: a block of 2048 bytes that says where a tree
// begins. Reads nothing from a disc by itself.
#ifndef SERVER_FS_ISO9660_VOLUME_DESCRIPTOR_H_
#define SERVER_FS_ISO9660_VOLUME_DESCRIPTOR_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"

namespace carousel::iso9660 {

// Descriptors of a session begin at this sector of it (clause 6.2.1).
inline constexpr Sectors kSystemArea{16};

// Volume descriptor types (clause 8.1.1).
enum class DescriptorType : uint8_t {
  kNone,  // not a descriptor of this standard
  kBoot,
  kPrimary,
  kSupplementary,  // of Joliet if `joliet_level` is not 0; else an enhanced or foreign one
  kPartition,
  kTerminator,
  kUnknown,
};

// One volume descriptor's view.
struct Volume {
  std::string volume_name;  // UTF-8, trailing blanks removed
  Lba root;
  int64_t root_bytes = 0;
  Lba path_table;  // L table
  int64_t path_table_bytes = 0;
  Sectors volume_space;  // relative to the session in appended sessions: never a bound
};

// The kind of `sector`, whatever else is in it.
DescriptorType TypeOf(absl::Span<const uint8_t> sector);

// The Joliet level of a supplementary descriptor, 1 to 3, by its escape sequence (%/@, %/C, %/E)
// and its version; 0 for every other.
int JolietLevelOf(absl::Span<const uint8_t> sector);

// Decodes the primary or supplementary descriptor that was read from sector `at` (for messages) of
// a disc that can be read up to `end`. Fields kept
// in both byte orders must agree, or only one of them make sense.
// INVALID_ARGUMENT: of another type, or too short. As imapi::MakeError:
// IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR (the root lies outside [0, end), halves of a field
// differ), IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED (logical blocks of other than 2048 bytes).
absl::StatusOr<Volume> DecodeVolume(absl::Span<const uint8_t> sector, Lba at, Lba end);

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_VOLUME_DESCRIPTOR_H_
