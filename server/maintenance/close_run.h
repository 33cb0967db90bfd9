// One close on the disc in a drive: of a session that a burn has left open, of a format that has
// not ended, or of the disc for ever.
//
//   look -> named disc? -> what is there to close? -> page 05h, if the medium has one
//        -> journal: intent -> CLOSE TRACK -> CLOSE SESSION -> journal: outcome -> look
//
// What was cut short stays cut short: a closed session that was not written to its end is one whose
// files nobody knows.
#ifndef SERVER_MAINTENANCE_CLOSE_RUN_H_
#define SERVER_MAINTENANCE_CLOSE_RUN_H_

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hal/base/types.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/drive.h"
#include "hal/drive/media_state.h"
#include "server/maintenance/maintenance_run.h"

namespace carousel {

enum class CloseMode : uint8_t {
  kSession,  // the disc takes another one
  kDisc,     // it takes none any more
};

struct CloseChoice {
  const BurnRow* row = nullptr;
  // Of the session that is closed, or of the last one.
  Lba start;
  std::optional<TrackNumber> track;  // CLOSE TRACK before
  SessionClose how = SessionClose::kNone;
};

// What has to be sent. Pure. As imapi::MakeError with metadata media:
// E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED: the service does not write the medium;
// E_IMAPI_DF2DATA_INVALID_MEDIA_STATE: there is nothing to close, or it is closed;
// E_NOTIMPL: the medium is not closed for ever, or only together with its next session;
// E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED.
absl::StatusOr<CloseChoice> ChooseClose(const MediaState& state, CloseMode mode);

// Its errors beside MaintenanceRun's: those of ChooseClose;
// E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE: the drive says that it is done, and shows it not.
class CloseRun : public MaintenanceRun {
 public:
  CloseRun(CloseMode mode, MaintenanceSubject subject, Surroundings surroundings)
      : MaintenanceRun(std::move(subject), std::move(surroundings)), mode_(mode) {}

 private:
  absl::Status DoCheck(Drive& drive, const Found& found) override;
  absl::Status DoChange(Drive& drive, const Found& found) override;
  absl::Status DoConfirm(Drive& drive, const Found& now) override;

  const CloseMode mode_;
  CloseChoice choice_;
};

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_CLOSE_RUN_H_
