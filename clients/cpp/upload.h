// Sending one file of this machine into an image, and going on after a connection that was lost.
#ifndef CLIENTS_CPP_UPLOAD_H_
#define CLIENTS_CPP_UPLOAD_H_

#include <cstdint>
#include <functional>
#include <string>

#include "carousel/v1/image.grpc.pb.h"
#include "carousel/v1/image.pb.h"
#include "grpcpp/support/status.h"

namespace carousel::client {

// Called now and then with the bytes of the file that are done in the step that is under way.
using UploadProgress = std::function<void(int64_t bytes)>;

// Fills in what the file at `local_path` says: size, SHA-256, attributes, and an upload_id that is
// the same for the same bytes at the same path of the same image, so that whoever sends them again
// goes on where he was. Image and path are set. Reads the whole file. INVALID_ARGUMENT: it cannot
// be read, or is no regular file.
grpc::Status DescribeUpload(const std::string& local_path, const UploadProgress& hashed,
                            v1::UploadStart* start);

// Sends what the service has not. A connection that is lost, or a stream whose end the service has
// not noticed, is tried again for up to a minute. OK: the file is in the image. Otherwise the
// call's error; INVALID_ARGUMENT, too, if the file can no longer be read. The upload stays, and
// another call goes on with it.
grpc::Status SendUpload(v1::FileSystemImageService::StubInterface& stub,
                        const std::string& local_path, const v1::UploadStart& start,
                        const UploadProgress& sent, v1::UploadFileResponse* response);

}  // namespace carousel::client

#endif  // CLIENTS_CPP_UPLOAD_H_
