// The errors of the ISO 9660 reader, one constructor each.
#ifndef SERVER_FS_ISO9660_ERRORS_H_
#define SERVER_FS_ISO9660_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hal/base/types.h"

namespace carousel::iso9660 {

// IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR: what the sector `block` says cannot be.
absl::Status InconsistentError(absl::string_view message, Lba block);

// IMAPI_E_INVALID_PATH with cause disc: a name that no path can hold.
absl::Status InvalidNameError(absl::string_view name, Lba block);

// IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED.
absl::Status NotSupportedError(absl::string_view message, Lba block);

// E_IMAPI_REQUEST_CANCELLED.
absl::Status CancelledError();

// E_OUTOFMEMORY with limit `limit`.
absl::Status LimitError(absl::string_view limit, int64_t value);

// What a BlockReader's failure at `block` is for the caller: DATA_LOSS is
// IMAPI_E_IMPORT_READ_FAILURE, CANCELLED is E_IMAPI_REQUEST_CANCELLED, OUT_OF_RANGE an
// inconsistency; everything else stays as it is.
absl::Status FromRead(const absl::Status& status, Lba block);

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_ERRORS_H_
