// scsi::Transport to the virtual changer.
#ifndef HAL_VIRTUAL_ROBOT_VIRTUAL_CHANGER_TRANSPORT_H_
#define HAL_VIRTUAL_ROBOT_VIRTUAL_CHANGER_TRANSPORT_H_

#include <cstddef>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/base/clock.h"
#include "hal/scsi/transport.h"
#include "hal/virtual_robot/virtual_changer.h"

namespace carousel::virtual_robot {

class VirtualChangerTransport : public scsi::Transport {
 public:
  // `clock`, the changer's, must outlive the transport.
  VirtualChangerTransport(std::shared_ptr<VirtualChanger> changer, Clock* clock)
      : changer_(std::move(changer)) {
    set_clock(clock);
  }

  size_t max_transfer() const override { return 512 * 1024; }
  absl::string_view name() const override { return "virtual changer"; }

 private:
  absl::StatusOr<scsi::Result> DoExecute(const scsi::Command& command) override {
    return changer_->Execute(command);
  }

  const std::shared_ptr<VirtualChanger> changer_;
};

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_VIRTUAL_CHANGER_TRANSPORT_H_
