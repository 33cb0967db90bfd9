// WriteImage on the drive's thread: a result image onto the disc, and then, if that is asked for,
// whether it is there. What it is part of (operation, image, lease) is BurnJobs' affair.
//
//   facts -> (the image's disc, or a blank one?) -> BurnRun -> facts -> VerifyRun
#ifndef SERVER_BURN_WRITE_RUN_H_
#define SERVER_BURN_WRITE_RUN_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "hal/drive/drive.h"
#include "hal/mmc/speed.h"
#include "server/burn/burn_control.h"
#include "server/burn/burn_journal.h"
#include "server/burn/burn_report.h"
#include "server/burn/verify_control.h"
#include "server/burn/verify_run.h"
#include "server/burn/write_report.h"
#include "server/disc_format/media_facts.h"
#include "server/mastering/result_image.h"

namespace carousel {

struct WriteOptions {
  std::optional<mmc::SectorsPerSecond> speed;
  std::optional<VerifyLevel> verify;
  bool close = false;
  bool simulate = false;
};

// One run, on the device's thread; Cancel and progress from any.
class WriteRun {
 public:
  // Reads a drive's facts anew (ReadMediaFacts).
  using ReadFacts = std::function<absl::StatusOr<MediaFacts>(Drive&)>;
  // Makes the journal of a burn onto the disc of these facts.
  using NewJournal = std::function<std::unique_ptr<BurnJournal>(const MediaFacts&)>;

  // `clock`, the robot's, must outlive the run.
  WriteRun(std::shared_ptr<const ResultImage> image, WriteOptions options, ReadFacts read_facts,
           NewJournal new_journal, Clock* clock);

  // Writes and verifies. Blocks for as long as the disc takes. Called once. Codes of BurnRun and
  // VerifyRun, all with metadata disc_state; E_IMAPI_DF2DATA_MEDIA_NOT_BLANK: the image continues
  // no disc, and this one has sessions. Never UNAVAILABLE once something was written.
  absl::StatusOr<WriteReport> Run(Drive& drive);

  // Asks for the end at the next safe point. A session whose last sector was written is closed.
  void Cancel();
  WriteProgress progress() const ABSL_LOCKS_EXCLUDED(mutex_);

  // For whoever counts, after the run: the burn's report, and the medium by its profile.
  const BurnReport& burn() const { return burn_; }
  mmc::Profile profile() const { return profile_; }
  absl::Duration verify_time() const { return verify_time_; }
  const absl::Status& verified() const { return verified_; }

 private:
  absl::StatusOr<WriteReport> Write(Drive& drive);
  absl::StatusOr<MediaFacts> FactsOfDisc(Drive& drive) const;
  absl::Status Verify(Drive& drive, const MediaFacts& facts);
  void SetCondition(DiscCondition condition) ABSL_LOCKS_EXCLUDED(mutex_);

  const std::shared_ptr<const ResultImage> image_;
  const WriteOptions options_;
  const ReadFacts read_facts_;
  const NewJournal new_journal_;
  Clock& clock_;
  BurnControl burn_control_;
  VerifyControl verify_control_;
  mmc::Profile profile_ = mmc::Profile::kNone;
  BurnReport burn_;
  absl::Status verified_;
  absl::Duration verify_time_;

  mutable Mutex mutex_;
  DiscCondition condition_ ABSL_GUARDED_BY(mutex_) = DiscCondition::kUntouched;
  std::optional<absl::Time> begin_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Time> end_ ABSL_GUARDED_BY(mutex_);
  bool verifying_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace carousel

#endif  // SERVER_BURN_WRITE_RUN_H_
