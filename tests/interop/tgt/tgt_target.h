// Debian's tgtd as a process of the test: an iSCSI target on loopback whose changer and drives
// nobody here has written.
#ifndef TESTS_INTEROP_TGT_TGT_TARGET_H_
#define TESTS_INTEROP_TGT_TGT_TARGET_H_

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hal/scsi/iscsi/iscsi_session.h"

namespace carousel {

// One target with one number of `tgtadm`, alone with its daemon.
class TgtTarget {
 public:
  // `environment`: what the daemon is given beside PATH. Its files are below `folder`, whose path
  // is short.
  TgtTarget(std::string folder, std::map<std::string, std::string> environment);
  ~TgtTarget();
  TgtTarget(const TgtTarget&) = delete;
  TgtTarget& operator=(const TgtTarget&) = delete;

  // Starts the daemon on a port that is free, makes the target, and runs `setup` before initiators
  // may come. Again after Kill: on the same port.
  absl::Status Start(const std::vector<std::string>& setup);

  // tgtadm with these words, `--lld iscsi` and the control port among them. INTERNAL: what it says.
  absl::Status Admin(absl::string_view words);

  void Kill();      // SIGKILL
  void Suspend();   // SIGSTOP
  void Continue();  // SIGCONT

  // Of a logical unit.
  scsi::IscsiAddress Address(int lun) const;
  const std::string& folder() const { return folder_; }

 private:
  absl::Status StartDaemon();

  const std::string folder_;
  const std::map<std::string, std::string> environment_;
  int port_ = 0;
  pid_t daemon_ = 0;
};

}  // namespace carousel

#endif  // TESTS_INTEROP_TGT_TGT_TARGET_H_
