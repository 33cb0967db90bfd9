// What the domain and the service report for the metrics: one small interface for each kind of
// event. Plain types only, so that whoever reports knows nothing of how it is counted;
// server/metrics/metrics.h implements them, tests pass a fake. SCSI commands are reported through
// scsi::TransportObserver.
#ifndef SERVER_METRICS_OBSERVERS_H_
#define SERVER_METRICS_OBSERVERS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/changer/changer.h"

namespace carousel {

// All methods of all observers are thread-safe, do not block and do not fail.

class ValidationObserver {
 public:
  virtual ~ValidationObserver() = default;
  // Once for each SetMultisessionInterfaces that reached the rules: OK, or the error of
  // imapi::MakeError with metadata rule.
  virtual void OnValidation(const absl::Status& outcome) = 0;
};

// What an import has read.
struct ImportWork {
  int64_t entries = 0;  // files and directories
  int64_t bytes = 0;
  int64_t blocks = 0;
};

class ImportObserver {
 public:
  virtual ~ImportObserver() = default;
  // Work done since the last report of the same import. Any number of times while it runs, so that
  // rates are true while long imports run. `drive`: configured id.
  virtual void OnImportProgress(absl::string_view drive, const ImportWork& added) = 0;
  // Once at the end, after the last OnImportProgress. `total` is the whole import's work; `took` is
  // the time by the robot's clock.
  virtual void OnImportEnd(absl::string_view drive, const absl::Status& outcome,
                           const ImportWork& total, absl::Duration took) = 0;
};

class MoveObserver {
 public:
  virtual ~MoveObserver() = default;
  // Once for each move that the changer was told to make.
  virtual void OnMove(MoveOutcome outcome, absl::Duration took) = 0;
};

// One WriteImage that has asked the drive.
struct BurnEnd {
  absl::string_view drive;       // configured id
  absl::string_view media;       // the profile's name
  absl::string_view disc_state;  // a name of DiscCondition
  absl::Status outcome;
  int64_t bytes = 0;  // written to the disc
  absl::Duration took;
  // The drive refused an address as not the next writable one.
  bool wrong_address = false;
  // Of what lay ready for the drive: its size, the least that was left, how often it ran dry.
  int64_t buffer_bytes = 0;
  int64_t lowest_buffer_bytes = 0;
  int64_t times_dry = 0;
};

class BurnObserver {
 public:
  virtual ~BurnObserver() = default;
  // Once, at its end, verification included. `took`: by the robot's clock.
  virtual void OnBurnEnd(const BurnEnd& end) = 0;
};

// One EraseMedia, CloseDisc, RepairDisc or VerifySession that has had the drive.
struct DiscJobEnd {
  absl::string_view kind;        // a name of OperationKind
  absl::string_view disc_state;  // a name of DiscCondition
  absl::Status outcome;
  absl::Duration took;
};

class DiscJobObserver {
 public:
  virtual ~DiscJobObserver() = default;
  // Once, at its end. `took`: by the robot's clock.
  virtual void OnDiscJobEnd(const DiscJobEnd& end) = 0;
};

// What one write to the journal records.
enum class JournalRecord : uint8_t {
  kOperation,
  kOperationEnd,
  kIntent,
  kOutcome,
  kAcknowledgement,
  kRemoval,
};

class JournalObserver {
 public:
  virtual ~JournalObserver() = default;
  // Once for each commit, OK when the disk has it. `took`: the commit alone.
  virtual void OnJournalWrite(JournalRecord record, const absl::Status& outcome,
                              absl::Duration took) = 0;
  // Discs that nothing writes before somebody has looked at them; at the opening of the journal and
  // after each change.
  virtual void OnHeldDiscs(int64_t discs) = 0;
};

// Calls of one method.
class GrpcMethodObserver {
 public:
  virtual ~GrpcMethodObserver() = default;
  virtual void OnStarted() = 0;
  virtual void OnMessageReceived() = 0;
  virtual void OnMessageSent() = 0;
  // At the end of the call, whatever ended it. absl's codes are gRPC's, number for number.
  virtual void OnHandled(absl::StatusCode code, absl::Duration took) = 0;
};

class GrpcObserver {
 public:
  virtual ~GrpcObserver() = default;
  // The observer of a method by its path ("/carousel.v1.RobotService/GetRobot"); never null, lives
  // as long as this object. A path that the server does not serve gets the one of all such paths.
  // Does not allocate.
  virtual GrpcMethodObserver* Method(absl::string_view path) = 0;
};

}  // namespace carousel

#endif  // SERVER_METRICS_OBSERVERS_H_
