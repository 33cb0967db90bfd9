// Pages of lists (AIP-158).
#ifndef SERVER_SERVICE_CONVERTERS_PAGING_H_
#define SERVER_SERVICE_CONVERTERS_PAGING_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace carousel {

// Which part of a list is asked for.
struct Page {
  size_t size = 0;
  // Where the page before ended, in the list's own terms; the list's start on the first page.
  int64_t position = 0;
};

// `list` names the list and everything that selects from it; a token of another one is refused.
// INVALID_ARGUMENT (INVALID_FIELD): negative size, or a token that is not this list's.
absl::StatusOr<Page> ParsePage(int32_t page_size, absl::string_view page_token,
                               absl::string_view list, int64_t start);

std::string MakePageToken(absl::string_view list, int64_t position);

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_PAGING_H_
