// What clients do to write a disc: bind, import, upload, make the result, burn. For tests; `S` is a
// Service, or whatever has its Call, End and channel.
#ifndef TESTS_COMPONENT_BURNING_H_
#define TESTS_COMPONENT_BURNING_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "carousel/v1/disc_format.pb.h"
#include "carousel/v1/image.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"
#include "gtest/gtest.h"
#include "server/digest/sha256.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"

namespace carousel::component {

inline constexpr size_t kUploadChunk = 256 << 10;

namespace internal {

inline std::string Digest(const std::string& bytes) {
  const Sha256Digest digest =
      Sha256(absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
  return std::string(digest.begin(), digest.end());
}

}  // namespace internal

// An empty image's name.
template <typename S>
std::string NewImage(S& service) {
  return service.Call(&Images::CreateImage, "")->name();
}

// One that continues the disc in drive0 and has its tree; fails the test if that is refused.
template <typename S>
std::string ImportedImage(S& service) {
  const std::string image = NewImage(service);
  v1::DiscFormatServiceGetMultisessionInterfacesRequest ask;
  ask.set_drive("drives/drive0");
  const auto interfaces = service.Call(&Formats::GetMultisessionInterfaces, ask);
  EXPECT_THAT(interfaces, Succeeds());
  v1::SetMultisessionInterfacesRequest bind;
  bind.set_image(image);
  *bind.mutable_multisession_interfaces() = interfaces->multisession_interfaces();
  // The first that the medium supports now.
  for (auto& interface : *bind.mutable_multisession_interfaces()->mutable_interfaces()) {
    if (!interface.supported_on_current_media_state()) continue;
    interface.set_in_use(true);
    break;
  }
  EXPECT_THAT(service.Call(&Images::SetMultisessionInterfaces, bind), Succeeds());
  EXPECT_THAT(
      service.End(service.Call(&Images::ImportFileSystem, absl::StrCat("image: '", image, "'"))),
      Succeeds());
  return image;
}

// Adds a file with these bytes; fails the test if that is refused.
template <typename S>
void Upload(S& service, const std::string& image, const std::string& path,
            const std::string& bytes) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  const auto stub = v1::FileSystemImageService::NewStub(service.channel());
  v1::UploadFileResponse response;
  const auto writer = stub->UploadFile(&context, &response);
  v1::UploadFileRequest message;
  message.mutable_start()->set_image(image);
  message.mutable_start()->set_path(path);
  message.mutable_start()->set_upload_id(path);
  message.mutable_start()->set_size_bytes(static_cast<int64_t>(bytes.size()));
  message.mutable_start()->set_sha256(internal::Digest(bytes));
  writer->Write(message);
  for (size_t at = 0; at < bytes.size(); at += kUploadChunk) {
    message.mutable_chunk()->set_offset(static_cast<int64_t>(at));
    message.mutable_chunk()->set_data(bytes.substr(at, kUploadChunk));
    writer->Write(message);
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
}

// Makes the image's result; fails the test if that is refused. The image's name.
template <typename S>
std::string Mastered(S& service, const std::string& image) {
  EXPECT_THAT(
      service.End(service.Call(&Images::CreateResultImage, absl::StrCat("image: '", image, "'"))),
      Succeeds());
  return image;
}

// "image: '...' drive: 'drives/drive0' " and `more`.
inline std::string BurnRequest(const std::string& image, const std::string& more = "") {
  return absl::StrCat("image: '", image, "' drive: 'drives/drive0' ", more);
}

// Burns in drive0 and waits for the end; a refused start fails the test.
template <typename S>
Operation Burn(S& service, const std::string& image, const std::string& more = "") {
  return service.End(service.Call(&Formats::WriteImage, BurnRequest(image, more)));
}

// The response of one that went well.
inline v1::WriteImageResponse Burnt(const Operation& operation) {
  EXPECT_THAT(operation, Succeeds());
  v1::WriteImageResponse response;
  EXPECT_TRUE(operation.response().UnpackTo(&response)) << operation.ShortDebugString();
  return response;
}

inline v1::WriteImageMetadata BurnMetadata(const Operation& operation) {
  v1::WriteImageMetadata metadata;
  EXPECT_TRUE(operation.metadata().UnpackTo(&metadata)) << operation.ShortDebugString();
  return metadata;
}

}  // namespace carousel::component

#endif  // TESTS_COMPONENT_BURNING_H_
