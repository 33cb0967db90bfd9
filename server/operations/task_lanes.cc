#include "server/operations/task_lanes.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/errors/errors.h"

namespace carousel {

TaskLanes::TaskLanes(const std::vector<std::string>& lanes) {
  for (const std::string& name : lanes) {
    auto lane = std::make_unique<Lane>();
    lane->thread = std::thread([lane = lane.get()] { Run(lane); });
    lanes_[name] = std::move(lane);
  }
}

TaskLanes::~TaskLanes() {
  for (auto& [name, lane] : lanes_) {
    MutexLock lock(&lane->mutex);
    lane->stopping = true;
    lane->work.SignalAll();
  }
  for (auto& [name, lane] : lanes_) lane->thread.join();
}

absl::Status TaskLanes::Post(absl::string_view lane, Task task) {
  const auto found = lanes_.find(std::string(lane));
  if (found == lanes_.end()) return absl::InternalError(absl::StrCat("no lane ", lane));
  MutexLock lock(&found->second->mutex);
  if (found->second->tasks.size() >= kMaxQueued)
    return LimitReachedError("max_queued_questions", kMaxQueued);
  found->second->tasks.push_back(std::move(task));
  found->second->work.Signal();
  return absl::OkStatus();
}

void TaskLanes::Run(Lane* lane) {
  while (true) {
    Task task;
    {
      MutexLock lock(&lane->mutex);
      while (lane->tasks.empty() && !lane->stopping) lane->work.Wait(&lane->mutex);
      if (lane->tasks.empty()) return;
      task = std::move(lane->tasks.front());
      lane->tasks.pop_front();
    }
    task();
  }
}

}  // namespace carousel
