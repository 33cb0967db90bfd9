// What erasures, closes and repairs have in common: a task of the drive's station that looks at the
// disc, changes it under the journal's eyes while the drive keeps it, and looks again.
#ifndef SERVER_MAINTENANCE_MAINTENANCE_RUN_H_
#define SERVER_MAINTENANCE_MAINTENANCE_RUN_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hal/drive/burn_status.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/drive.h"
#include "hal/drive/media_state.h"
#include "server/disc_format/media_facts.h"
#include "server/journal/action.h"
#include "server/journal/journal.h"
#include "server/maintenance/journaled_action.h"
#include "server/maintenance/maintenance_control.h"

namespace carousel {

// Which disc is meant, and for whom.
struct MaintenanceSubject {
  std::string operation;  // id; the journal has it
  std::string drive;      // id
  std::string barcode;    // empty if not known
  // MediaFacts::disc_identifier that the caller has named; empty if it has not.
  std::string disc_identifier;
};

struct MaintenanceReport {
  // Never UNAVAILABLE once a command that changes the disc was sent.
  absl::Status status;
  // Of all commands that change the disc. kNone: it is as it was.
  DiscEffect effect = DiscEffect::kNone;
  // As the drive shows the disc afterwards, also after a failure; absent where it does not answer.
  std::optional<MediaFacts> facts;
  std::optional<MediaState> state;
  // Not OK: the drive still keeps the disc.
  absl::Status removal;
};

// For one run, on the device's thread.
class MaintenanceRun {
 public:
  // Reads a drive's facts anew (ReadMediaFacts).
  using ReadFacts = std::function<absl::StatusOr<MediaFacts>(Drive&)>;
  // What it works with; all must outlive the run.
  struct Surroundings {
    ReadFacts read_facts;
    Journal* journal = nullptr;
    MaintenanceControl* control = nullptr;
  };

  MaintenanceRun(MaintenanceSubject subject, Surroundings surroundings);
  virtual ~MaintenanceRun() = default;

  // Blocks for as long as the disc takes. Called once. The report's status, as imapi::MakeError:
  // E_IMAPI_RECORDER_MEDIA_NO_MEDIA; IMAPI_E_DISC_MISMATCH (metadata property, planned, found): it
  // is not the disc that was named; E_IMAPI_DF2DATA_RECORDER_NOT_SUPPORTED: the drive only reads;
  // E_IMAPI_REQUEST_CANCELLED; the drive's as imapi::FromDevice has them; the journal's; those of
  // DoCheck and DoChange.
  MaintenanceReport Run(Drive& drive);

 protected:
  // What is known of the disc before it is changed.
  struct Found {
    MediaFacts facts;
    MediaState state;
  };

 private:
  // Why this disc is not to be changed; sends nothing that changes it.
  virtual absl::Status DoCheck(Drive& drive, const Found& found) = 0;
  // Changes it, by Change.
  virtual absl::Status DoChange(Drive& drive, const Found& found) = 0;
  // Whether it is now as it was to become; after a change that went well.
  virtual absl::Status DoConfirm(Drive& drive, const Found& now) = 0;

  absl::Status RunAll(Drive& drive);
  absl::StatusOr<Found> Look(Drive& drive);
  absl::Status CheckDisc(const MediaFacts& facts) const;

 protected:
  // `body` sends the action's commands and notes each. Errors of JournaledAction::Begin: nothing
  // was sent.
  absl::Status Change(ActionIntent intent,
                      const std::function<absl::Status(JournaledAction&)>& body);
  void Show(MaintenanceAction action);
  OnProgress ShowPart();
  const MaintenanceSubject& subject() const { return subject_; }
  const DiscIdentity& identity() const { return identity_; }
  Journal& journal() const { return *surroundings_.journal; }

 private:
  const MaintenanceSubject subject_;
  const Surroundings surroundings_;
  MaintenanceProgress progress_;
  // Of the disc that was found.
  DiscIdentity identity_;
  MaintenanceReport report_;
};

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_MAINTENANCE_RUN_H_
