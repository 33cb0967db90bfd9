#include "server/spool/content_reader.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "hal/base/status_macros.h"
#include "server/spool/read_at.h"

namespace carousel {

absl::StatusOr<std::unique_ptr<ContentReader>> ContentReader::Open(const std::string& path,
                                                                   int64_t size) {
  ASSIGN_OR_RETURN(FileDescriptor file, OpenFile(path, O_RDONLY | O_NOFOLLOW));
  struct stat stat = {};
  if (fstat(file.get(), &stat) != 0) return ErrnoStatus("a content of the spool");
  if (stat.st_size != size) return absl::DataLossError("a content of the spool has another size");
  return std::unique_ptr<ContentReader>(new ContentReader(std::move(file), size));
}

absl::Status ContentReader::Read(int64_t offset, absl::Span<uint8_t> out) const {
  if (offset < 0 || offset > size_ || out.size() > static_cast<uint64_t>(size_ - offset))
    return absl::OutOfRangeError("outside the content");
  return ReadAt(file_.get(), offset, out);
}

}  // namespace carousel
