// One directory record (ECMA-119 clause 9.1): views into a sector, checked to lie inside it; and
// the writing of one.
#ifndef SERVER_FS_ISO9660_DIRECTORY_RECORD_H_
#define SERVER_FS_ISO9660_DIRECTORY_RECORD_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"

namespace carousel::iso9660 {

// File flags (clause 9.1.6).
inline constexpr uint8_t kDirectoryFlag = 0x02;
inline constexpr uint8_t kAssociatedFlag = 0x04;
inline constexpr uint8_t kMultiExtentFlag = 0x80;  // not the last section of the file

// Identifiers of one byte that name the directory itself and its parent (clause 7.6.2).
inline constexpr uint8_t kSelf = 0;
inline constexpr uint8_t kParent = 1;

struct DirectoryRecord {
  uint8_t attribute_sectors = 0;  // of the extended attribute record before the data
  uint32_t extent = 0;            // as recorded; the attribute record lies there
  uint32_t bytes = 0;
  const uint8_t* time = nullptr;  // 7 bytes
  uint8_t flags = 0;
  uint8_t unit = 0;  // interleaved: sectors of data, then `gap` sectors of something else
  uint8_t gap = 0;
  absl::Span<const uint8_t> identifier;
  absl::Span<const uint8_t> system_use;
  bool halves_differ = false;  // of the address or the length; the sane half was taken

  bool is_directory() const { return (flags & kDirectoryFlag) != 0; }
  bool is(uint8_t special) const { return identifier.size() == 1 && identifier[0] == special; }
};

// Decodes the record at the start of `rest`, what is left of the sector `at`, whose first byte (the
// record's length) is not 0. Addresses and lengths are not checked against the disc but where the
// halves of a field differ. As imapi::MakeError: IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR (a
// length that lies, halves that cannot be reconciled).
absl::Status DecodeRecord(absl::Span<const uint8_t> rest, Lba at, Lba end, DirectoryRecord& record);

// A record to be written; what its views point at is the caller's.
struct NewRecord {
  absl::Span<const uint8_t> identifier;  // 1 to 221 bytes
  uint8_t flags = 0;
  uint32_t extent = 0;
  uint32_t bytes = 0;
  int64_t time = 0;  // hundredths of a second since the Unix epoch
  absl::Span<const uint8_t> system_use;
};

// The longest that an even record can be.
inline constexpr size_t kMaxRecordBytes = 254;

// The bytes that a record takes without its system use area: even.
constexpr size_t RecordHeadBytes(size_t identifier_bytes) {
  return 33 + identifier_bytes + (identifier_bytes % 2 == 0 ? 1 : 0);
}

// Appends the record to `out`, at most kMaxRecordBytes.
void AppendRecord(const NewRecord& record, std::vector<uint8_t>& out);

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_DIRECTORY_RECORD_H_
