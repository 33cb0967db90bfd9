#include "tests/bench/calls_in_flight.h"

#include <memory>

namespace carousel::bench {

grpc::Status CallsInFlight::Run(int64_t calls) {
  left_ = calls;
  {
    MutexLock lock(&mutex_);
    running_ = kInFlight;
    error_ = grpc::Status::OK;
  }
  for (int lane = 0; lane < kInFlight; ++lane) Next(lane);
  MutexLock lock(&mutex_);
  while (running_ > 0) ended_.Wait(&mutex_);
  return error_;
}

void CallsInFlight::Next(int lane) {
  if (left_.fetch_sub(1) <= 0) {
    MutexLock lock(&mutex_);
    if (--running_ == 0) ended_.Signal();
    return;
  }
  contexts_[lane] = std::make_unique<grpc::ClientContext>();
  begin_(lane, contexts_[lane].get(),
         [this, lane](const grpc::Status& status) { Finish(lane, status); });
}

void CallsInFlight::Finish(int lane, const grpc::Status& status) {
  if (!status.ok()) {
    MutexLock lock(&mutex_);
    if (error_.ok()) error_ = status;
    left_ = 0;
  }
  Next(lane);
}

}  // namespace carousel::bench
