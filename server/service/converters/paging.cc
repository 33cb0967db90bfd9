#include "server/service/converters/paging.h"

#include <algorithm>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/errors/errors.h"
#include "server/service/converters/fingerprint.h"

namespace carousel {
namespace {

constexpr int32_t kDefaultSize = 100;
constexpr int32_t kMaxSize = 1000;

std::string ListKey(absl::string_view list) {
  return absl::StrCat(absl::Hex(Fingerprint(list), absl::kZeroPad16));
}

}  // namespace

// Opaque to clients: the list's fingerprint and the position.
std::string MakePageToken(absl::string_view list, int64_t position) {
  return absl::StrCat(ListKey(list), "-", position);
}

absl::StatusOr<Page> ParsePage(int32_t page_size, absl::string_view page_token,
                               absl::string_view list, int64_t start) {
  if (page_size < 0) return InvalidFieldError("page_size", "is negative");
  Page page{
      .size = static_cast<size_t>(page_size == 0 ? kDefaultSize : std::min(page_size, kMaxSize)),
      .position = start};
  if (page_token.empty()) return page;
  const std::vector<absl::string_view> parts = absl::StrSplit(page_token, absl::MaxSplits('-', 1));
  if (parts.size() != 2 || parts[0] != ListKey(list) ||
      !absl::SimpleAtoi(parts[1], &page.position) || page.position < 0)
    return InvalidFieldError("page_token", "is not of this list");
  return page;
}

}  // namespace carousel
