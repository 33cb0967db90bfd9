// A call that answers with a stream of bytes: one piece is made while none is on the way, so the
// client's pace is the source's.
//
//   (pulling) --a piece--> (writing) --written--> (pulling)
//       |  \--the end, an error--+       |
//       +--------cancelled-------+-------+--> (finished) --OnDone--> gone
#ifndef SERVER_SERVICE_BYTE_STREAM_H_
#define SERVER_SERVICE_BYTE_STREAM_H_

#include <functional>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "server/errors/errors.h"
#include "server/result/byte_source.h"
#include "server/service/call.h"

namespace carousel {

// `Response` has a field `bytes data`. Owns itself.
template <typename Response>
class ByteStream final : public grpc::ServerWriteReactor<Response> {
 public:
  // What the handler returns. `open` validates, converts and makes the source; its error ends the
  // call. `on_piece` is called after each piece that was sent, from any thread.
  // `open`: absl::StatusOr<std::unique_ptr<ByteSource>>(Call&, std::function<void()>& on_piece).
  template <typename Open>
  static grpc::ServerWriteReactor<Response>* Start(const Calls* calls, const Method* method,
                                                   grpc::CallbackServerContext* context,
                                                   Open open) {
    auto* const stream = new ByteStream(calls, method, context);
    absl::Status status = stream->call_.Admit();
    if (status.ok()) {
      absl::StatusOr<std::unique_ptr<ByteSource>> source = open(stream->call_, stream->on_piece_);
      status = source.status();
      if (source.ok()) stream->source_ = *std::move(source);
    }
    // gRPC calls OnDone not before the handler has returned.
    if (status.ok())
      stream->Pull();
    else
      stream->call_.Finish(status);
    return stream;
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return call_.Finish(CancelledError());
    call_.CountSent();
    if (on_piece_) on_piece_();
    Pull();
  }
  void OnDone() override { delete this; }

 private:
  ByteStream(const Calls* calls, const Method* method, grpc::CallbackServerContext* context)
      : call_(
            calls, method, context, [this](const grpc::Status& end) { this->Finish(end); },
            Call::Shape::kServerStream) {}

  void Pull() {
    if (call_.IsCancelled()) return call_.Finish(CancelledError());
    source_->Next(response_.mutable_data(), [this](absl::Status status) { OnPiece(status); });
  }
  void OnPiece(const absl::Status& status) {
    if (!status.ok() || response_.data().empty()) return call_.Finish(status);
    this->StartWrite(&response_);
  }

  Call call_;
  std::unique_ptr<ByteSource> source_;
  std::function<void()> on_piece_;
  Response response_;
};

}  // namespace carousel

#endif  // SERVER_SERVICE_BYTE_STREAM_H_
