#include "server/service/upload_stream.h"

#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/service/converters/image.h"
#include "server/service/converters/names.h"
#include "server/service/converters/upload.h"

namespace carousel {

using Reactor = grpc::ServerReadReactor<v1::UploadFileRequest>;
namespace {

// Messages that one call writes before others have their turn: 4 MiB of the usual size. Less would
// wake a thread for each.
constexpr int kTurn = 16;
// Beyond it no further message comes: a few of the usual size, one of the largest.
constexpr size_t kWaitingBytes = 2 << 20;

}  // namespace

UploadStream::UploadStream(const Calls* calls, const Method* method,
                           grpc::CallbackServerContext* context, Uploads* uploads,
                           UploadRates* rates, WorkerPool* pool, v1::UploadFileResponse* response)
    : uploads_(uploads),
      rates_(rates),
      pool_(pool),
      response_(response),
      call_(
          calls, method, context, [this](const grpc::Status& end) { Finish(end); },
          Call::Shape::kClientStream) {}

Reactor* UploadStream::Start(const Calls* calls, const Method* method,
                             grpc::CallbackServerContext* context, Uploads* uploads,
                             UploadRates* rates, WorkerPool* pool,
                             v1::UploadFileResponse* response) {
  auto* const stream = new UploadStream(calls, method, context, uploads, rates, pool, response);
  stream->self_.reset(stream);
  // gRPC begins with it when it has the reactor, so nothing else runs yet.
  if (const absl::Status status = stream->call_.Admit(); !status.ok()) {
    stream->Answer(status);
  } else {
    MutexLock lock(&stream->mutex_);
    stream->ReadNext();
  }
  return stream;
}

void UploadStream::ReadNext() {
  if (reading_ || paused_ || ended_ || answered_) return;
  if (received_ - written_ == kRing || waiting_bytes_ >= kWaitingBytes) return;
  reading_ = true;
  StartRead(&messages_[received_ % kRing]);
}

void UploadStream::OnReadDone(bool ok) {
  if (ok) call_.CountReceived();
  MutexLock lock(&mutex_);
  reading_ = false;
  if (answered_) return;
  if (ok) {
    const size_t bytes = messages_[received_++ % kRing].chunk().data().size();
    waiting_bytes_ += bytes;
    Pause(rates_->Charge(call_.principal(), bytes));
  } else {
    ended_ = true;
  }
  ReadNext();
  if (working_) return;
  working_ = true;
  pool_->Post([this] { Work(); });
}

void UploadStream::Pause(absl::Duration time) {
  if (time <= absl::ZeroDuration()) return;
  paused_ = true;
  // Not the last one, whose callback may still be on its way out.
  alarm_.emplace();
  alarm_->Set(absl::ToChronoTime(absl::Now() + time), [this](bool) { EndPause(); });
}

void UploadStream::EndPause() {
  absl::Status answer;
  {
    MutexLock lock(&mutex_);
    paused_ = false;
    if (!answered_) return ReadNext();
    answer = answer_;
  }
  call_.Finish(answer);
}

void UploadStream::OnCancel() {
  MutexLock lock(&mutex_);
  if (paused_) alarm_->Cancel();
}

void UploadStream::Work() {
  for (int i = 0; i < kTurn; ++i) {
    v1::UploadFileRequest* message = nullptr;
    {
      MutexLock lock(&mutex_);
      if (written_ < received_) {
        message = &messages_[written_ % kRing];
      } else if (!ended_) {
        // The next to come makes work again.
        working_ = false;
        return;
      }
    }
    if (call_.IsCancelled()) return Answer(CancelledError());
    if (message == nullptr) return Answer(End());
    const size_t bytes = message->chunk().data().size();
    if (const absl::Status taken = Take(*message); !taken.ok()) return Answer(taken);
    MutexLock lock(&mutex_);
    ++written_;
    waiting_bytes_ -= bytes;
    ReadNext();
  }
  // Others want the disk, too.
  pool_->Post([this] { Work(); });
}

absl::Status UploadStream::End() {
  if (session_ == nullptr) return InvalidFieldError("start", "is missing");
  ASSIGN_OR_RETURN(const ImageView image, session_->Finish());
  ImageToProto(image, response_->mutable_image());
  return absl::OkStatus();
}

absl::Status UploadStream::Take(v1::UploadFileRequest& message) {
  if (session_ == nullptr) {
    if (!message.has_start()) return InvalidFieldError("start", "is not the first message");
    ASSIGN_OR_RETURN(Uploads::Request request, StartRequest(message.start()));
    ASSIGN_OR_RETURN(session_, uploads_->Begin(std::move(request)));
    return absl::OkStatus();
  }
  if (!message.has_chunk()) return InvalidFieldError("chunk", "is missing after the first message");
  return session_->Append(message.chunk().offset(),
                          std::move(*message.mutable_chunk()->mutable_data()));
}

absl::StatusOr<Uploads::Request> UploadStream::StartRequest(const v1::UploadStart& start) {
  ASSIGN_OR_RETURN(const std::string image, IdFromName("start.image", start.image(), "images"));
  call_.set_image(image);
  ASSIGN_OR_RETURN(Uploads::Request request, UploadFromProto(start));
  request.image = image;
  return request;
}

void UploadStream::Answer(const absl::Status& status) {
  // The upload is another stream's before the client can know.
  session_.reset();
  {
    MutexLock lock(&mutex_);
    answered_ = true;
    if (paused_) {
      // It uses the call when it ends.
      answer_ = status;
      return alarm_->Cancel();
    }
  }
  call_.Finish(status);
}

void UploadStream::OnDone() { self_.reset(); }

}  // namespace carousel
