// What an earlier process left in the spool's folder.
#ifndef SERVER_SPOOL_LOAD_SPOOL_H_
#define SERVER_SPOOL_LOAD_SPOOL_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/spool/spool_folder.h"
#include "server/spool/spool_index.h"

namespace carousel {

// Reads the folder and removes what is half done: uploads without a record or bytes, references
// without their content, contents without a reference, records that are none. Files whose names the
// spool does not make are left alone. Uploads count as written `now`. Blocks for the disk. The
// codes of ErrnoStatus: what cannot be read is not taken for half done.
absl::StatusOr<SpoolIndex> LoadSpool(const SpoolFolder& folder, absl::Time now,
                                     WorkerPool* hashers);

}  // namespace carousel

#endif  // SERVER_SPOOL_LOAD_SPOOL_H_
