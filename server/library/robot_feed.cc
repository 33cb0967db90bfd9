#include "server/library/robot_feed.h"

#include <limits>
#include <utility>

#include "absl/memory/memory.h"
#include "server/errors/errors.h"

namespace carousel {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(200);
constexpr size_t kAll = std::numeric_limits<size_t>::max();

}  // namespace

RobotFeed::Subscription::~Subscription() {
  MutexLock lock(&feed_->mutex_);
  feed_->listeners_.erase(key_);
}

absl::StatusOr<std::unique_ptr<RobotFeed::Subscription>> RobotFeed::Subscribe(Listener listener) {
  MutexLock lock(&mutex_);
  if (ended_) return DrainingError();
  if (listeners_.size() >= max_watchers_)
    return LimitReachedError("max_watchers", static_cast<int64_t>(max_watchers_));
  // With nobody watching nobody has looked. The others hear of it as well: what one watcher knows
  // and state_ does not would never be taken back if it were undone before the next look.
  TellChange();
  listener(state_);
  const int64_t key = next_key_++;
  listeners_.emplace(key, std::move(listener));
  return absl::WrapUnique(new Subscription(this, key));
}

absl::Duration RobotFeed::Look() {
  MutexLock lock(&mutex_);
  if (!listeners_.empty()) TellChange();
  return kInterval;
}

void RobotFeed::TellChange() {
  RobotState now = Read();
  if (state_ != nullptr && *state_ == now) return;
  state_ = std::make_shared<const RobotState>(std::move(now));
  for (const auto& [key, listener] : listeners_) listener(state_);
}

void RobotFeed::End() {
  MutexLock lock(&mutex_);
  ended_ = true;
  for (const auto& [key, listener] : listeners_) listener(nullptr);
}

RobotState RobotFeed::Read() const {
  return {.drives = robots_->Drives(0, kAll),
          .slots = robots_->Slots(0, kAll),
          .import_export_slots = robots_->ImportExportSlots(0, kAll),
          .arm_disc = robots_->ArmDisc(),
          .changer_reason = robots_->ChangerReason()};
}

}  // namespace carousel
