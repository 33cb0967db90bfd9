// A disc, or an image of one, in a file.
#ifndef SERVER_FS_FILE_BLOCK_READER_H_
#define SERVER_FS_FILE_BLOCK_READER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/fs/block_reader.h"

namespace carousel {

// Thread-safe.
class FileBlockReader : public BlockReader {
 public:
  // Opens `path`, whose byte 0 is byte 0 of sector 0. Its length now, a part of a sector at its end
  // left out, is what can be read. NOT_FOUND, PERMISSION_DENIED and other codes of errno.
  static absl::StatusOr<std::unique_ptr<FileBlockReader>> Open(const std::string& path);
  ~FileBlockReader() override;

  // DATA_LOSS: the file cannot be read there, or has become shorter.
  absl::Status Read(Lba start, absl::Span<uint8_t> out) override;
  Lba end() const override { return end_; }

 private:
  FileBlockReader(int fd, Lba end) : fd_(fd), end_(end) {}
  const int fd_;
  const Lba end_;
};

}  // namespace carousel

#endif  // SERVER_FS_FILE_BLOCK_READER_H_
