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
  if (const absl::Status status = stream->call_.Admit(); !status.ok())
    stream->Answer(status);
  else
    stream->StartRead(&stream->messages_[0]);
  return stream;
}

void UploadStream::OnReadDone(bool ok) {
  if (ok) call_.CountReceived();
  v1::UploadFileRequest* next = nullptr;
  bool work = false;
  {
    MutexLock lock(&mutex_);
    if (answered_) return;
    if (ok) {
      ++waiting_;
      receiving_ = 1 - receiving_;
    } else {
      ended_ = true;
    }
    // With two, whoever writes the first goes on with the second.
    if (ok && waiting_ == 1) next = &messages_[receiving_];
    work = ok ? waiting_ == 1 : waiting_ == 0;
  }
  // In this order: the answer may come as soon as there is work.
  if (next != nullptr) StartRead(next);
  if (work) pool_->Post([this] { Work(); });
}

void UploadStream::Work() {
  const v1::UploadFileRequest* message = nullptr;
  {
    MutexLock lock(&mutex_);
    // The one that is not received now, or the elder of two.
    if (waiting_ == 1) message = &messages_[1 - receiving_];
    if (waiting_ == 2) message = &messages_[receiving_];
  }
  if (call_.IsCancelled()) return Answer(CancelledError());
  if (message == nullptr) return Answer(End());
  if (const absl::Status taken = Take(*message); !taken.ok()) return Answer(taken);
  v1::UploadFileRequest* next = nullptr;
  {
    MutexLock lock(&mutex_);
    --waiting_;
    // Two were there, so nothing was received meanwhile.
    if (waiting_ == 1) next = &messages_[receiving_];
    // Else the next to come makes work itself, perhaps at once.
    if (waiting_ == 0 && !ended_) return;
  }
  if (next != nullptr) StartRead(next);
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
