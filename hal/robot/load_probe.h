// Finds a drive in a changer that does not tell which device is in which of its elements: what the
// arm lays into the right element the drive sees.
#ifndef HAL_ROBOT_LOAD_PROBE_H_
#define HAL_ROBOT_LOAD_PROBE_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/clock.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/drive/drive.h"

namespace carousel {

// Used once, by whoever has the arm and the drive. A disc that comes from a slot goes back there,
// unless another drive has taken it, which only that one can let go.
class LoadProbe {
 public:
  // `slots`: the storage elements that it may take a disc from. All must outlive the probe.
  LoadProbe(Drive* drive, Changer* changer, Clock* clock, absl::Span<const ElementAddress> slots)
      : drive_(*drive), changer_(*changer), clock_(*clock), slots_(slots.begin(), slots.end()) {}

  // The one of `candidates` that the drive is in. An empty drive is given a disc from a slot, and
  // gives it back; the disc in a full one goes home to its slot. Blocks for minutes.
  // FAILED_PRECONDITION: it is in none of them, or there is no disc to try with. UNAVAILABLE: a
  // disc is in another drive; again when that one has been found. INTERNAL: the arm failed. The
  // drive's and the changer's codes.
  absl::StatusOr<ElementAddress> Run(absl::Span<const ElementAddress> candidates);

  // Whether the arm has moved a disc: then a failure other than UNAVAILABLE is not repeated without
  // a person.
  bool has_moved() const { return has_moved_; }

 private:
  absl::StatusOr<ElementAddress> Find(absl::Span<const ElementAddress> candidates);
  // Whether the drive holds a medium, once it knows. Waits a minute at most.
  absl::StatusOr<bool> HoldsMedium();
  absl::Status Open();
  absl::StatusOr<bool> TryLoad(ElementAddress element, ElementAddress slot);
  absl::StatusOr<bool> TryUnload(ElementAddress element, ElementAddress home);
  // Whether the arm did it; false: it refused and nothing moved.
  absl::StatusOr<bool> Move(ElementAddress from, ElementAddress to);

  Drive& drive_;
  Changer& changer_;
  Clock& clock_;
  const std::vector<ElementAddress> slots_;
  bool has_moved_ = false;
  std::optional<ElementAddress> stranded_;  // where a disc is that could not go back
};

}  // namespace carousel

#endif  // HAL_ROBOT_LOAD_PROBE_H_
