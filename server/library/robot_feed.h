// The whole robot as clients see it, told to whoever watches whenever it has changed. A state, not
// a history: what is undone between two looks nobody hears of.
#ifndef SERVER_LIBRARY_ROBOT_FEED_H_
#define SERVER_LIBRARY_ROBOT_FEED_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hal/base/mutex.h"
#include "server/library/robot_view.h"

namespace carousel {

struct RobotState {
  std::vector<DriveView> drives;
  std::vector<SlotView> slots;
  std::vector<ImportExportSlotView> import_export_slots;
  std::string arm_disc;
  std::string changer_reason;

  bool operator==(const RobotState&) const = default;
};

// Thread-safe.
class RobotFeed {
 public:
  // Null: the feed has ended. Called under the feed's lock: it must not call the feed.
  using Listener = std::function<void(std::shared_ptr<const RobotState>)>;

  // `robots` must outlive the feed.
  RobotFeed(const RobotView* robots, size_t max_watchers)
      : robots_(robots), max_watchers_(max_watchers) {}

  // Ends a subscription when destroyed; no call of the listener runs after that.
  class Subscription {
   public:
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

   private:
    friend class RobotFeed;
    Subscription(RobotFeed* feed, int64_t key) : feed_(feed), key_(key) {}
    RobotFeed* const feed_;
    const int64_t key_;
  };

  // Calls `listener` with the state of now, at once, and then after each change. RESOURCE_EXHAUSTED
  // (LIMIT_REACHED): max_watchers. UNAVAILABLE (DRAINING): the feed has ended.
  absl::StatusOr<std::unique_ptr<Subscription>> Subscribe(Listener listener)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Looks for changes if anybody watches. Returns the pause until the next call, of machine time.
  absl::Duration Look() ABSL_LOCKS_EXCLUDED(mutex_);

  // Tells all that it is over, and takes no more.
  void End() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  RobotState Read() const;
  // Brings state_ up to date, and tells all if it was not.
  void TellChange() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const RobotView* const robots_;
  const size_t max_watchers_;
  Mutex mutex_;
  std::map<int64_t, Listener> listeners_ ABSL_GUARDED_BY(mutex_);
  int64_t next_key_ ABSL_GUARDED_BY(mutex_) = 0;
  std::shared_ptr<const RobotState> state_ ABSL_GUARDED_BY(mutex_);  // as it was told last
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace carousel

#endif  // SERVER_LIBRARY_ROBOT_FEED_H_
