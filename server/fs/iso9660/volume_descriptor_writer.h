// Writes the volume descriptors of a session (ECMA-119 clause 8): primary, Joliet's supplementary
// one, and the terminator.
#ifndef SERVER_FS_ISO9660_VOLUME_DESCRIPTOR_WRITER_H_
#define SERVER_FS_ISO9660_VOLUME_DESCRIPTOR_WRITER_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/base/types.h"

namespace carousel::iso9660 {

struct NewVolume {
  std::string volume_name;  // UTF-8; what a descriptor does not have becomes '_'
  Sectors volume_space;     // as it is to be recorded: of the session, or of all of a disc
  Lba root;
  int64_t root_bytes = 0;
  int64_t root_time = 0;  // as all times: hundredths of a second since the Unix epoch
  Lba path_table_l;
  Lba path_table_m;
  int64_t path_table_bytes = 0;
  int64_t creation_time = 0;
};

// Each fills `sector`, 2048 bytes.
void WritePrimaryVolume(const NewVolume& volume, absl::Span<uint8_t> sector);
void WriteJolietVolume(const NewVolume& volume, absl::Span<uint8_t> sector);
void WriteTerminator(absl::Span<uint8_t> sector);

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_VOLUME_DESCRIPTOR_WRITER_H_
