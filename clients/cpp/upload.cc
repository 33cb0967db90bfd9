#include "clients/cpp/upload.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"

namespace carousel::client {
namespace {

constexpr size_t kChunk = 256 * 1024;
constexpr uint32_t kModeBits = 07777;
constexpr auto kGiveUpAfter = std::chrono::minutes(1);
constexpr auto kRetryPause = std::chrono::seconds(1);
constexpr auto kCallDeadline = std::chrono::seconds(60);

class File {
 public:
  // O_NONBLOCK: a FIFO is opened, and then refused, without waiting for its writer.
  explicit File(const std::string& path)
      : path_(path), fd_(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  grpc::Status Stat(struct stat* stat) const {
    if (fd_ < 0 || fstat(fd_, stat) != 0) return Error(std::strerror(errno));
    return S_ISREG(stat->st_mode) ? grpc::Status::OK : Error("is no regular file");
  }
  // The bytes at `offset`, fewer only at the end.
  grpc::Status Read(int64_t offset, size_t size, std::string* bytes) const {
    bytes->resize(size);
    size_t done = 0;
    while (done < size) {
      const ssize_t got =
          pread(fd_, bytes->data() + done, size - done, offset + static_cast<int64_t>(done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Error(std::strerror(errno));
      if (got == 0) break;
      done += static_cast<size_t>(got);
    }
    bytes->resize(done);
    return grpc::Status::OK;
  }
  grpc::Status Error(const std::string& why) const {
    return {grpc::StatusCode::INVALID_ARGUMENT, absl::StrCat(path_, ": ", why)};
  }

 private:
  const std::string path_;
  const int fd_;
};

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void Update(const std::string& bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  }
  std::string Finish() {
    std::string digest(EVP_MD_size(EVP_sha256()), '\0');
    EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return digest;
  }

 private:
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

// Where to go on; 0 for an upload that is not there.
int64_t DurableOffset(v1::FileSystemImageService::StubInterface& stub,
                      const v1::UploadStart& start) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallDeadline);
  v1::GetUploadRequest request;
  request.set_image(start.image());
  request.set_upload_id(start.upload_id());
  v1::Upload upload;
  // What is wrong with it the stream tells as well.
  return stub.GetUpload(&context, request, &upload).ok() ? upload.durable_offset() : 0;
}

grpc::Status SendOnce(v1::FileSystemImageService::StubInterface& stub, const File& file,
                      const v1::UploadStart& start, const UploadProgress& sent,
                      v1::UploadFileResponse* response) {
  int64_t offset = DurableOffset(stub, start);
  grpc::ClientContext context;
  const auto stream = stub.UploadFile(&context, response);
  v1::UploadFileRequest request;
  *request.mutable_start() = start;
  grpc::Status read;
  // A write fails when the service has answered: Finish tells what.
  bool goes_on = stream->Write(request);
  while (goes_on && offset < start.size_bytes()) {
    v1::UploadChunk& chunk = *request.mutable_chunk();
    chunk.set_offset(offset);
    const auto size = std::min<int64_t>(kChunk, start.size_bytes() - offset);
    read = file.Read(offset, static_cast<size_t>(size), chunk.mutable_data());
    if (read.ok() && chunk.data().empty()) read = file.Error("has become shorter");
    if (!read.ok()) {
      context.TryCancel();
      break;
    }
    offset += static_cast<int64_t>(chunk.data().size());
    goes_on = stream->Write(request);
    if (sent) sent(offset);
  }
  stream->WritesDone();
  const grpc::Status status = stream->Finish();
  return read.ok() ? status : read;
}

// The first stream's end may not have been noticed yet: the next one is ABORTED.
bool IsTransient(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         (status.error_code() == grpc::StatusCode::ABORTED &&
          status.error_details().find("UPLOAD_BUSY") != std::string::npos);
}

}  // namespace

grpc::Status DescribeUpload(const std::string& local_path, const UploadProgress& hashed,
                            v1::UploadStart* start) {
  const File file(local_path);
  struct stat stat = {};
  if (const grpc::Status status = file.Stat(&stat); !status.ok()) return status;
  Sha256 digest;
  std::string bytes;
  for (int64_t offset = 0; offset < stat.st_size; offset += static_cast<int64_t>(bytes.size())) {
    const auto size = std::min<int64_t>(kChunk, stat.st_size - offset);
    const grpc::Status status = file.Read(offset, static_cast<size_t>(size), &bytes);
    if (!status.ok()) return status;
    if (bytes.empty()) return file.Error("has become shorter");
    digest.Update(bytes);
    if (hashed) hashed(offset + static_cast<int64_t>(bytes.size()));
  }
  start->set_size_bytes(stat.st_size);
  start->set_sha256(digest.Finish());
  v1::ItemAttributes& attributes = *start->mutable_attributes();
  attributes.mutable_modify_time()->set_seconds(stat.st_mtim.tv_sec);
  attributes.mutable_modify_time()->set_nanos(static_cast<int32_t>(stat.st_mtim.tv_nsec));
  attributes.set_mode(stat.st_mode & kModeBits);
  attributes.set_uid(stat.st_uid);
  attributes.set_gid(stat.st_gid);
  Sha256 name;
  name.Update(absl::StrCat(start->image(), "\n", start->sha256(), start->path()));
  start->set_upload_id(absl::BytesToHexString(name.Finish()));
  return grpc::Status::OK;
}

grpc::Status SendUpload(v1::FileSystemImageService::StubInterface& stub,
                        const std::string& local_path, const v1::UploadStart& start,
                        const UploadProgress& sent, v1::UploadFileResponse* response) {
  const File file(local_path);
  struct stat stat = {};
  if (const grpc::Status status = file.Stat(&stat); !status.ok()) return status;
  auto last_progress = std::chrono::steady_clock::now();
  while (true) {
    const grpc::Status status = SendOnce(
        stub, file, start,
        [&](int64_t bytes) {
          last_progress = std::chrono::steady_clock::now();
          if (sent) sent(bytes);
        },
        response);
    const auto waited = std::chrono::steady_clock::now() - last_progress;
    if (status.ok() || !IsTransient(status) || waited > kGiveUpAfter) return status;
    std::this_thread::sleep_for(kRetryPause);
  }
}

}  // namespace carousel::client
