#include "hal/scsi/sg/sg_transport.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/scsi/sg/scan.h"
#include "hal/scsi/sg/sg_io.h"

namespace carousel::scsi {

SgTransport::SgTransport(std::unique_ptr<SgNode> node, std::string name)
    : node_(std::move(node)), name_(std::move(name)) {}

absl::StatusOr<Result> SgTransport::DoExecute(const Command& command) {
  if (gone_) return absl::UnavailableError(absl::StrCat(name_, ": the device is gone"));
  std::array<uint8_t, kSgSenseSize> sense = {};
  sg_io_hdr header = MakeSgIo(command, &sense);
  const int error = node_->Submit(&header);
  switch (error) {
    case 0:
      gone_ = IsGone(header);
      return JudgeSgIo(header, name_);
    case EPERM:
    case EACCES:
      return absl::PermissionDeniedError(absl::StrCat(
          name_, ": the system does not let this user send ", OpcodeName(command.opcode()),
          "; /dev/sg nodes have no such filter for who may write to them"));
    case ENODEV:
    case ENXIO:
      gone_ = true;
      return absl::UnavailableError(absl::StrCat(name_, ": the device is gone"));
    default:
      // A signal among them: the command may have been sent.
      return absl::UnavailableError(absl::StrCat(name_, ": SG_IO: ", std::strerror(error)));
  }
}

absl::StatusOr<std::unique_ptr<Transport>> OpenSg(const SgAddress& address,
                                                  const std::string& sysfs) {
  std::string path = address.path;
  if (path.empty()) {
    ASSIGN_OR_RETURN(const ScsiDevice device, FindBySerial(ScanScsiDevices(sysfs), address.serial));
    path = device.sg_path;
  }
  ASSIGN_OR_RETURN(std::unique_ptr<SgNode> node, OpenSgNode(path));
  return std::make_unique<SgTransport>(std::move(node), path);
}

}  // namespace carousel::scsi
