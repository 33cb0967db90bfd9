#include "server/mastering/errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/imapi/error.h"

namespace carousel::mastering {

absl::Status EntryError(imapi::Hresult hresult, const FileTree& tree, FileTree::Id id,
                        absl::string_view message) {
  const std::string path = tree.Path(id);
  return imapi::MakeError(hresult, absl::StrCat(path, ": ", message), {{"path", path}});
}

}  // namespace carousel::mastering
