#include "server/digest/running_digest.h"

#include <cstdint>
#include <deque>
#include <utility>

#include "absl/types/span.h"
#include "hal/base/mutex.h"

namespace carousel {
namespace {

// Beyond either, who brings bytes waits: so many pieces, so many bytes.
constexpr size_t kPieces = 8;
constexpr size_t kBytes = 2 << 20;
// Fewer bytes are hashed sooner than another thread has begun.
constexpr size_t kFew = 32 << 10;

absl::Span<const uint8_t> From(const std::string& bytes, size_t from) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size())
      .subspan(from);
}

}  // namespace

struct RunningDigest::Queue {
  struct Piece {
    std::string bytes;
    size_t from = 0;
  };
  Mutex mutex;
  CondVar less;
  // The first one is hashed, or will be next.
  std::deque<Piece> pieces ABSL_GUARDED_BY(mutex);
  size_t bytes ABSL_GUARDED_BY(mutex) = 0;  // of the pieces
  Sha256Hasher hasher;                      // of the task while there are pieces
};

RunningDigest::RunningDigest(WorkerPool* pool) : pool_(pool), queue_(std::make_shared<Queue>()) {}

RunningDigest::~RunningDigest() = default;

void RunningDigest::Update(std::string bytes, size_t from) {
  if (from == bytes.size()) return;
  MutexLock lock(&queue_->mutex);
  while (queue_->pieces.size() == kPieces || queue_->bytes >= kBytes)
    queue_->less.Wait(&queue_->mutex);
  if (queue_->pieces.empty() && bytes.size() - from < kFew)
    return queue_->hasher.Update(From(bytes, from));
  queue_->bytes += bytes.size();
  queue_->pieces.push_back({std::move(bytes), from});
  if (queue_->pieces.size() == 1) pool_->Post([pool = pool_, queue = queue_] { Run(pool, queue); });
}

void RunningDigest::Run(WorkerPool* pool, const std::shared_ptr<Queue>& queue) {
  Queue::Piece* piece = nullptr;
  {
    MutexLock lock(&queue->mutex);
    // Stays where it is while others come and go at the ends of a deque.
    piece = &queue->pieces.front();
  }
  queue->hasher.Update(From(piece->bytes, piece->from));
  const std::string hashed = std::move(piece->bytes);  // freed without the lock
  MutexLock lock(&queue->mutex);
  queue->pieces.pop_front();
  queue->bytes -= hashed.size();
  queue->less.Signal();
  // One at a time: other digests want the thread, too.
  if (!queue->pieces.empty()) pool->Post([pool, queue] { Run(pool, queue); });
}

Sha256Digest RunningDigest::Finish() {
  MutexLock lock(&queue_->mutex);
  while (!queue_->pieces.empty()) queue_->less.Wait(&queue_->mutex);
  return queue_->hasher.Finish();
}

}  // namespace carousel
