// How fast files come into the service: UploadFile beside a stream of the same messages that nobody
// looks at, and beside the spool without gRPC; one stream, loopback, client and servers in one
// process.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "benchmark/benchmark.h"
#include "carousel/v1/image.pb.h"
#include "google/protobuf/empty.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/server_callback.h"
#include "hal/base/clock.h"
#include "server/app/process_limits.h"
#include "server/digest/sha256.h"
#include "server/spool/spool.h"
#include "server/spool/upload_spec.h"
#include "tests/bench/empty.grpc.pb.h"
#include "tests/bench/running_service.h"

namespace carousel::bench {
namespace {

constexpr int64_t kChunk = 256 * 1024;
// So large that the beginning and the end of a stream count little, so small that a page cache
// takes it.
constexpr int64_t kFile = 256 << 20;

using google::protobuf::Empty;
using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

absl::Span<const uint8_t> AsBytes(const std::string& bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
}

// Takes what comes and throws it away.
class Discard : public grpc::ServerReadReactor<v1::UploadFileRequest> {
 public:
  Discard() { StartRead(&message_); }
  void OnReadDone(bool ok) override {
    if (ok)
      StartRead(&message_);
    else
      Finish(grpc::Status::OK);
  }
  void OnDone() override { delete this; }

 private:
  v1::UploadFileRequest message_;
};

class EmptyServer : public EmptyService::CallbackService {
 public:
  EmptyServer() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    stub_ = EmptyService::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
  }
  grpc::ServerReadReactor<v1::UploadFileRequest>* Upload(grpc::CallbackServerContext*,
                                                         Empty*) override {
    return new Discard;
  }
  EmptyService::Stub& stub() { return *stub_; }

 private:
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<EmptyService::Stub> stub_;
};

// Writes `chunk` until the file is sent; seconds from the first message to the last.
template <typename Writer>
double SendChunks(Writer& writer, v1::UploadFileRequest* chunk) {
  const Clock::time_point start = Clock::now();
  for (int64_t offset = 0; offset < kFile; offset += kChunk) {
    chunk->mutable_chunk()->set_offset(offset);
    if (!writer.Write(*chunk)) break;
  }
  writer.WritesDone();
  return SecondsSince(start);
}

v1::UploadFileRequest NewChunk() {
  v1::UploadFileRequest request;
  request.mutable_chunk()->set_data(std::string(kChunk, 'x'));
  return request;
}

Sha256Digest FileDigest() {
  Sha256Hasher hasher;
  const std::string chunk(kChunk, 'x');
  for (int64_t offset = 0; offset < kFile; offset += kChunk) hasher.Update(AsBytes(chunk));
  return hasher.Finish();
}

void RawStream(benchmark::State& state, EmptyServer* server) {
  v1::UploadFileRequest chunk = NewChunk();
  for (auto _ : state) {
    grpc::ClientContext context;
    Empty response;
    const auto writer = server->stub().Upload(&context, &response);
    SendChunks(*writer, &chunk);
    if (const grpc::Status status = writer->Finish(); !status.ok())
      return state.SkipWithError(status.error_message().c_str());
  }
  state.SetBytesProcessed(state.iterations() * kFile);
}

void DeleteImage(RunningService& service, const std::string& image) {
  grpc::ClientContext context;
  v1::DeleteImageRequest request;
  request.set_name(image);
  Empty response;
  service.images().DeleteImage(&context, request, &response);
}

// To the answer, which is given when the file is on the disk; and, beside it, to the last message:
// what a disk takes for the sync is no matter of the stream.
void UploadFile(benchmark::State& state, RunningService* service, const Sha256Digest* digest) {
  v1::UploadFileRequest chunk = NewChunk();
  double streaming = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const absl::StatusOr<std::string> image = service->CreateImage();
    if (!image.ok()) return state.SkipWithError(image.status().ToString().c_str());
    v1::UploadFileRequest start;
    start.mutable_start()->set_image(*image);
    start.mutable_start()->set_path("/file");
    start.mutable_start()->set_upload_id("file");
    start.mutable_start()->set_size_bytes(kFile);
    start.mutable_start()->set_sha256(std::string(digest->begin(), digest->end()));
    state.ResumeTiming();
    grpc::ClientContext context;
    v1::UploadFileResponse response;
    const auto writer = service->images().UploadFile(&context, &response);
    writer->Write(start);
    streaming += SendChunks(*writer, &chunk);
    const grpc::Status status = writer->Finish();
    state.PauseTiming();
    DeleteImage(*service, *image);
    state.ResumeTiming();
    if (!status.ok()) return state.SkipWithError(status.error_message().c_str());
  }
  state.SetBytesProcessed(state.iterations() * kFile);
  state.counters["streaming_bytes_per_second"] =
      static_cast<double>(state.iterations() * kFile) / streaming;
}

// One thread writes and one hashes, without the sync.
void SpoolAppend(benchmark::State& state, Spool* spool) {
  const std::string chunk(kChunk, 'x');
  const UploadSpec spec{.key = {"images/bench", "file"}, .path = "/file", .size = kFile};
  for (auto _ : state) {
    auto writer = spool->StartUpload(spec);
    if (!writer.ok()) return state.SkipWithError(writer.status().ToString().c_str());
    for (int64_t offset = 0; offset < kFile; offset += kChunk) {
      if (const absl::Status status = (*writer)->Append(offset, chunk); !status.ok())
        return state.SkipWithError(status.ToString().c_str());
    }
    state.PauseTiming();
    writer->reset();
    spool->Release(spec.key).IgnoreError();
    state.ResumeTiming();
  }
  state.SetBytesProcessed(state.iterations() * kFile);
}

int Fail(const absl::Status& status) {
  std::cerr << status << "\n";
  return 1;
}

int Run(const std::string& folder) {
  auto service = RunningService::Start(folder);
  if (!service.ok()) return Fail(service.status());
  SystemClock clock;
  auto spool = Spool::Open(folder + "/spool", {.quota_bytes = 4 * kFile}, &clock);
  if (!spool.ok()) return Fail(spool.status());
  EmptyServer empty;
  const Sha256Digest digest = FileDigest();
  benchmark::RegisterBenchmark("RawStream", RawStream, &empty)
      ->MeasureProcessCPUTime()
      ->UseRealTime();
  benchmark::RegisterBenchmark("UploadFile", UploadFile, service->get(), &digest)
      ->MeasureProcessCPUTime()
      ->UseRealTime();
  benchmark::RegisterBenchmark("SpoolAppend", SpoolAppend, spool->get())->UseRealTime();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace carousel::bench

int main(int argc, char** argv) {
  carousel::KeepFreedMemory();  // as carouseld
  benchmark::Initialize(&argc, argv);
  if (argc != 2) {
    std::cerr << "usage: upload_bench [--benchmark_...] FOLDER\n";
    return EXIT_FAILURE;
  }
  return carousel::bench::Run(argv[1]);
}
