// RETURN_IF_ERROR and ASSIGN_OR_RETURN, which the distribution's abseil does not have yet, and
// Annotate to add context once.
#ifndef HAL_BASE_STATUS_MACROS_H_
#define HAL_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace carousel {

// The same error with "`subject`: " before its message; code and payloads stay. OK stays OK.
inline absl::Status Annotate(const absl::Status& status, absl::string_view subject) {
  if (status.ok()) return status;
  absl::Status annotated(status.code(), absl::StrCat(subject, ": ", status.message()));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    annotated.SetPayload(url, payload);
  });
  return annotated;
}

}  // namespace carousel

#define CAROUSEL_CONCAT_INNER(a, b) a##b
#define CAROUSEL_CONCAT(a, b) CAROUSEL_CONCAT_INNER(a, b)

#define RETURN_IF_ERROR(expression)                                         \
  do {                                                                      \
    if (absl::Status carousel_status = (expression); !carousel_status.ok()) \
      return carousel_status;                                               \
  } while (false)

#define ASSIGN_OR_RETURN(declaration, expression) \
  ASSIGN_OR_RETURN_NAMED(CAROUSEL_CONCAT(carousel_status_or_, __LINE__), declaration, expression)
#define ASSIGN_OR_RETURN_NAMED(name, declaration, expression) \
  auto name = (expression);                                   \
  if (!name.ok()) return name.status();                       \
  declaration = *std::move(name)

#endif  // HAL_BASE_STATUS_MACROS_H_
