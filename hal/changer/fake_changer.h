// A Changer that works in memory: discs stand in elements, moves happen at once, fail on request
// and are counted. For tests of what lies above changers.
#ifndef HAL_CHANGER_FAKE_CHANGER_H_
#define HAL_CHANGER_FAKE_CHANGER_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hal/base/mutex.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"

namespace carousel {

// ReadElements and Move are for the arm's thread; the others may be called from any thread.
class FakeChanger : public Changer {
 public:
  using Moves = std::vector<std::pair<ElementAddress, ElementAddress>>;

  // All elements that there are.
  explicit FakeChanger(std::vector<Element> elements);

  // Puts a disc into an element, as a person does. An empty bar code is a disc without a label.
  void Put(ElementAddress element, absl::string_view barcode) ABSL_LOCKS_EXCLUDED(mutex_);
  void Take(ElementAddress element) ABSL_LOCKS_EXCLUDED(mutex_);

  // Called after each move that ends with the disc at its destination, on the arm's thread: the
  // place where a test tells its drives.
  void set_on_moved(std::function<void(ElementAddress source, ElementAddress destination)> on_moved)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The next move ends so. kInGripper and kUnknown take the disc from its source.
  void FailNextMove(MoveResult result) ABSL_LOCKS_EXCLUDED(mutex_);
  // ReadElements returns this until OK is set.
  void set_read_error(absl::Status error) ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether Exchange is offered; it is.
  void set_can_exchange(bool can_exchange) ABSL_LOCKS_EXCLUDED(mutex_);

  // The moves that were asked for, failed ones included; an exchange is two.
  Moves moves() const ABSL_LOCKS_EXCLUDED(mutex_);

  absl::StatusOr<ChangerIdentity> Identify() override;
  absl::StatusOr<std::vector<Element>> ReadElements() override;
  MoveResult Move(ElementAddress source, ElementAddress destination) override;
  MoveResult Exchange(ElementAddress source, ElementAddress first, ElementAddress second) override;
  absl::Status Rescan(std::optional<ElementRange> range) override;
  absl::Status PositionTo(ElementAddress element) override;
  absl::Status PreventRemoval(bool prevent) override;

 private:
  Element* Find(ElementAddress address) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  MoveResult DoMove(ElementAddress source, ElementAddress destination)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  MoveResult DoExchange(ElementAddress source, ElementAddress first, ElementAddress second)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  std::vector<Element> elements_ ABSL_GUARDED_BY(mutex_);
  std::function<void(ElementAddress, ElementAddress)> on_moved_ ABSL_GUARDED_BY(mutex_);
  std::optional<MoveResult> next_failure_ ABSL_GUARDED_BY(mutex_);
  absl::Status read_error_ ABSL_GUARDED_BY(mutex_);
  bool can_exchange_ ABSL_GUARDED_BY(mutex_) = true;
  Moves moves_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // HAL_CHANGER_FAKE_CHANGER_H_
