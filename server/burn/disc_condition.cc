#include "server/burn/disc_condition.h"

#include <array>

namespace carousel {
namespace {

constexpr std::array<absl::string_view, 7> kNames = {
    "untouched", "partly_written", "written", "good", "suspect", "erased", "unknown"};

DiscCondition ConditionAfterOne(const ActionRecord& action) {
  if (!action.outcome.has_value()) return DiscCondition::kUnknown;
  const bool writes = action.intent.kind == ActionKind::kWriteSession;
  switch (action.outcome->result) {
    case ActionResult::kNothingDone:
      return DiscCondition::kUntouched;
    case ActionResult::kFailed:
      return writes ? DiscCondition::kPartlyWritten : DiscCondition::kUnknown;
    case ActionResult::kSucceeded:
      break;
  }
  switch (action.intent.kind) {
    case ActionKind::kWriteSession:
      // Media that are overwritten have a head and no end; of others a close has to follow.
      return action.intent.old_superblock.empty() ? DiscCondition::kPartlyWritten
                                                  : DiscCondition::kWritten;
    case ActionKind::kClose:
      return DiscCondition::kWritten;
    case ActionKind::kBlank:
    case ActionKind::kFormat:
      return DiscCondition::kErased;
    case ActionKind::kRepair:
      return DiscCondition::kWritten;
  }
  return DiscCondition::kUnknown;
}

}  // namespace

absl::string_view DiscConditionName(DiscCondition condition) {
  return kNames[static_cast<size_t>(condition)];
}

std::optional<DiscCondition> FindDiscCondition(absl::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<DiscCondition>(i);
  }
  return std::nullopt;
}

DiscCondition ConditionAfter(const std::vector<ActionRecord>& actions) {
  DiscCondition condition = DiscCondition::kUntouched;
  for (const ActionRecord& action : actions) {
    const DiscCondition after = ConditionAfterOne(action);
    if (after == DiscCondition::kUnknown) return after;
    // A close that was refused leaves what was written before it.
    if (after != DiscCondition::kUntouched) condition = after;
  }
  return condition;
}

}  // namespace carousel
