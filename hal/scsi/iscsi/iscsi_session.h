// One iSCSI session with one target, by libiscsi: connect, log in, send one SCSI command at a time.
// Once lost it stays lost. Used from one thread at a time.
#ifndef HAL_SCSI_ISCSI_ISCSI_SESSION_H_
#define HAL_SCSI_ISCSI_ISCSI_SESSION_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hal/scsi/command.h"

struct iscsi_context;
struct scsi_task;

namespace carousel::scsi {

// Where a logical unit is and who asks for it.
struct IscsiAddress {
  std::string portal;     // "192.0.2.7:3260", "[2001:db8::7]:3260", a name and a port
  std::string target;     // "iqn.2026-11.example:robot1"
  int lun = 0;            // 0 to 16,383
  std::string initiator;  // "iqn.2026-11.example:carousel"
  // CHAP; without a user none is offered.
  std::string chap_user;
  std::string chap_secret_file;  // its first line is the secret
  // For connecting and logging in together.
  absl::Duration login_timeout = absl::Seconds(15);
};

class IscsiSession {
 public:
  // Connects and logs in. UNAVAILABLE, DEADLINE_EXCEEDED: the portal or the target does not answer.
  // PERMISSION_DENIED: the target refuses the initiator or its secret. NOT_FOUND: there is no such
  // target, or no file with the secret. INVALID_ARGUMENT: libiscsi does not take a name.
  static absl::StatusOr<std::unique_ptr<IscsiSession>> Open(const IscsiAddress& address);
  ~IscsiSession();
  IscsiSession(const IscsiSession&) = delete;
  IscsiSession& operator=(const IscsiSession&) = delete;

  // As Transport::Execute. A command that is not answered in time is aborted at the target; where
  // the target does not answer that either, the session is given up.
  absl::StatusOr<Result> Execute(const Command& command);

  bool lost() const { return lost_; }

 private:
  // What a callback has been told.
  struct Waiting {
    bool done = false;
    int status = 0;
  };
  static void Note(iscsi_context* context, int status, void* command_data, void* waiting);

  IscsiSession(iscsi_context* context, const IscsiAddress& address);
  absl::Status LogIn(const IscsiAddress& address);
  // Runs the connection until `waiting` is done. DEADLINE_EXCEEDED; UNAVAILABLE: the connection is
  // lost.
  absl::Status Await(const Waiting& waiting, absl::Time deadline);
  absl::Status Abort(scsi_task* task, const Waiting& waiting);
  std::string Error() const;

  iscsi_context* const context_;
  const std::string name_;
  const int lun_;
  bool lost_ = false;
};

}  // namespace carousel::scsi

#endif  // HAL_SCSI_ISCSI_ISCSI_SESSION_H_
