#include "hal/scsi/sg/sg_node.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/file.h"
#include "hal/base/status_macros.h"

namespace carousel::scsi {
namespace {

constexpr size_t kSector = 2048;
// Half of what the largest drive buffer takes; more brings nothing and asks the kernel for memory
// in one piece.
constexpr int kWanted = 512 * 1024;
// What every host adapter of the last twenty years takes.
constexpr int kUsual = 64 * 1024;
constexpr int kOldestVersion = 30'000;  // SG_IO came with version 3 of the driver

class LinuxSgNode : public SgNode {
 public:
  LinuxSgNode(FileDescriptor fd, size_t max_transfer)
      : fd_(std::move(fd)), max_transfer_(max_transfer) {}

  int Submit(sg_io_hdr* header) override {
    return ioctl(fd_.get(), SG_IO, header) == 0 ? 0 : errno;
  }
  size_t max_transfer() const override { return max_transfer_; }

 private:
  const FileDescriptor fd_;
  const size_t max_transfer_;
};

absl::Status OpenError(const std::string& path) {
  switch (errno) {
    case ENXIO:
    case ENODEV:
      return absl::NotFoundError(absl::StrCat(path, ": there is no device behind this node"));
    case EBUSY:
      return absl::FailedPreconditionError(absl::StrCat(path, ": another process has it open"));
    default:
      return ErrnoStatus(path);
  }
}

// The largest transfer of the request queue. sg tells bytes, block devices tell sectors of 512.
int QueueLimit(int fd, bool block) {
  if (block) {
    unsigned short sectors = 0;
    return ioctl(fd, BLKSECTGET, &sectors) == 0 && sectors > 0 ? sectors * 512 : kUsual;
  }
  int bytes = 0;
  return ioctl(fd, BLKSECTGET, &bytes) == 0 && bytes > 0 ? bytes : kUsual;
}

size_t MaxTransfer(int fd, bool block) {
  int limit = std::min(kWanted, QueueLimit(fd, block));
  if (!block) {
    // The buffer that the driver keeps for this descriptor, so that no command fails for memory.
    int reserved = limit;
    if (ioctl(fd, SG_SET_RESERVED_SIZE, &reserved) == 0 &&
        ioctl(fd, SG_GET_RESERVED_SIZE, &reserved) == 0 && reserved > 0) {
      limit = std::min(limit, reserved);
    }
  }
  return std::max<size_t>(kSector, static_cast<size_t>(limit) / kSector * kSector);
}

}  // namespace

absl::StatusOr<std::unique_ptr<SgNode>> OpenSgNode(const std::string& path) {
  // O_NONBLOCK: an empty drive opens as well, and a node that another has is refused at once.
  FileDescriptor fd(open(path.c_str(), O_RDWR | O_NONBLOCK | O_EXCL | O_CLOEXEC));
  if (fd.get() < 0) return OpenError(path);
  struct stat info = {};
  if (fstat(fd.get(), &info) != 0) return ErrnoStatus(path);
  const bool block = S_ISBLK(info.st_mode);
  int version = 0;
  if ((!block && !S_ISCHR(info.st_mode)) || ioctl(fd.get(), SG_GET_VERSION_NUM, &version) != 0 ||
      version < kOldestVersion) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": not a node of a SCSI device"));
  }
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return ErrnoStatus(path);
    return absl::FailedPreconditionError(absl::StrCat(path, ": another process has locked it"));
  }
  const size_t max_transfer = MaxTransfer(fd.get(), block);
  return std::make_unique<LinuxSgNode>(std::move(fd), max_transfer);
}

}  // namespace carousel::scsi
