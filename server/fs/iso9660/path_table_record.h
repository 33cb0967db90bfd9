// One record of a path table (ECMA-119 clause 9.4): where a directory lies, its name and its
// parent.
#ifndef SERVER_FS_ISO9660_PATH_TABLE_RECORD_H_
#define SERVER_FS_ISO9660_PATH_TABLE_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "hal/base/byte_order.h"

namespace carousel::iso9660::path_table {

// Offsets of the fields, from 0; the identifier is padded to an even length.
inline constexpr size_t kAttributeLength = 1;
inline constexpr size_t kExtent = 2;
inline constexpr size_t kParent = 6;
inline constexpr size_t kIdentifier = 8;

// Directories are numbered from 1 in 16 bits: no directory beyond this one can be a parent.
inline constexpr size_t kMaxParent = 0xFFFF;

constexpr size_t RecordBytes(size_t identifier_bytes) {
  return kIdentifier + identifier_bytes + identifier_bytes % 2;
}

// Appends a record of a table in little-endian (type L) or big-endian (type M) order. `identifier`
// has 1 to 255 bytes.
inline void AppendRecord(absl::string_view identifier, uint32_t extent, uint16_t parent,
                         bool big_endian, std::vector<uint8_t>& out) {
  const size_t begin = out.size();
  out.resize(begin + RecordBytes(identifier.size()));
  uint8_t* p = out.data() + begin;
  p[0] = static_cast<uint8_t>(identifier.size());
  if (big_endian) {
    StoreBe32(p + kExtent, extent);
    StoreBe16(p + kParent, parent);
  } else {
    StoreLe32(p + kExtent, extent);
    StoreLe16(p + kParent, parent);
  }
  for (size_t i = 0; i < identifier.size(); ++i)
    p[kIdentifier + i] = static_cast<uint8_t>(identifier[i]);
}

}  // namespace carousel::iso9660::path_table

#endif  // SERVER_FS_ISO9660_PATH_TABLE_RECORD_H_
