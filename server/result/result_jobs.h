// CreateResultImage as the service does it: an operation that makes the result image of an image
// and keeps it there. It needs no drive: what the disc is like is known since the image was bound
// to it.
#ifndef SERVER_RESULT_RESULT_JOBS_H_
#define SERVER_RESULT_RESULT_JOBS_H_

#include <any>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "server/image/file_system_image.h"
#include "server/operations/operation_runner.h"
#include "server/operations/operation_store.h"
#include "server/operations/request_id.h"
#include "server/result/result_maker.h"

namespace carousel {

// Response of the operation.
struct ResultReport {
  ImageView image;  // after it
  MadeResult made;
};

// Progress of the operation.
struct ResultProgress {
  ResultStep step = ResultStep::kCollecting;
};

// Thread-safe. What it is given must outlive it and its operations.
class ResultJobs {
 public:
  struct Request {
    std::shared_ptr<FileSystemImage> image;
    std::string etag;
    std::optional<absl::Time> creation_time;  // absent: now
    std::string job;                          // empty: the operation
    bool refer = true;
    std::string trace_id;
    RequestId request;
  };

  // `max_running`: operations at a time, each of which takes a thread and the memory of a tree.
  ResultJobs(ResultMaker maker, OperationStore* operations, OperationRunner* runner, Clock* clock,
             int max_running = 8)
      : maker_(std::move(maker)),
        operations_(operations),
        runner_(runner),
        clock_(clock),
        max_running_(max_running) {}

  // Starts the operation and returns its id, or the id of the operation that the same request
  // started before. All or nothing: one that fails or is cancelled leaves the image, and an earlier
  // result of it, as they were. Codes of FileSystemImage::BeginOperation; DRAINING; ALREADY_EXISTS
  // (REQUEST_ID_REUSED); RESOURCE_EXHAUSTED (LIMIT_REACHED).
  absl::StatusOr<std::string> Start(Request request) ABSL_LOCKS_EXCLUDED(start_mutex_);

 private:
  struct Job;
  absl::StatusOr<std::any> RunJob(Job& job);
  absl::StatusOr<MadeResult> Make(Job& job) const;

  const ResultMaker maker_;
  OperationStore* const operations_;
  OperationRunner* const runner_;
  Clock* const clock_;
  const int max_running_;
  // Serialises starts, so that parallel requests of one request_id start one operation.
  Mutex start_mutex_;
  std::atomic<int> running_ = 0;
};

}  // namespace carousel

#endif  // SERVER_RESULT_RESULT_JOBS_H_
