// Calls that are streams of bytes.
#ifndef TESTS_COMPONENT_STREAMS_H_
#define TESTS_COMPONENT_STREAMS_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "carousel/v1/image.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"
#include "server/digest/sha256.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"

namespace carousel::component {

// What came before the call's end, a text for each message.
using Pieces = Answer<std::vector<std::string>>;

inline std::string Joined(const Pieces& pieces) {
  std::string all;
  for (const std::string& piece : pieces.value) all += piece;
  return all;
}

template <typename Request, typename Response>
Pieces ReadAll(const Service& service,
               std::unique_ptr<grpc::ClientReader<Response>> (Images::*method)(grpc::ClientContext*,
                                                                               const Request&),
               const std::string& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  const auto stub = v1::FileSystemImageService::NewStub(service.channel());
  const auto reader = ((*stub).*method)(&context, Text<Request>(request));
  Pieces pieces;
  Response response;
  while (reader->Read(&response)) pieces.value.push_back(response.data());
  pieces.status = reader->Finish();
  return pieces;
}

// Sends a whole file into an image.
inline Answer<v1::UploadFileResponse> Upload(const Service& service, const std::string& image,
                                             const std::string& path, const std::string& bytes) {
  const auto digest = Sha256({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  v1::UploadFileRequest start, chunk;
  start.mutable_start()->set_image(image);
  start.mutable_start()->set_path(path);
  start.mutable_start()->set_upload_id(path);
  start.mutable_start()->set_size_bytes(static_cast<int64_t>(bytes.size()));
  start.mutable_start()->set_sha256(std::string(digest.begin(), digest.end()));
  chunk.mutable_chunk()->set_data(bytes);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  const auto stub = v1::FileSystemImageService::NewStub(service.channel());
  Answer<v1::UploadFileResponse> answer;
  const auto writer = stub->UploadFile(&context, &answer.value);
  writer->Write(start);
  if (!bytes.empty()) writer->Write(chunk);
  writer->WritesDone();
  answer.status = writer->Finish();
  return answer;
}

}  // namespace carousel::component

#endif  // TESTS_COMPONENT_STREAMS_H_
