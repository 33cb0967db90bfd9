// scsi::Transport by iSCSI. A session that is lost is opened anew at the next command, which was
// not sent before; the device tells of the new session by a unit attention (6/29), which is passed
// on.
#ifndef HAL_SCSI_ISCSI_ISCSI_TRANSPORT_H_
#define HAL_SCSI_ISCSI_ISCSI_TRANSPORT_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/scsi/iscsi/iscsi_session.h"
#include "hal/scsi/transport.h"

namespace carousel::scsi {

class IscsiTransport : public Transport {
 public:
  IscsiTransport(IscsiAddress address, std::unique_ptr<IscsiSession> session);

  // libiscsi cuts it into what the target takes.
  size_t max_transfer() const override { return 256 * 1024; }
  absl::string_view name() const override { return name_; }

 private:
  absl::StatusOr<Result> DoExecute(const Command& command) override;

  const IscsiAddress address_;
  const std::string name_;
  std::unique_ptr<IscsiSession> session_;  // null: lost
};

// Opens a session. Codes of IscsiSession::Open.
absl::StatusOr<std::unique_ptr<Transport>> OpenIscsi(const IscsiAddress& address);

}  // namespace carousel::scsi

#endif  // HAL_SCSI_ISCSI_ISCSI_TRANSPORT_H_
