#include "server/journal/action.h"

namespace carousel {

absl::string_view ActionKindName(ActionKind kind) {
  switch (kind) {
    case ActionKind::kWriteSession:
      return "write_session";
    case ActionKind::kClose:
      return "close";
    case ActionKind::kBlank:
      return "blank";
    case ActionKind::kFormat:
      return "format";
    case ActionKind::kRepair:
      return "repair";
  }
  return "unknown";
}

}  // namespace carousel
