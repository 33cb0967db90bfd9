#include "server/service/upload_stream.h"

#include <string>
#include <utility>

#include "absl/types/span.h"
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

}  // namespace

UploadStream::UploadStream(const Calls* calls, const Method* method,
                           grpc::CallbackServerContext* context, Uploads* uploads, WorkerPool* pool,
                           v1::UploadFileResponse* response)
    : uploads_(uploads),
      pool_(pool),
      response_(response),
      call_(
          calls, method, context, [this](const grpc::Status& end) { Finish(end); },
          Call::Shape::kClientStream) {}

Reactor* UploadStream::Start(const Calls* calls, const Method* method,
                             grpc::CallbackServerContext* context, Uploads* uploads,
                             WorkerPool* pool, v1::UploadFileResponse* response) {
  auto* const stream = new UploadStream(calls, method, context, uploads, pool, response);
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
  if (reading_ || ended_ || answered_ || received_ - written_ == kRing) return;
  reading_ = true;
  StartRead(&messages_[received_ % kRing]);
}

void UploadStream::OnReadDone(bool ok) {
  if (ok) call_.CountReceived();
  MutexLock lock(&mutex_);
  reading_ = false;
  if (answered_) return;
  if (ok)
    ++received_;
  else
    ended_ = true;
  ReadNext();
  if (working_) return;
  working_ = true;
  pool_->Post([this] { Work(); });
}

void UploadStream::Work() {
  for (int i = 0; i < kTurn; ++i) {
    const v1::UploadFileRequest* message = nullptr;
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
    if (const absl::Status taken = Take(*message); !taken.ok()) return Answer(taken);
    MutexLock lock(&mutex_);
    ++written_;
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

absl::Status UploadStream::Take(const v1::UploadFileRequest& message) {
  if (session_ == nullptr) {
    if (!message.has_start()) return InvalidFieldError("start", "is not the first message");
    ASSIGN_OR_RETURN(Uploads::Request request, StartRequest(message.start()));
    ASSIGN_OR_RETURN(session_, uploads_->Begin(std::move(request)));
    return absl::OkStatus();
  }
  if (!message.has_chunk()) return InvalidFieldError("chunk", "is missing after the first message");
  const std::string& data = message.chunk().data();
  return session_->Append(
      message.chunk().offset(),
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(data.data()), data.size()));
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
  }
  call_.Finish(status);
}

void UploadStream::OnDone() { self_.reset(); }

}  // namespace carousel
