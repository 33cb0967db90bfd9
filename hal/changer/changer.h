// What a disc changer (medium changer, SMC-3) can do, in domain words. Implementations: the virtual
// robot's changer; later SMC-3.
#ifndef HAL_CHANGER_CHANGER_H_
#define HAL_CHANGER_CHANGER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hal/base/types.h"

namespace carousel {

// SMC-3 table 10, element type code.
enum class ElementType : uint8_t { kPicker = 1, kSlot = 2, kImportExport = 3, kDrive = 4 };

// One element as the changer sees it now.
struct Element {
  ElementAddress address;
  ElementType type = ElementType::kSlot;
  bool full = false;
  // The volume tag of the disc in it; empty if it has none or the changer cannot read it.
  std::string barcode;
  // Where the disc in it came from (SVALID), if the changer knows.
  std::optional<ElementAddress> source;
  // Drive elements: the serial number of the drive (DVCID); empty if the changer does not tell.
  std::string drive_serial;
};

// Where a disc is after a move.
enum class MoveOutcome : uint8_t {
  kMoved,          // its bar code was seen at the destination
  kStillAtSource,  // nothing happened
  kInGripper,      // the picker holds it: a person decides
  kUnknown,        // take an inventory before anything else
};

struct MoveResult {
  MoveOutcome outcome = MoveOutcome::kUnknown;
  // OK exactly when outcome is kMoved. FAILED_PRECONDITION: source empty, destination full, door
  // open. UNAVAILABLE, DEADLINE_EXCEEDED: the changer did not answer. Carries the sense where there
  // is one.
  absl::Status status;
};

// Used from one thread, the arm's. A move is never repeated and never guessed by an implementation.
class Changer {
 public:
  virtual ~Changer() = default;

  // Every element, in the order of addresses. Blocks. UNAVAILABLE, DEADLINE_EXCEEDED: the changer
  // did not answer.
  virtual absl::StatusOr<std::vector<Element>> ReadElements() = 0;

  // Moves the disc in `source` to `destination`. Blocks for the time that the arm takes.
  virtual MoveResult Move(ElementAddress source, ElementAddress destination) = 0;
};

}  // namespace carousel

#endif  // HAL_CHANGER_CHANGER_H_
