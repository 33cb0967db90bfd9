// Where the data of a file lie on the disc: the extents that its directory records describe, with
// extended attribute records, interleaving and several sections (ECMA-119 clause 6.4).
#ifndef SERVER_FS_ISO9660_FILE_SECTIONS_H_
#define SERVER_FS_ISO9660_FILE_SECTIONS_H_

#include <vector>

#include "absl/status/status.h"
#include "hal/base/types.h"
#include "server/fs/iso9660/directory_record.h"
#include "server/image/file_tree.h"

namespace carousel::iso9660 {

// Appends the extents of the section that `record`, read from the sector `at`, describes. A section
// without bytes has none, wherever its record points. As imapi::MakeError:
// IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR (outside [0, end), interleaved in more than 65,536
// parts).
absl::Status AppendExtents(const DirectoryRecord& record, Lba at, Lba end,
                           std::vector<Extent>& extents);

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_FILE_SECTIONS_H_
