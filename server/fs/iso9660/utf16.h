// Joliet's UCS-2, big-endian (its writers put UTF-16 there), as UTF-8, and UTF-8 as UCS-2.
#ifndef SERVER_FS_ISO9660_UTF16_H_
#define SERVER_FS_ISO9660_UTF16_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace carousel::iso9660 {

// Appends `units` to `out`. A surrogate without its partner is kept as three bytes of its own, so
// that different names stay different. An odd last byte is ignored.
void AppendUtf8(absl::Span<const uint8_t> units, std::string& out);

// Appends `text`, UTF-8, to `units` as UCS-2, big-endian. What it does not have - characters beyond
// the basic plane, each byte that is no UTF-8 - becomes '_'; a surrogate of its own that AppendUtf8
// has kept becomes itself again.
void AppendUcs2(absl::string_view text, std::string& units);

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_UTF16_H_
