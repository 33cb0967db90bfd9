// Keeps a number of unary calls under way, each begun by the answer of the one before it.
#ifndef TESTS_BENCH_CALLS_IN_FLIGHT_H_
#define TESTS_BENCH_CALLS_IN_FLIGHT_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "hal/base/mutex.h"

namespace carousel::bench {

inline constexpr int kInFlight = 64;

// Thread-safe but for Run, which is one caller's.
class CallsInFlight {
 public:
  // Begins a call for one of the kInFlight lanes, by a stub's callback interface; lane's request
  // and response are the caller's affair and used by one call at a time.
  using Done = std::function<void(grpc::Status)>;
  using Begin = std::function<void(int lane, grpc::ClientContext* context, Done done)>;

  explicit CallsInFlight(Begin begin) : begin_(std::move(begin)), contexts_(kInFlight) {}

  // Makes `calls` calls and waits for all answers. Returns the first error.
  grpc::Status Run(int64_t calls);

 private:
  void Next(int lane);
  void Finish(int lane, const grpc::Status& status);

  const Begin begin_;
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts_;
  std::atomic<int64_t> left_ = 0;
  Mutex mutex_;
  CondVar ended_;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  grpc::Status error_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel::bench

#endif  // TESTS_BENCH_CALLS_IN_FLIGHT_H_
