// One burn: a planned session onto the disc in a drive, in one task of the drive's station.
//
//   validate: facts = plan's? ------------- no ----------------------> (nothing written)
//      | identity, generation, NWA                                          ^
//   prevent removal, speed, page 05h, OPC -- error, cancel -----------------+
//   the first sectors are made ------------- source fails, cancel ----------+
//      | NWA and generation again ----------- changed ----------------------+
//   journal: intent ------------------------ error ------------------------+
//      |
//   +->WRITE --------- drive fails ---> (in doubt or part) -----------------+
//   +--+ whole units                                                        |
//      |          \--- cancel, source fails ---> SYNCHRONIZE --> (part) ----+
//   SYNCHRONIZE ----------------------- error ---> (in doubt) --------------+
//      | overwritten in place: read the session back, then WRITE the        |
//      | superblock, SYNCHRONIZE; before that the disc reads as it was       |
//   journal: outcome                                                        |
//      |                                                                    |
//   journal: intent, CLOSE TRACK, CLOSE SESSION, journal: outcome -- error -+
//      |                                                                    v
//   (session closed) ------------------------> allow removal, read the state, report
//
// The sectors are made and hashed on another thread (BurnPipeline); this one writes them.
// A burn that ends in part leaves the session open: what becomes of it is for others to decide.
// It verifies nothing else, retries nothing (DiscWriter does, where a WRITE was not taken), formats
// nothing, and is not for sessions and discs that are written at once.
#ifndef SERVER_BURN_BURN_RUN_H_
#define SERVER_BURN_BURN_RUN_H_

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/drive/burn_status.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/drive.h"
#include "hal/mmc/speed.h"
#include "server/burn/burn_control.h"
#include "server/burn/burn_journal.h"
#include "server/burn/burn_pipeline.h"
#include "server/burn/burn_report.h"
#include "server/disc_format/media_facts.h"
#include "server/mastering/content.h"
#include "server/mastering/plan.h"

namespace carousel {

struct BurnRequest {
  // Facts of the disc that the plan was made for, of the generation in which it is to be written.
  MediaFacts disc;
  // Both must outlive the burn, which reads `contents` on a thread of its own; nobody else may.
  const mastering::Plan* plan = nullptr;
  mastering::ContentSource* contents = nullptr;
  // Absent: as the drive thinks best.
  std::optional<mmc::SectorsPerSecond> speed;
  // The disc takes no session after this one.
  bool finalize = false;
  // The most that lies ready for the drive: memory that the burn takes.
  Sectors buffer = BurnPipeline::kDefaultBuffer;
};

// For one burn, on the device's thread.
class BurnRun {
 public:
  // Reads a drive's facts anew (ReadMediaFacts).
  using ReadFacts = std::function<absl::StatusOr<MediaFacts>(Drive&)>;

  // `journal` and `control` must outlive the burn.
  BurnRun(BurnRequest request, ReadFacts read_facts, BurnJournal* journal, BurnControl* control);

  // Burns. Blocks for as long as the disc and the source take. Called once. The report's status, as
  // imapi::MakeError: IMAPI_E_DISC_MISMATCH and the codes of ChooseBurnRow, nothing was written;
  // E_IMAPI_REQUEST_CANCELLED, as CANCELLED or ABORTED; the contents' errors and the journal's;
  // the drive's as imapi::FromDevice has them, E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE
  // also where the drive shows no session afterwards.
  BurnReport Run(Drive& drive);

 private:
  absl::Status Burn(Drive& drive);
  absl::Status Validate(Drive& drive);
  absl::Status Prepare(Drive& drive);
  absl::Status WriteSession(Drive& drive);
  absl::Status WriteAll(Drive& drive);
  absl::StatusOr<absl::Span<const uint8_t>> NextPiece();
  absl::Status WritePiece(Drive& drive, absl::Span<const uint8_t> sectors);
  absl::Status AskForBuffer(Drive& drive);
  absl::Status Synchronize(DiscWriter& writer);
  bool overwrites() const { return row_->method == BurnMethod::kOverwrite; }
  absl::Status ReadOldSuperblock(Drive& drive, const MediaFacts& facts);
  absl::Status WriteSuperblock(Drive& drive);
  absl::Status CheckReadsBack(Drive& drive) const;
  absl::Status Close(DiscWriter& writer);
  absl::Status CloseAll(DiscWriter& writer);
  absl::Status CheckNotCancelled() const;
  absl::Status CheckWritten(Drive& drive) const;
  absl::Status Judge(const BurnStatus& status);
  absl::Status Finish(const BurnIntent& intent, absl::Status status);
  void Show(BurnAction action);

  const BurnRequest request_;
  const ReadFacts read_facts_;
  BurnJournal& journal_;
  BurnControl& control_;

  const BurnRow* row_ = nullptr;
  TrackNumber track_;                    // sequential media
  std::vector<uint8_t> old_superblock_;  // media that are overwritten
  std::vector<uint8_t> superblock_;
  BurnProgress progress_;
  std::unique_ptr<BurnPipeline> pipeline_;
  bool sent_ = false;  // a WRITE
  bool tells_buffer_ = true;
  BurnReport report_;
};

}  // namespace carousel

#endif  // SERVER_BURN_BURN_RUN_H_
