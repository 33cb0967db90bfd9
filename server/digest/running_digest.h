// SHA-256 of bytes that come in order, computed on another thread while the caller goes on: one
// thread that writes and hashes is slower than two.
#ifndef SERVER_DIGEST_RUNNING_DIGEST_H_
#define SERVER_DIGEST_RUNNING_DIGEST_H_

#include <memory>
#include <string>

#include "server/digest/sha256.h"
#include "server/operations/worker_pool.h"

namespace carousel {

// One thread at a time.
class RunningDigest {
 public:
  // The tasks of `pool`, which must outlive it, never wait for a digest.
  explicit RunningDigest(WorkerPool* pool);
  ~RunningDigest();
  RunningDigest(const RunningDigest&) = delete;
  RunningDigest& operator=(const RunningDigest&) = delete;

  // Takes the next bytes, those of `bytes` from `from` on. Waits while some MiB are not hashed yet.
  void Update(std::string bytes, size_t from = 0);

  // The digest of all bytes so far, once they are hashed. Begins anew.
  Sha256Digest Finish();

 private:
  // What a task of the pool may still use when this is gone.
  struct Queue;
  static void Run(WorkerPool* pool, const std::shared_ptr<Queue>& queue);

  WorkerPool* const pool_;
  const std::shared_ptr<Queue> queue_;
};

}  // namespace carousel

#endif  // SERVER_DIGEST_RUNNING_DIGEST_H_
