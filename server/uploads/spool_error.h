// What a client is told of a spool whose disk fails. Not the spool's own refusals, which say
// themselves what is wrong.
#ifndef SERVER_UPLOADS_SPOOL_ERROR_H_
#define SERVER_UPLOADS_SPOOL_ERROR_H_

#include "absl/status/status.h"

namespace carousel {

// An error of a disk (hal/base ErrnoStatus) as IMAPI_E_STASHFILE_WRITE_FAILURE, with metadata
// cause: ENOSPC (RESOURCE_EXHAUSTED), EROFS or EIO (INTERNAL). A status that has a reason stays, OK
// too.
absl::Status SpoolError(const absl::Status& status);

}  // namespace carousel

#endif  // SERVER_UPLOADS_SPOOL_ERROR_H_
