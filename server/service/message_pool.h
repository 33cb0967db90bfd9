// Requests and responses of a method that is called often, used again: allocating and freeing their
// parts takes longer than the method itself. For few methods; gRPC makes the messages of all
// others.
#ifndef SERVER_SERVICE_MESSAGE_POOL_H_
#define SERVER_SERVICE_MESSAGE_POOL_H_

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "google/protobuf/arena.h"
#include "grpcpp/support/message_allocator.h"
#include "hal/base/mutex.h"

namespace carousel {

// Thread-safe. Must outlive the calls.
template <typename Request, typename Response>
class MessagePool final : public grpc::MessageAllocator<Request, Response> {
 public:
  grpc::MessageHolder<Request, Response>* AllocateMessages() override ABSL_LOCKS_EXCLUDED(mutex_) {
    std::unique_ptr<Pair> pair;
    {
      MutexLock lock(&mutex_);
      if (!idle_.empty()) {
        pair = std::move(idle_.back());
        idle_.pop_back();
      }
    }
    if (pair == nullptr) pair = std::make_unique<Pair>(this);
    pair->Renew();
    return pair.release();
  }

 private:
  // Pairs kept for later calls. Each keeps its first block and no more, however large its messages
  // were.
  static constexpr size_t kMost = 64;
  static constexpr size_t kBlockBytes = 8192;

  class Pair final : public grpc::MessageHolder<Request, Response> {
   public:
    explicit Pair(MessagePool* pool) : pool_(*pool), arena_(OptionsFor(block_)) {}
    void Renew() {
      this->set_request(google::protobuf::Arena::CreateMessage<Request>(&arena_));
      this->set_response(google::protobuf::Arena::CreateMessage<Response>(&arena_));
    }
    // The call has ended.
    void Release() override {
      arena_.Reset();
      pool_.Keep(std::unique_ptr<Pair>(this));
    }

   private:
    static google::protobuf::ArenaOptions OptionsFor(char* block) {
      google::protobuf::ArenaOptions options;
      options.initial_block = block;
      options.initial_block_size = kBlockBytes;
      return options;
    }

    MessagePool& pool_;
    alignas(std::max_align_t) char block_[kBlockBytes];
    google::protobuf::Arena arena_;
  };

  void Keep(std::unique_ptr<Pair> pair) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    if (idle_.size() < kMost) idle_.push_back(std::move(pair));
  }

  Mutex mutex_;
  std::vector<std::unique_ptr<Pair>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_SERVICE_MESSAGE_POOL_H_
