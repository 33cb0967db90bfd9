#include "server/operations/operation_runner.h"

#include <chrono>
#include <utility>

#include "absl/status/status.h"
#include "server/errors/errors.h"

namespace carousel {

OperationRunner::OperationRunner(OperationStore* store) : store_(store) {}

OperationRunner::~OperationRunner() { Drain(absl::ZeroDuration()); }

absl::Status OperationRunner::Start(const std::string& id, Work work) {
  JoinEnded();
  MutexLock lock(&mutex_);
  if (!accepting_) return DrainingError();
  const int64_t key = next_key_++;
  // The thread takes the lock before it ends: the map has it by then.
  running_.emplace(key, Job{id, std::thread([this, key, id, work = std::move(work)]() mutable {
                              Run(key, id, std::move(work));
                            })});
  return absl::OkStatus();
}

void OperationRunner::Run(int64_t key, std::string id, Work work) {
  absl::StatusOr<std::any> response = work();
  work = nullptr;  // what it owns (a drive's lease) is free before anybody hears of the end
  store_->Finish(id, std::move(response));
  MutexLock lock(&mutex_);
  const auto job = running_.find(key);
  to_join_.push_back(std::move(job->second.thread));
  running_.erase(job);
  ended_.SignalAll();
}

void OperationRunner::JoinEnded() {
  std::vector<std::thread> ended;
  {
    MutexLock lock(&mutex_);
    ended.swap(to_join_);
  }
  for (std::thread& thread : ended) thread.join();
}

absl::Status OperationRunner::CheckAccepting() const {
  MutexLock lock(&mutex_);
  return accepting_ ? absl::OkStatus() : DrainingError();
}

void OperationRunner::StopAccepting() {
  MutexLock lock(&mutex_);
  accepting_ = false;
}

void OperationRunner::CancelRunning() {
  std::vector<std::string> ids;
  {
    MutexLock lock(&mutex_);
    for (const auto& [key, job] : running_) ids.push_back(job.id);
  }
  // Gone meanwhile: nothing to cancel.
  for (const std::string& id : ids) store_->Cancel(id).IgnoreError();
}

bool OperationRunner::Drain(absl::Duration grace) {
  StopAccepting();
  const auto start = std::chrono::steady_clock::now();
  bool by_themselves = true;
  {
    MutexLock lock(&mutex_);
    while (!running_.empty()) {
      // absl's durations know "for ever"; chrono's overflow on it.
      const absl::Duration left =
          grace - absl::FromChrono(std::chrono::steady_clock::now() - start);
      if (left <= absl::ZeroDuration()) break;
      ended_.WaitFor(&mutex_, left);
    }
    by_themselves = running_.empty();
  }
  if (!by_themselves) CancelRunning();
  {
    MutexLock lock(&mutex_);
    while (!running_.empty()) ended_.Wait(&mutex_);
  }
  JoinEnded();
  return by_themselves;
}

}  // namespace carousel
