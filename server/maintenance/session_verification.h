// Verifies one session of the disc in a drive by what is known of it: the digest that the journal
// has of its burn, or else the manifest that it carries. Releases the disc in the journal where
// that proves what is on it.
//
//   look -> which session? -> digest in the journal? -- yes --> VerifyRun
//                                 | no                             |
//                                 v                                v
//                    (reload) -> tree, manifest -> files ----> settle, release -> report
//
// Only FULL proves anything; it reads all of it after the drive has forgotten what it held.
#ifndef SERVER_MAINTENANCE_SESSION_VERIFICATION_H_
#define SERVER_MAINTENANCE_SESSION_VERIFICATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hal/base/clock.h"
#include "hal/base/types.h"
#include "hal/drive/drive.h"
#include "hal/drive/media_state.h"
#include "server/burn/verify_control.h"
#include "server/burn/verify_run.h"
#include "server/digest/sha256.h"
#include "server/disc_format/media_facts.h"
#include "server/journal/journal.h"
#include "server/maintenance/disc_sessions.h"
#include "server/maintenance/maintenance_run.h"
#include "server/maintenance/manifest_check.h"

namespace carousel {

// What the session was held against.
enum class VerifyBasis : uint8_t { kNothing, kJournal, kManifest };

struct SessionVerificationReport {
  absl::Status status;
  VerifyLevel level = VerifyLevel::kFull;
  VerifyBasis basis = VerifyBasis::kNothing;
  // Number 0: the disc has no complete session, and what the journal held of it is settled.
  DiscSession session;
  // Of the volume, as the disc has it; with the journal's digest, or without anything, FULL.
  std::optional<Sha256Digest> sha256;
  Sectors compared;
  int64_t repeats = 0;
  // The manifest's header, and what became of its files.
  std::string session_id, job, program;
  int64_t files = 0;
  std::vector<FileFault> faults;
  std::vector<std::string> warnings;
  // Actions of the journal that this verification has settled, and that hold the disc still.
  int settled = 0;
  int held = 0;
  std::optional<MediaFacts> facts;
};

// For one verification, on the device's thread.
class SessionVerification {
 public:
  struct Request {
    VerifyLevel level = VerifyLevel::kFull;
    int session = 0;  // 0: the last
    MaintenanceSubject subject;
  };
  // All must outlive the verification. `clock`: the robot's.
  struct Surroundings {
    MaintenanceRun::ReadFacts read_facts;
    Journal* journal = nullptr;
    VerifyControl* control = nullptr;
    Clock* clock = nullptr;
  };

  SessionVerification(Request request, Surroundings surroundings);

  // Blocks for as long as the disc takes. Called once. The report's status, as imapi::MakeError:
  // the codes of VerifyRun; E_IMAPI_BURN_VERIFICATION_FAILED also with metadata cause file (path,
  // fault, faults) or file_system; E_IMAPI_RECORDER_MEDIA_NO_MEDIA;
  // E_IMAPI_DF2DATA_INVALID_MEDIA_STATE: the disc has no complete session. INVALID_FIELD (session):
  // it has none of that number. The journal's.
  SessionVerificationReport Run(Drive& drive);

 private:
  absl::Status Verify(Drive& drive);
  absl::Status Look(Drive& drive);
  absl::Status ChooseSession(Drive& drive);
  absl::StatusOr<std::optional<Sha256Digest>> FindDigest();
  absl::Status VerifyAgainst(Drive& drive, const std::optional<Sha256Digest>& digest);
  absl::Status VerifyByManifest(Drive& drive);
  absl::Status ReadFiles(BlockReader& disc, const SessionManifest& session);
  absl::Status Judge() const;
  // `proven`: the session is what it was meant to be.
  absl::Status Settle(Drive& drive, bool proven);
  absl::Status Release(const ActionRecord& action);
  absl::StatusOr<int> CountHeld();
  DiscIdentity identity() const;

  const Request request_;
  const Surroundings surroundings_;
  MediaState state_;
  SessionVerificationReport report_;
};

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_SESSION_VERIFICATION_H_
