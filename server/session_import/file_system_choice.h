// Which of a session's file systems an import reads. Asks no device.
#ifndef SERVER_SESSION_IMPORT_FILE_SYSTEM_CHOICE_H_
#define SERVER_SESSION_IMPORT_FILE_SYSTEM_CHOICE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/fs/iso9660/reader.h"
#include "server/image/file_system.h"

namespace carousel {

// Which tree is read when the request names none: the one that loses nothing, or IMAPI's documented
// order (UDF, Joliet, ISO 9660).
enum class ImportPreference : uint8_t { kComplete, kImapi };

// Which of those found an import takes. kNone if there is none.
// kComplete: the primary tree if it has Rock Ridge, else Joliet, which keeps more of a name, else
// the primary tree, else UDF.
FileSystem DefaultFileSystem(bool iso9660, bool joliet, bool udf, bool rock_ridge,
                             ImportPreference preference);

// The file system to read of those in `found`: `requested`, or by `preference` if that is kNone.
// IMAPI_E_NO_SUPPORTED_FILE_SYSTEM: there is none. IMAPI_E_FILE_SYSTEM_NOT_FOUND: the requested one
// is not there. IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED: it is UDF, which is not imported.
absl::StatusOr<FileSystem> ChooseFileSystem(const iso9660::Identification& found,
                                            FileSystem requested, ImportPreference preference);

// "ISO9660", "JOLIET", "UDF", "NONE".
absl::string_view FileSystemName(FileSystem file_system);

}  // namespace carousel

#endif  // SERVER_SESSION_IMPORT_FILE_SYSTEM_CHOICE_H_
