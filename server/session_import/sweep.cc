#include "server/session_import/sweep.h"

#include <algorithm>
#include <utility>

namespace carousel::session_import {

Sweep::Sweep(std::vector<SectorRange> pieces)
    : pieces_(std::move(pieces)),
      states_(pieces_.size(), State::kPending),
      pending_(pieces_.size()) {}

bool Sweep::Await(int64_t sector) {
  const size_t index = IndexOf(sector);
  if (index == pieces_.size() || !pieces_[index].Contains(sector)) return false;
  if (states_[index] == State::kFailed) return false;
  const bool was_taken = states_[index] == State::kTaken;
  if (was_taken) {
    states_[index] = State::kPending;
    ++pending_;
  }
  if (was_taken || index < next_ || index - next_ > kNearPieces) next_ = index;
  return true;
}

std::optional<SectorRange> Sweep::Next() const {
  if (pending_ == 0) return std::nullopt;
  return pieces_[next_];
}

void Sweep::Take() {
  states_[next_] = State::kTaken;
  --pending_;
  SkipTaken();
}

void Sweep::SkipTaken() {
  if (pending_ == 0) return;
  do {
    next_ = (next_ + 1) % pieces_.size();
  } while (states_[next_] != State::kPending);
}

void Sweep::Fail(SectorRange piece) {
  const size_t index = IndexOf(piece.start);
  if (index < pieces_.size() && pieces_[index] == piece) states_[index] = State::kFailed;
}

int64_t Sweep::NextStart(int64_t sector, int64_t none) const {
  const auto found = std::lower_bound(
      pieces_.begin(), pieces_.end(), sector,
      [](const SectorRange& piece, int64_t wanted) { return piece.start < wanted; });
  return found == pieces_.end() ? none : found->start;
}

size_t Sweep::IndexOf(int64_t sector) const {
  return std::upper_bound(
             pieces_.begin(), pieces_.end(), sector,
             [](int64_t wanted, const SectorRange& piece) { return wanted < piece.end; }) -
         pieces_.begin();
}

}  // namespace carousel::session_import
