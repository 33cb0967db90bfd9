// A burn's steps in the journal of the service.
#ifndef SERVER_BURN_JOURNALED_BURN_H_
#define SERVER_BURN_JOURNALED_BURN_H_

#include <string>

#include "absl/status/status.h"
#include "server/burn/burn_journal.h"
#include "server/journal/action.h"
#include "server/journal/journal.h"

namespace carousel {

// For one burn, on one thread at a time.
class JournaledBurn : public BurnJournal {
 public:
  struct Subject {
    std::string operation;  // id; the journal has it
    std::string drive;      // id
    DiscIdentity disc;
  };

  // `journal` must outlive it.
  JournaledBurn(Journal* journal, Subject subject);

  // Journal::RecordIntent.
  absl::Status Begin(const BurnIntent& intent) override;
  // Journal::RecordOutcome. Where the step failed and the disc is as it was, the disc is free.
  absl::Status End(const BurnIntent& intent, const BurnOutcome& outcome) override;

 private:
  Journal* const journal_;
  const Subject subject_;
  ActionId action_;  // the one that was begun last
};

}  // namespace carousel

#endif  // SERVER_BURN_JOURNALED_BURN_H_
