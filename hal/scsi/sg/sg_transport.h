// scsi::Transport by Linux' SG_IO.
//
//   (open) --ENODEV, DID_NO_CONNECT--> (gone)
//
// A device that is gone stays gone: every command is UNAVAILABLE, and whoever owns the transport
// opens another one, which may be another device by then and says so by its serial number.
#ifndef HAL_SCSI_SG_SG_TRANSPORT_H_
#define HAL_SCSI_SG_SG_TRANSPORT_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/scsi/sg/sg_node.h"
#include "hal/scsi/transport.h"

namespace carousel::scsi {

class SgTransport : public Transport {
 public:
  // `name`: the node's path.
  SgTransport(std::unique_ptr<SgNode> node, std::string name);

  size_t max_transfer() const override { return node_->max_transfer(); }
  absl::string_view name() const override { return name_; }

 private:
  absl::StatusOr<Result> DoExecute(const Command& command) override;

  const std::unique_ptr<SgNode> node_;
  const std::string name_;
  bool gone_ = false;
};

// Where a device is found. Exactly one is set.
struct SgAddress {
  std::string path;    // "/dev/sg3", "/dev/disk/by-path/...", any link to a node
  std::string serial;  // unit serial number as sysfs has it (VPD page 80h)
};

// Opens the device; its node is looked for anew each time, since numbers of sg change when devices
// come and go. `sysfs`: where that is mounted. Codes of OpenSgNode and FindBySerial.
absl::StatusOr<std::unique_ptr<Transport>> OpenSg(const SgAddress& address,
                                                  const std::string& sysfs = "/sys");

}  // namespace carousel::scsi

#endif  // HAL_SCSI_SG_SG_TRANSPORT_H_
