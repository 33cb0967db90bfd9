#include "hal/robot/load_probe.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "hal/base/status_macros.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

// A disc that has been laid in spins up within it.
constexpr absl::Duration kPatience = absl::Minutes(1);
constexpr absl::Duration kPause = absl::Seconds(1);

const Element* At(const std::vector<Element>& elements, ElementAddress address) {
  const auto found =
      std::find_if(elements.begin(), elements.end(),
                   [address](const Element& element) { return element.address == address; });
  return found == elements.end() ? nullptr : &*found;
}

bool IsOneOf(absl::Span<const ElementAddress> addresses, ElementAddress address) {
  return std::find(addresses.begin(), addresses.end(), address) != addresses.end();
}

}  // namespace

absl::StatusOr<ElementAddress> LoadProbe::Run(absl::Span<const ElementAddress> candidates) {
  const absl::StatusOr<ElementAddress> found = Find(candidates);
  // A tray that stays out would take the disc of another drive's probe. Shut it is not asked what
  // it holds, and one that draws discs in by itself has nothing to shut.
  drive_.Load().IgnoreError();
  return found;
}

absl::StatusOr<ElementAddress> LoadProbe::Find(absl::Span<const ElementAddress> candidates) {
  ASSIGN_OR_RETURN(const bool full, HoldsMedium());
  int tried = 0;
  for (const ElementAddress candidate : candidates) {
    ASSIGN_OR_RETURN(const std::vector<Element> elements, changer_.ReadElements());
    const Element* const element = At(elements, candidate);
    if (element == nullptr || element->full != full) continue;
    bool found = false;
    if (full) {
      // Where its disc belongs nobody guesses.
      if (!element->source.has_value() || !IsOneOf(slots_, *element->source)) continue;
      const Element* const home = At(elements, *element->source);
      if (home == nullptr || home->full) continue;
      ASSIGN_OR_RETURN(found, TryUnload(candidate, home->address));
    } else {
      const auto disc = std::find_if(elements.begin(), elements.end(), [&](const Element& slot) {
        return slot.full && slot.accessible && IsOneOf(slots_, slot.address);
      });
      if (disc == elements.end()) {
        if (stranded_.has_value()) break;
        return absl::FailedPreconditionError(
            "the changer tells no serial numbers, and no slot has a disc to try its drives with");
      }
      ASSIGN_OR_RETURN(found, TryLoad(candidate, disc->address));
    }
    if (found) return candidate;
    ++tried;
  }
  if (stranded_.has_value()) {
    return absl::UnavailableError(
        absl::StrCat("the disc with which the drive was looked for is in element ",
                     stranded_->value(), ", in a drive that has to be found first to let it go"));
  }
  return absl::FailedPreconditionError(
      absl::StrCat("the changer tells no serial numbers, and the drive is in none of the ", tried,
                   " elements that ", full ? "a disc was taken out of" : "were tried with a disc"));
}

absl::StatusOr<bool> LoadProbe::TryLoad(ElementAddress element, ElementAddress slot) {
  RETURN_IF_ERROR(Open());
  ASSIGN_OR_RETURN(const bool moved, Move(slot, element));
  if (!moved) return false;
  // A drive that draws discs in by itself may refuse; whether it has one it tells below.
  drive_.Load().IgnoreError();
  ASSIGN_OR_RETURN(const bool here, HoldsMedium());
  if (here) {
    // The disc is known to be in this drive, wherever it stays.
    RETURN_IF_ERROR(Open());
    RETURN_IF_ERROR(Move(element, slot).status());
    return true;
  }
  // Another drive has it now. That one gives it back when it is looked for itself.
  ASSIGN_OR_RETURN(const bool back, Move(element, slot));
  if (!back) stranded_ = element;
  return false;
}

absl::StatusOr<bool> LoadProbe::TryUnload(ElementAddress element, ElementAddress home) {
  RETURN_IF_ERROR(Open());
  ASSIGN_OR_RETURN(const bool moved, Move(element, home));
  drive_.Load().IgnoreError();
  if (!moved) return false;
  ASSIGN_OR_RETURN(const bool still_full, HoldsMedium());
  return !still_full;
}

absl::StatusOr<bool> LoadProbe::Move(ElementAddress from, ElementAddress to) {
  const MoveResult result = changer_.Move(from, to);
  if (result.outcome == MoveOutcome::kMoved) {
    has_moved_ = true;
    return true;
  }
  if (result.outcome == MoveOutcome::kStillAtSource) return false;
  has_moved_ = true;
  return absl::InternalError(
      absl::StrCat("the arm failed between the elements ", from.value(), " and ", to.value(),
                   ", a person decides: ", absl::string_view(result.status.message())));
}

absl::Status LoadProbe::Open() {
  RETURN_IF_ERROR(drive_.PreventRemoval(false));
  const absl::Status opened = drive_.Eject();
  // One that has no tray has nothing to open while it is empty.
  return scsi::GetSense(opened).has_value() ? absl::OkStatus() : opened;
}

absl::StatusOr<bool> LoadProbe::HoldsMedium() {
  const absl::Time deadline = clock_.Now() + kPatience;
  while (true) {
    absl::StatusOr<bool> ready = drive_.CheckReady();
    const bool later =
        absl::IsUnavailable(ready.status()) && scsi::GetSense(ready.status()).has_value();
    if (!later || clock_.Now() >= deadline) return ready;
    clock_.SleepFor(kPause);
  }
}

}  // namespace carousel
