#include "clients/cli/byte_output.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/session.h"

namespace carousel::cli {

ByteOutput::ByteOutput(std::string path) : path_(std::move(path)) {
  if (path_ == "-") {
    file_ = stdout;
    return;
  }
  unfinished_ = absl::StrCat(path_, ".part");
  file_ = std::fopen(unfinished_.c_str(), "wb");
  if (file_ == nullptr) Fail("cannot be opened");
}

ByteOutput::~ByteOutput() {
  if (unfinished_.empty() || file_ == nullptr) return;
  std::fclose(file_);
  std::remove(unfinished_.c_str());
}

void ByteOutput::Write(absl::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) Fail("cannot be written");
}

void ByteOutput::Close() {
  if (std::fflush(file_) != 0) Fail("cannot be written");
  if (unfinished_.empty()) return;
  const int closed = std::fclose(std::exchange(file_, nullptr));
  const std::string unfinished = std::exchange(unfinished_, "");
  if (closed == 0 && std::rename(unfinished.c_str(), path_.c_str()) == 0) return;
  const int error = errno;
  std::remove(unfinished.c_str());
  errno = error;
  Fail("cannot be written");
}

void ByteOutput::Fail(absl::string_view what) const {
  const int error = errno;
  throw CommandFailed{{.code = grpc::StatusCode::FAILED_PRECONDITION,
                       .message = absl::StrCat(path_ == "-" ? "the output" : path_, " ", what, ": ",
                                               std::strerror(error))}};
}

}  // namespace carousel::cli
