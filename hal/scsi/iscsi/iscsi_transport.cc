#include "hal/scsi/iscsi/iscsi_transport.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"

namespace carousel::scsi {

IscsiTransport::IscsiTransport(IscsiAddress address, std::unique_ptr<IscsiSession> session)
    : address_(std::move(address)),
      name_(absl::StrCat(address_.target, " LUN ", address_.lun)),
      session_(std::move(session)) {}

absl::StatusOr<Result> IscsiTransport::DoExecute(const Command& command) {
  if (session_ == nullptr) {
    absl::StatusOr<std::unique_ptr<IscsiSession>> session = IscsiSession::Open(address_);
    if (!session.ok()) {
      return absl::UnavailableError(absl::StrCat("no session, nothing was sent: ",
                                                 absl::string_view(session.status().message())));
    }
    session_ = *std::move(session);
  }
  absl::StatusOr<Result> result = session_->Execute(command);
  if (session_->lost()) session_.reset();
  return result;
}

absl::StatusOr<std::unique_ptr<Transport>> OpenIscsi(const IscsiAddress& address) {
  ASSIGN_OR_RETURN(std::unique_ptr<IscsiSession> session, IscsiSession::Open(address));
  return std::make_unique<IscsiTransport>(address, std::move(session));
}

}  // namespace carousel::scsi
