#include "hal/changer/fake_changer.h"

#include <algorithm>
#include <utility>

namespace carousel {
namespace {

// What is in an element, without the element.
void Clear(Element* element) {
  element->full = false;
  element->barcode.clear();
  element->source.reset();
}

}  // namespace

FakeChanger::FakeChanger(std::vector<Element> elements) : elements_(std::move(elements)) {}

void FakeChanger::Put(ElementAddress element, absl::string_view barcode) {
  MutexLock lock(&mutex_);
  Element* place = Find(element);
  place->full = true;
  place->barcode = std::string(barcode);
  place->source.reset();
}

void FakeChanger::Take(ElementAddress element) {
  MutexLock lock(&mutex_);
  Clear(Find(element));
}

void FakeChanger::set_on_moved(std::function<void(ElementAddress, ElementAddress)> on_moved) {
  MutexLock lock(&mutex_);
  on_moved_ = std::move(on_moved);
}

void FakeChanger::FailNextMove(MoveResult result) {
  MutexLock lock(&mutex_);
  next_failure_ = std::move(result);
}

void FakeChanger::set_read_error(absl::Status error) {
  MutexLock lock(&mutex_);
  read_error_ = std::move(error);
}

FakeChanger::Moves FakeChanger::moves() const {
  MutexLock lock(&mutex_);
  return moves_;
}

void FakeChanger::set_can_exchange(bool can_exchange) {
  MutexLock lock(&mutex_);
  can_exchange_ = can_exchange;
}

absl::StatusOr<ChangerIdentity> FakeChanger::Identify() {
  return ChangerIdentity{.vendor = "FAKE", .product = "CHANGER", .serial = "C0"};
}

absl::StatusOr<std::vector<Element>> FakeChanger::ReadElements() {
  MutexLock lock(&mutex_);
  if (!read_error_.ok()) return read_error_;
  return elements_;
}

MoveResult FakeChanger::Move(ElementAddress source, ElementAddress destination) {
  std::function<void(ElementAddress, ElementAddress)> on_moved;
  MoveResult result;
  {
    MutexLock lock(&mutex_);
    moves_.emplace_back(source, destination);
    result = DoMove(source, destination);
    on_moved = on_moved_;
  }
  if (result.outcome == MoveOutcome::kMoved && on_moved) on_moved(source, destination);
  return result;
}

MoveResult FakeChanger::DoMove(ElementAddress source, ElementAddress destination) {
  Element* from = Find(source);
  Element* to = Find(destination);
  if (next_failure_.has_value()) {
    MoveResult result = *std::exchange(next_failure_, std::nullopt);
    if (result.outcome != MoveOutcome::kStillAtSource) Clear(from);
    return result;
  }
  if (!from->full) {
    return {MoveOutcome::kStillAtSource, absl::FailedPreconditionError("source empty")};
  }
  if (to->full) {
    return {MoveOutcome::kStillAtSource, absl::FailedPreconditionError("destination full")};
  }
  to->full = true;
  to->barcode = from->barcode;
  to->source = source;
  Clear(from);
  return {MoveOutcome::kMoved, absl::OkStatus()};
}

MoveResult FakeChanger::Exchange(ElementAddress source, ElementAddress first,
                                 ElementAddress second) {
  std::function<void(ElementAddress, ElementAddress)> on_moved;
  MoveResult result;
  {
    MutexLock lock(&mutex_);
    result = DoExchange(source, first, second);
    on_moved = on_moved_;
  }
  if (result.outcome == MoveOutcome::kMoved && on_moved) {
    on_moved(first, second);
    on_moved(source, first);
  }
  return result;
}

MoveResult FakeChanger::DoExchange(ElementAddress source, ElementAddress first,
                                   ElementAddress second) {
  if (!can_exchange_) {
    return {MoveOutcome::kStillAtSource, absl::UnimplementedError("no exchanges")};
  }
  moves_.emplace_back(source, first);
  moves_.emplace_back(first, second);
  if (next_failure_.has_value()) return *std::exchange(next_failure_, std::nullopt);
  Element* from = Find(source);
  Element* at = Find(first);
  Element* to = Find(second);
  if (!from->full || !at->full || (to->full && second != source)) {
    return {MoveOutcome::kStillAtSource, absl::FailedPreconditionError("nothing to exchange")};
  }
  const std::string incoming = from->barcode;
  const std::string outgoing = at->barcode;
  Clear(from);
  at->barcode = incoming;
  at->source = source;
  to->full = true;
  to->barcode = outgoing;
  to->source = first;
  return {MoveOutcome::kMoved, absl::OkStatus()};
}

absl::Status FakeChanger::Rescan(std::optional<ElementRange>) {
  MutexLock lock(&mutex_);
  return read_error_;
}

absl::Status FakeChanger::PositionTo(ElementAddress) { return absl::OkStatus(); }
absl::Status FakeChanger::PreventRemoval(bool) { return absl::OkStatus(); }

Element* FakeChanger::Find(ElementAddress address) {
  return &*std::find_if(elements_.begin(), elements_.end(),
                        [address](const Element& element) { return element.address == address; });
}

}  // namespace carousel
