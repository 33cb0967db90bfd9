// What a burn leaves to do: for the operator, and for whoever wants to write the next session. Made
// from the burn's report alone; docs/burn_faults.md has what comes of each answer of a drive.
#ifndef SERVER_BURN_BURN_ADVICE_H_
#define SERVER_BURN_BURN_ADVICE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "server/burn/burn_report.h"

namespace carousel {

enum class BurnAdvice : uint8_t {
  kNothing,        // the session is there
  kAskAgain,       // nothing is lost: the same burn may be asked for again
  kOtherDisc,      // this one does not take the session
  kEraseDisc,      // nothing else is on it: erase it, burn again
  kCloseSession,   // part of the session is there: close it, burn again behind it
  kCloseAgain,     // all of it is there and not closed: close it, in another drive if that fails
  kInspect,        // nobody knows what is there: verify first
  kRetireDisc,     // what was begun cannot be ended
  kServeDrive,     // the drive needs a person, the disc another drive
  kFindInitiator,  // another program commands the drive: find it, then inspect the disc
};
// "ask_again".
absl::string_view BurnAdviceName(BurnAdvice advice);
BurnAdvice AdviceAfter(const BurnReport& report);

// When the disc takes a session again. The journal may hold it longer: until somebody has looked,
// wherever anything was changed and the burn failed.
enum class NextSession : uint8_t {
  kNow,
  kAfterErase,   // what is there is no session and no blank disc
  kAfterClose,   // of the session that is open
  kAfterVerify,  // of whatever is there
  kNever,
};
// "after_close".
absl::string_view NextSessionName(NextSession next);
NextSession NextSessionAfter(const BurnReport& report);

}  // namespace carousel

#endif  // SERVER_BURN_BURN_ADVICE_H_
