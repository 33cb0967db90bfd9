// The names that the records of one directory get: what ISO 9660's levels or Joliet allow of each
// entry's own name, unique among them.
#ifndef SERVER_FS_ISO9660_NEW_IDENTIFIERS_H_
#define SERVER_FS_ISO9660_NEW_IDENTIFIERS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace carousel::iso9660 {

// An entry as the tree has it.
struct EntryName {
  absl::string_view name;  // UTF-8, or any bytes
  bool is_directory = false;
};

// Both return the identifiers in the order of `entries`, without version numbers. Of several names
// that become one the first keeps it, the others get digits at their end; so the same entries get
// the same identifiers. IMAPI_E_NO_UNIQUE_NAME as imapi::MakeError: more alike than digits can tell
// apart.

// Of the primary tree: capitals, digits and '_' (ECMA-119 clause 7.4.1), 8 and 3 of them at level 1
// (10.1), 30 in all of a file's name and 31 of a directory's at levels 2 and 3. A file's has a '.',
// always.
absl::StatusOr<std::vector<std::string>> PrimaryIdentifiers(absl::Span<const EntryName> entries,
                                                            int level);

// Of Joliet's tree: UCS-2, big-endian, at most `max_characters` of it, with '_' for what Joliet
// forbids (clause 3.4) and what UCS-2 does not have. A name that is cut ends with no dot or blank.
absl::StatusOr<std::vector<std::string>> JolietIdentifiers(absl::Span<const EntryName> entries,
                                                           int max_characters);

// What follows a file's identifier in the primary tree (ECMA-119 clause 7.5.1). Joliet's files have
// no version numbers: no other writer puts them there, and isoinfo shows them.
inline constexpr absl::string_view kFirstVersion = ";1";

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_NEW_IDENTIFIERS_H_
