// One burn: a planned session onto the disc in a drive, in one task of the drive's station.
//
//   validate: facts = plan's? ------------- no ----------------------> (nothing written)
//      | identity, generation, NWA                                          ^
//   prevent removal                                                         |
//   the first sectors are made ------------- source fails, cancel ----------+
//   journal: intent, FORMAT, journal: outcome -- error -> (in doubt) -------+ only where it must
//   speed, page 05h, OPC ------------------- error, cancel -----------------+
//      | NWA and generation again ----------- changed ----------------------+
//   journal: intent ------------------------ error -------------------------+
//      | RESERVE TRACK, if the disc is written at once                      |
//   +->WRITE --------- drive fails ---> (in doubt or part) -----------------+
//   +--+ whole units                                                        |
//      |          \--- cancel, source fails ---> SYNCHRONIZE --> (part) ----+
//   SYNCHRONIZE ----------------------- error ---> (in doubt) --------------+
//      | overwritten in place: read the session back, then the superblock   |
//   journal: outcome                                                        |
//      |                                                                    |
//   journal: intent, CLOSE TRACK, CLOSE SESSION, journal: outcome -- error -+
//      |                                                                    v
//   (session closed) ------------------------> allow removal, read the state, report
//
// The sectors are made and hashed on another thread (BurnPipeline); this one writes them.
// A burn that ends in part leaves the session open: what becomes of it is for others to decide.
// A burn that is simulated changes nothing: no format, no power calibration, no journal, no CLOSE.
// It verifies nothing else, retries nothing (DiscWriter does, where a WRITE was not taken), and is
// not for CD sessions that are written at once.
#ifndef SERVER_BURN_BURN_RUN_H_
#define SERVER_BURN_BURN_RUN_H_

#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/drive.h"
#include "hal/drive/media_state.h"
#include "hal/mmc/speed.h"
#include "server/burn/burn_control.h"
#include "server/burn/burn_journal.h"
#include "server/burn/burn_pipeline.h"
#include "server/burn/burn_report.h"
#include "server/burn/burn_writer.h"
#include "server/burn/overwriting.h"
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
  // The disc takes no session after this one. A DVD-R of two layers, and a disc that only takes
  // being written at once, never do. Media that are overwritten cannot be closed for ever.
  bool finalize = false;
  // With the laser off, where medium and drive can: CD, DVD-R and DVD-RW written sequentially.
  bool simulate = false;
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
  // E_NOTIMPL: finalize or simulate on a medium that has no such thing; E_IMAPI_REQUEST_CANCELLED,
  // as CANCELLED or ABORTED; the contents' errors and the journal's; the drive's as
  // imapi::FromDevice has them, E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE also where the drive
  // shows no session afterwards.
  BurnReport Run(Drive& drive);

 private:
  absl::Status Burn(Drive& drive);
  absl::Status Validate(Drive& drive);
  absl::Status Choose(const MediaState& state);
  absl::Status Prepare(Drive& drive);
  absl::Status Format(Drive& drive);
  absl::Status SetUp(DiscWriter& writer);
  absl::Status WriteSession();
  absl::Status WriteAll();
  absl::StatusOr<absl::Span<const uint8_t>> NextPiece();
  absl::Status AskForBuffer();
  absl::Status Close();
  absl::Status CloseAll();
  absl::Status EndSimulation(DiscWriter& writer);
  absl::Status CheckNotCancelled() const;
  absl::Status CheckWritten(Drive& drive) const;
  absl::Status Finish(const BurnIntent& intent, absl::Status status);
  void Show(BurnAction action);

  const BurnRequest request_;
  const ReadFacts read_facts_;
  BurnJournal& journal_;
  BurnControl& control_;

  MediaFacts disc_;  // as planned; since a format, as formatted
  MediaState state_;
  const BurnRow* row_ = nullptr;
  std::optional<BurnWriter> writer_;
  std::optional<Overwriting> overwriting_;
  bool formatted_ = false;
  std::unique_ptr<BurnPipeline> pipeline_;
  bool tells_buffer_ = true;
  BurnProgress progress_;
  BurnReport report_;
};

}  // namespace carousel

#endif  // SERVER_BURN_BURN_RUN_H_
