// Where a command puts the bytes of a stream: stdout, or a file that is there whole or not at all.
#ifndef CLIENTS_CLI_BYTE_OUTPUT_H_
#define CLIENTS_CLI_BYTE_OUTPUT_H_

#include <cstdio>
#include <string>

#include "absl/strings/string_view.h"

namespace carousel::cli {

// A file is written beside its place and renamed by Close. Methods throw CommandFailed where the
// system refuses.
class ByteOutput {
 public:
  // "-": stdout.
  explicit ByteOutput(std::string path);
  // Removes what Close has not put into its place.
  ~ByteOutput();
  ByteOutput(const ByteOutput&) = delete;
  ByteOutput& operator=(const ByteOutput&) = delete;

  void Write(absl::string_view bytes);
  void Close();

 private:
  [[noreturn]] void Fail(absl::string_view what) const;

  const std::string path_;
  std::string unfinished_;  // what is written; empty: stdout, or closed
  std::FILE* file_ = nullptr;
};

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_BYTE_OUTPUT_H_
