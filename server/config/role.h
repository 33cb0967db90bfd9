// What callers may do, as config.proto has it. Each role may do what those before it may.
#ifndef SERVER_CONFIG_ROLE_H_
#define SERVER_CONFIG_ROLE_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace carousel {

enum class Role : uint8_t { kViewer, kOperator, kArchivist, kAdmin };

inline absl::string_view RoleName(Role role) {
  switch (role) {
    case Role::kViewer:
      return "viewer";
    case Role::kOperator:
      return "operator";
    case Role::kArchivist:
      return "archivist";
    case Role::kAdmin:
      return "admin";
  }
  return "";
}

}  // namespace carousel

#endif  // SERVER_CONFIG_ROLE_H_
