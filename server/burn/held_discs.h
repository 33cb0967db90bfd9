// Discs that nothing writes before somebody has said what is on them: an operator's word for it.
// It looks at no disc.
#ifndef SERVER_BURN_HELD_DISCS_H_
#define SERVER_BURN_HELD_DISCS_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/journal/action.h"
#include "server/journal/journal.h"

namespace carousel {

// Thread-safe. Every method blocks on the journal's disk.
class HeldDiscs {
 public:
  // The drive in which a disc lies, empty if it lies in none; nothing: the library has no such
  // disc.
  using DriveOfDisc = std::function<std::optional<std::string>(absl::string_view disc)>;

  // `journal` must outlive it.
  HeldDiscs(Journal* journal, DriveOfDisc drive_of_disc)
      : journal_(journal), drive_of_disc_(std::move(drive_of_disc)) {}

  // Releases the disc `id` of the library: the actions that held it, none if it was not held. A
  // disc without a bar code is whatever disc without one was written in the drive in which it lies.
  // NOT_FOUND: the library has no such disc, and none was held by that bar code.
  // FAILED_PRECONDITION (DISC_HELD, outcome running): an action runs. INVALID_ARGUMENT: nobody's
  // name. Codes of Journal.
  absl::StatusOr<std::vector<ActionRecord>> Acknowledge(absl::string_view id,
                                                        const Acknowledgement& acknowledgement);

 private:
  absl::StatusOr<std::vector<ActionRecord>> ActionsOf(absl::string_view id);

  Journal* const journal_;
  const DriveOfDisc drive_of_disc_;
};

// What of a disc's identity its id in the library tells: the bar code, or nothing.
std::string BarcodeOfDisc(absl::string_view id);

}  // namespace carousel

#endif  // SERVER_BURN_HELD_DISCS_H_
