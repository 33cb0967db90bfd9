// Calls that answer with a stream of bytes.
#ifndef TESTS_COMPONENT_STREAMS_H_
#define TESTS_COMPONENT_STREAMS_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "carousel/v1/image.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"
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

}  // namespace carousel::component

#endif  // TESTS_COMPONENT_STREAMS_H_
