#include "server/image/path_error.h"

#include <cstddef>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

// What a client sent is repeated to it up to this length.
constexpr size_t kMaxEcho = 256;

}  // namespace

absl::Status PathError(imapi::Hresult hresult, absl::string_view path, absl::string_view what,
                       absl::string_view field) {
  const std::string shown = absl::CHexEscape(path.substr(0, kMaxEcho));
  return imapi::MakeError(hresult, absl::StrCat("\"", shown, "\" ", what),
                          {{"field", std::string(field)}, {"path", shown}});
}

}  // namespace carousel
