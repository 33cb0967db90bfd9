// What the journal knows of one consuming action: a command, or a run of them, that changes a disc
// and cannot be taken back. Plain values.
#ifndef SERVER_JOURNAL_ACTION_H_
#define SERVER_JOURNAL_ACTION_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/types.h"

namespace carousel {

// The numbers are the journal file's.
enum class ActionKind : uint8_t {
  kWriteSession = 1,  // every WRITE of one session, to SYNCHRONIZE CACHE
  kClose = 2,         // CLOSE TRACK/SESSION
  kBlank = 3,         // BLANK
  kFormat = 4,        // FORMAT UNIT
  kRepair = 5,        // WRITE of what lay at the head of a disc that is overwritten, once more
};
// "write_session".
absl::string_view ActionKindName(ActionKind kind);

// What is known of a disc's identity; empty is unknown.
struct DiscIdentity {
  std::string barcode;
  std::string identifier;
  MediaGeneration generation;

  bool operator==(const DiscIdentity&) const = default;
};

// Names an action for ever; never used twice.
class ActionId {
 public:
  constexpr ActionId() = default;
  constexpr explicit ActionId(int64_t number) : number_(number) {}
  constexpr int64_t value() const { return number_; }
  constexpr auto operator<=>(const ActionId&) const = default;

 private:
  int64_t number_ = 0;
};
inline std::ostream& operator<<(std::ostream& out, ActionId id) {
  return out << "action " << id.value();
}

// What is about to be done.
struct ActionIntent {
  ActionKind kind = ActionKind::kWriteSession;
  std::string operation;  // id
  std::string drive;      // id
  DiscIdentity disc;
  Lba start;        // of the session
  Sectors planned;  // how many will be written; 0 where the action has no length
  // 32 bytes, or empty: not known yet.
  std::string sha256;
  // What lies at the head of an overwritable disc and is about to be replaced, or by kRepair to be
  // put back; otherwise empty.
  std::string old_superblock;

  bool operator==(const ActionIntent&) const = default;
};

// The numbers are the journal file's.
enum class ActionResult : uint8_t {
  kSucceeded = 1,
  kNothingDone = 2,  // the disc is as it was before
  kFailed = 3,       // the disc may have changed, and not to what was intended
};

// What became of it.
struct ActionOutcome {
  ActionResult result = ActionResult::kFailed;
  Sectors written;
  std::string sha256;  // of what was written: 32 bytes, or empty
  std::string detail;  // for people: the drive's words, the state of the disc

  bool operator==(const ActionOutcome&) const = default;
};

// Somebody knows what is on the disc and takes it as it is: an operator, or a verification.
struct Acknowledgement {
  std::string who;
  std::string note;

  bool operator==(const Acknowledgement&) const = default;
};

// An action as it is now.
struct ActionRecord {
  ActionId id;
  ActionIntent intent;
  absl::Time time;
  std::optional<ActionOutcome> outcome;
  std::optional<absl::Time> outcome_time;
  std::optional<Acknowledgement> acknowledgement;
  // The intent was written since the journal was opened: without an outcome, it may be running.
  bool of_this_run = false;
  // Nobody knows what is on the disc: there is neither a good outcome nor an acknowledgement.
  bool held = false;
};

}  // namespace carousel

#endif  // SERVER_JOURNAL_ACTION_H_
