#include "server/web/recent_failures.h"

namespace carousel::web {

std::vector<RecentFailures::Failure> RecentFailures::List() const {
  MutexLock lock(&mutex_);
  return {failures_.begin(), failures_.end()};
}

void RecentFailures::OnValidation(const absl::Status& outcome) {
  next_.OnValidation(outcome);
  if (outcome.ok()) return;
  const absl::Time now = clock_.Now();
  MutexLock lock(&mutex_);
  failures_.push_front({now, outcome});
  if (failures_.size() > most_) failures_.pop_back();
}

}  // namespace carousel::web
