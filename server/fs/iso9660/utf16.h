// Joliet's UCS-2, big-endian (its writers put UTF-16 there), as UTF-8.
#ifndef SERVER_FS_ISO9660_UTF16_H_
#define SERVER_FS_ISO9660_UTF16_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"

namespace carousel::iso9660 {

// Appends `units` to `out`. A surrogate without its partner is kept as three bytes of its own, so
// that different names stay different. An odd last byte is ignored.
void AppendUtf8(absl::Span<const uint8_t> units, std::string& out);

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_UTF16_H_
