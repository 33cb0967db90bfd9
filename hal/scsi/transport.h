// The one-call seam between the service and a SCSI device. Back ends: sg, iscsi, the virtual robot;
// tests script it.
#ifndef HAL_SCSI_TRANSPORT_H_
#define HAL_SCSI_TRANSPORT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/scsi/command.h"

namespace carousel::scsi {

// Told of every command that a transport has carried. Called on the device's thread; must not
// block.
class TransportObserver {
 public:
  virtual ~TransportObserver() = default;
  // `result` is not OK if the command did not reach the device or no answer came. `took` is by the
  // transport's clock.
  virtual void OnCommand(const Command& command, const absl::StatusOr<Result>& result,
                         absl::Duration took) = 0;
};

// Owned by, and used from, one thread: the device's. A command outcome that is an error status is
// *unknown*: the device may have executed the command. Nothing is ever sent twice by a transport.
class Transport {
 public:
  virtual ~Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  // Sends `command` and blocks until the device has answered or command.timeout has passed.
  //
  // OK: the device answered; look at Result::status, which may be CHECK CONDITION.
  // INVALID_ARGUMENT: the command is malformed (CDB size, both directions, transfer larger than
  // max_transfer()); nothing was sent. DEADLINE_EXCEEDED: no answer within command.timeout; the
  // outcome is unknown. UNAVAILABLE: the device cannot be reached, or the connection or the host
  // adapter failed on the way; the outcome is unknown. PERMISSION_DENIED: the system does not let
  // this process send it; nothing was sent.
  absl::StatusOr<Result> Execute(const Command& command);

  // Largest data_in or data_out in bytes; a positive multiple of 2048.
  virtual size_t max_transfer() const = 0;
  // What the device is reached by, for people ("/dev/sg3", "virtual drive 0").
  virtual absl::string_view name() const = 0;

  // May be null; must outlive the transport.
  void set_observer(TransportObserver* observer) { observer_ = observer; }
  // What commands are timed by, for the observer; null: the machine's clock. Outlives the
  // transport.
  void set_clock(Clock* clock) { clock_ = clock; }

 protected:
  Transport() = default;

 private:
  virtual absl::StatusOr<Result> DoExecute(const Command& command) = 0;
  absl::Time Now() const;

  TransportObserver* observer_ = nullptr;
  Clock* clock_ = nullptr;
};

}  // namespace carousel::scsi

#endif  // HAL_SCSI_TRANSPORT_H_
