// What an operation has made of a disc, as far as the service knows. A word for people and for
// clients; what may be done with the disc is for the drive to say.
#ifndef SERVER_BURN_DISC_CONDITION_H_
#define SERVER_BURN_DISC_CONDITION_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/journal/action.h"

namespace carousel {

enum class DiscCondition : uint8_t {
  kUntouched,      // as it was before
  kPartlyWritten,  // a session lies there that is not closed
  kWritten,        // the session is there and closed, as the drive says
  kGood,           // it also reads as it was given to the drive, from the first sector to the last
  kSuspect,        // it is there and does not read as it was given to the drive
  kErased,         // nothing of what was there is left
  kUnknown,        // somebody has to look: nothing is written to it until then
};

// "partly_written".
absl::string_view DiscConditionName(DiscCondition condition);
std::optional<DiscCondition> FindDiscCondition(absl::string_view name);

// What the actions of one operation, which does not run any more, have made of its disc. Whether
// anything was verified is not among them.
DiscCondition ConditionAfter(const std::vector<ActionRecord>& actions);

}  // namespace carousel

#endif  // SERVER_BURN_DISC_CONDITION_H_
