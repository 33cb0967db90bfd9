// Names of files and directories as their records have them: without Rock Ridge, in the primary
// tree's characters or in Joliet's.
#ifndef SERVER_FS_ISO9660_IDENTIFIER_H_
#define SERVER_FS_ISO9660_IDENTIFIER_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace carousel::iso9660 {

// A file's name without its version (";1") and without the "." that ends a name that has no
// extension; a directory's as it is. The bytes of `identifier`, which must outlive the view.
absl::string_view PrimaryName(absl::Span<const uint8_t> identifier, bool is_directory);

// The same in UTF-8, a view of `storage`. A "." at the end stays: Joliet needs none (clause 3.4).
absl::string_view JolietName(absl::Span<const uint8_t> identifier, bool is_directory,
                             std::string& storage);

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_IDENTIFIER_H_
