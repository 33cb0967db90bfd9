// The errors of mastering that more than one of its parts makes.
#ifndef SERVER_MASTERING_ERRORS_H_
#define SERVER_MASTERING_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/image/file_tree.h"
#include "server/imapi/hresult.h"

namespace carousel::mastering {

// An error about the entry `id`, with metadata path.
absl::Status EntryError(imapi::Hresult hresult, const FileTree& tree, FileTree::Id id,
                        absl::string_view message);

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_ERRORS_H_
