// A device node of Linux that takes SG_IO: /dev/sgN, or /dev/srN where there is no sg. The seam
// between the transport and the kernel.
#ifndef HAL_SCSI_SG_SG_NODE_H_
#define HAL_SCSI_SG_SG_NODE_H_

#include <scsi/sg.h>

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace carousel::scsi {

class SgNode {
 public:
  virtual ~SgNode() = default;
  // ioctl SG_IO: blocks until the kernel has completed the header. 0, or the errno.
  virtual int Submit(sg_io_hdr* header) = 0;
  // Largest transfer in bytes that the node takes; a positive multiple of 2048.
  virtual size_t max_transfer() const = 0;
};

// Opens the node for this process alone: O_EXCL keeps out what asks for the same, on sg whoever
// opens it, on sr mounts too; an flock keeps udev from probing and, where a program does not ask
// for O_EXCL, those that look for the lock. Neither waits.
//
// NOT_FOUND: no such node, or no device behind it. PERMISSION_DENIED: the user may not read and
// write it. FAILED_PRECONDITION: another process has it. INVALID_ARGUMENT: not a SCSI device node.
absl::StatusOr<std::unique_ptr<SgNode>> OpenSgNode(const std::string& path);

}  // namespace carousel::scsi

#endif  // HAL_SCSI_SG_SG_NODE_H_
