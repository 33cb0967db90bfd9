#include "server/burn/sector_ring.h"

#include <algorithm>
#include <utility>

namespace carousel {

SectorRing::SectorRing(Sectors piece, int pieces)
    : piece_bytes_(piece.bytes()),
      memory_(new (kPage) uint8_t[static_cast<size_t>(piece.bytes() * std::max(pieces, 2))]),
      bytes_(static_cast<size_t>(std::max(pieces, 2))) {
  level_.size = piece_bytes_ * static_cast<int64_t>(bytes_.size());
  level_.lowest = level_.size;
}

uint8_t* SectorRing::Place(int64_t piece) const { return memory_.get() + piece * piece_bytes_; }

bool SectorRing::Full() const { return made_ - taken_ == static_cast<int64_t>(bytes_.size()); }

absl::Span<uint8_t> SectorRing::Reserve() {
  MutexLock lock(&mutex_);
  while (Full() && !stopped_) room_.Wait(&mutex_);
  if (stopped_) return {};
  const int64_t place = made_ % static_cast<int64_t>(bytes_.size());
  return absl::MakeSpan(Place(place), static_cast<size_t>(piece_bytes_));
}

void SectorRing::Commit(Sectors count, bool last) {
  MutexLock lock(&mutex_);
  bytes_[static_cast<size_t>(made_) % bytes_.size()] = count.bytes();
  ++made_;
  level_.filled += count.bytes();
  level_.highest = std::max(level_.highest, level_.filled);
  ended_ = last;
  if (Full() || last) there_.Signal();
}

void SectorRing::Fail(absl::Status status) {
  MutexLock lock(&mutex_);
  ended_ = true;
  error_ = std::move(status);
  there_.Signal();
}

absl::StatusOr<absl::Span<const uint8_t>> SectorRing::Front() {
  MutexLock lock(&mutex_);
  if (made_ == taken_ && !ended_ && !filling_) {
    filling_ = true;
    ++level_.times_dry;
  }
  while (filling_ && !Full() && !ended_ && !interrupted_) there_.Wait(&mutex_);
  if (interrupted_) return absl::CancelledError("nobody waits for the sectors any more");
  if (!error_.ok()) return error_;
  filling_ = false;
  if (made_ == taken_) return absl::Span<const uint8_t>();
  const size_t place = static_cast<size_t>(taken_) % bytes_.size();
  return absl::MakeConstSpan(Place(static_cast<int64_t>(place)),
                             static_cast<size_t>(bytes_[place]));
}

void SectorRing::Pop() {
  MutexLock lock(&mutex_);
  level_.filled -= bytes_[static_cast<size_t>(taken_) % bytes_.size()];
  ++taken_;
  if (!ended_) level_.lowest = std::min(level_.lowest, level_.filled);
  room_.Signal();
}

void SectorRing::Interrupt() {
  MutexLock lock(&mutex_);
  interrupted_ = true;
  there_.Signal();
}

void SectorRing::Stop() {
  MutexLock lock(&mutex_);
  stopped_ = true;
  room_.Signal();
}

RingLevel SectorRing::level() const {
  MutexLock lock(&mutex_);
  return level_;
}

}  // namespace carousel
