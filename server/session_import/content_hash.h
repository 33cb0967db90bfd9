// Reads the files of a disc whose digests no manifest tells: what other programs have written.
#ifndef SERVER_SESSION_IMPORT_CONTENT_HASH_H_
#define SERVER_SESSION_IMPORT_CONTENT_HASH_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/fs/block_reader.h"
#include "server/image/file_tree.h"
#include "server/mastering/known_contents.h"
#include "server/mastering/manifest.h"

namespace carousel::session_import {

// The digests of the files in `tree` that `known`, which may be null, does not have; in the order
// of the disc, each place read once. One that cannot be read is left out, and `warnings` tell.
// Calls `on_file` before each file that is read; false ends with E_IMAPI_REQUEST_CANCELLED. Blocks
// for as long as the disc takes: all its bytes, if no manifest is on it. Codes of BlockReader::Read
// but IMAPI_E_IMPORT_READ_FAILURE.
absl::StatusOr<std::vector<mastering::Manifest::File>> HashUnknownFiles(
    BlockReader& disc, const FileTree& tree, const mastering::KnownContents* known,
    absl::FunctionRef<bool(absl::string_view path)> on_file, std::vector<std::string>& warnings);

}  // namespace carousel::session_import

#endif  // SERVER_SESSION_IMPORT_CONTENT_HASH_H_
