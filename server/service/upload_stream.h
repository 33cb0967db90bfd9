// One call of UploadFile: what it receives, and the threads that it goes through.
//
// gRPC's threads only receive. What blocks for the disk - to begin, to write a message, to sync at
// the end - runs on a pool, one task at a time for each call and the next one at the end of the
// queue, so that calls share the pool's threads. While one message is written those behind it come:
// some MiB are in memory, and beyond them gRPC's flow control holds the client back, as it does
// while a principal has sent more than its share.
#ifndef SERVER_SERVICE_UPLOAD_STREAM_H_
#define SERVER_SERVICE_UPLOAD_STREAM_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "carousel/v1/image.pb.h"
#include "grpcpp/alarm.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "hal/base/mutex.h"
#include "server/operations/worker_pool.h"
#include "server/service/call.h"
#include "server/uploads/upload_rates.h"
#include "server/uploads/uploads.h"

namespace carousel {

class UploadStream final : public grpc::ServerReadReactor<v1::UploadFileRequest> {
 public:
  // What the handler returns. All must outlive the call.
  static grpc::ServerReadReactor<v1::UploadFileRequest>* Start(
      const Calls* calls, const Method* method, grpc::CallbackServerContext* context,
      Uploads* uploads, UploadRates* rates, WorkerPool* pool, v1::UploadFileResponse* response);

  void OnReadDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_);
  // The read that is under way, or the next one, ends.
  void OnCancel() override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnDone() override;

 private:
  UploadStream(const Calls* calls, const Method* method, grpc::CallbackServerContext* context,
               Uploads* uploads, UploadRates* rates, WorkerPool* pool,
               v1::UploadFileResponse* response);

  // Receives the next message if there is room for it and none is on its way.
  void ReadNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Lets nothing more come for `time`.
  void Pause(absl::Duration time) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EndPause() ABSL_LOCKS_EXCLUDED(mutex_);
  // Of the pool, one at a time: what has come, or the end of the stream.
  void Work() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Take(v1::UploadFileRequest& message);
  absl::Status End();
  absl::StatusOr<Uploads::Request> StartRequest(const v1::UploadStart& start);
  void Answer(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mutex_);

  Uploads* const uploads_;
  UploadRates* const rates_;
  WorkerPool* const pool_;
  v1::UploadFileResponse* const response_;
  Call call_;
  std::unique_ptr<Uploads::Session> session_;  // the pool's

  // Messages go round: while one is written, those behind it come, unless they are large.
  static constexpr int kRing = 8;
  v1::UploadFileRequest messages_[kRing];
  Mutex mutex_;
  int64_t received_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t written_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t waiting_bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // of those that are not written
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool paused_ ABSL_GUARDED_BY(mutex_) = false;
  bool working_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;     // no more come
  bool answered_ ABSL_GUARDED_BY(mutex_) = false;  // nothing is done any more
  absl::Status answer_ ABSL_GUARDED_BY(mutex_);    // that the end of a pause gives
  std::optional<grpc::Alarm> alarm_ ABSL_GUARDED_BY(mutex_);

  std::unique_ptr<UploadStream> self_;  // gRPC's share
};

}  // namespace carousel

#endif  // SERVER_SERVICE_UPLOAD_STREAM_H_
