// What a disc changer (medium changer, SMC-3) can do, in domain words. Implementations: SmcChanger
// over any scsi::Transport; FakeChanger in tests.
#ifndef HAL_CHANGER_CHANGER_H_
#define HAL_CHANGER_CHANGER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hal/base/types.h"
#include "hal/changer/element.h"

namespace carousel {

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
  // open. ABORTED: the changer was reset or its elements may have changed since they were read
  // last. UNAVAILABLE, DEADLINE_EXCEEDED: the changer did not answer. UNIMPLEMENTED: it makes no
  // such moves. Carries the sense where there is one.
  absl::Status status;
};

struct ChangerIdentity {
  std::string vendor;
  std::string product;
  std::string revision;
  std::string serial;  // VPD page 80h; empty if it has none
};

// A run of element addresses.
struct ElementRange {
  ElementAddress first;
  uint16_t count = 0;
};

// Used from one thread at a time, whoever has the arm. A move is never repeated and never guessed
// by an implementation. All methods block; UNAVAILABLE and DEADLINE_EXCEEDED of each: the changer
// did not answer.
class Changer {
 public:
  virtual ~Changer() = default;

  virtual absl::StatusOr<ChangerIdentity> Identify() = 0;

  // Every element, in the order of addresses, as the changer knows it.
  virtual absl::StatusOr<std::vector<Element>> ReadElements() = 0;

  // Moves the disc in `source` to `destination`. Blocks for the time that the arm takes.
  virtual MoveResult Move(ElementAddress source, ElementAddress destination) = 0;

  // The disc in `source` goes to `first`, and the one there to `second`, which may be `source`.
  // kMoved: both bar codes were seen where they belong. UNIMPLEMENTED with kStillAtSource where the
  // changer does not offer it.
  virtual MoveResult Exchange(ElementAddress source, ElementAddress first,
                              ElementAddress second) = 0;

  // Lets the changer look at its elements itself, all or those of `range`: minutes, and it moves
  // for it. UNIMPLEMENTED: it cannot. The codes of a move that is refused.
  virtual absl::Status Rescan(std::optional<ElementRange> range) = 0;

  // Brings the arm before an element, so that the next move begins sooner. UNIMPLEMENTED: it
  // cannot.
  virtual absl::Status PositionTo(ElementAddress element) = 0;

  // PREVENT ALLOW MEDIUM REMOVAL: locks the door and the import/export elements.
  virtual absl::Status PreventRemoval(bool prevent) = 0;
};

}  // namespace carousel

#endif  // HAL_CHANGER_CHANGER_H_
