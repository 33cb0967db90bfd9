// Copies an image into a disc's data file and leaves out what is zero, so that an empty or sparse
// image takes no room.
#ifndef HAL_VIRTUAL_ROBOT_SPARSE_COPY_H_
#define HAL_VIRTUAL_ROBOT_SPARSE_COPY_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace carousel::virtual_robot {

// Bytes of a regular file. NOT_FOUND, PERMISSION_DENIED; INVALID_ARGUMENT: not a regular file.
absl::StatusOr<int64_t> FileSize(const std::string& path);

// Copies all of `from` to byte `offset` of the file `to`, which is made if need be. Holes and
// blocks of zeros are not written. RESOURCE_EXHAUSTED: no space left; the codes of ErrnoStatus.
absl::Status SparseCopy(const std::string& from, const std::string& to, int64_t offset);

// Makes `path` (an empty file if it does not exist) `size` bytes long, sparse, and syncs it.
absl::Status FinishSparseFile(const std::string& path, int64_t size);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_SPARSE_COPY_H_
