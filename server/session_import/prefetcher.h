// Reads a disc ahead of its parser: pieces are read on the drive's thread in the order of a sweep
// while the parser works on earlier ones on its own. Knows no file system.
#ifndef SERVER_SESSION_IMPORT_PREFETCHER_H_
#define SERVER_SESSION_IMPORT_PREFETCHER_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/base/clock.h"
#include "hal/base/types.h"
#include "hal/robot/drive_station.h"
#include "server/fs/block_reader.h"
#include "server/image/file_tree.h"
#include "server/session_import/disc_check.h"

namespace carousel::session_import {

struct PrefetcherOptions {
  // One past the last sector that may be read.
  Lba end;
  // Most bytes of pieces held. At least two pieces are held whatever it says.
  int64_t memory_bytes = 0;
  // No Read begins or waits after it.
  absl::Time deadline = absl::InfiniteFuture();
  // Longest wait for an answer of the drive, others' tasks before it included.
  absl::Duration answer_limit = absl::Minutes(3);
};

// What was asked of the drive so far.
struct DriveUse {
  int64_t requests = 0;  // of at most kPieceSectors each, failed ones included
  int64_t sectors = 0;   // read
};

// Read, Plan and Check are for one thread, the parser's; Cancel and use for any. The drive is asked
// in tasks of one request each, so that others' tasks come in between, and never after the
// destructor but for the request under way, whose answer is then dropped.
class Prefetcher : public BlockReader {
 public:
  // `drive` and `clock` must outlive the prefetcher. `check` decides after every change of the
  // generation whether what is read still counts.
  Prefetcher(DriveStation* drive, DiscCheck check, PrefetcherOptions options, Clock* clock);
  ~Prefetcher() override;

  // Whether the bound disc is in the drive. Blocks. Errors of DiscCheck::Confirm and of Read.
  absl::Status Check();

  // Begins to read `extents` in the background: a hint. Replaces an earlier plan.
  void Plan(absl::Span<const Extent> extents);
  // Ends the background's reading.
  void DropPlan();

  // Sectors that no plan brings are read by themselves, and when the parser ascends, ahead. A
  // request that fails is dropped and its sectors, if they are needed, asked for one by one; a
  // sector is asked for twice at most. Errors are imapi::MakeError's: IMAPI_E_IMPORT_READ_FAILURE
  // (metadata block), IMAPI_E_DISC_MISMATCH, IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE,
  // E_IMAPI_REQUEST_CANCELLED, E_IMAPI_RECORDER_COMMAND_TIMEOUT (the drive hangs), E_OUTOFMEMORY
  // with metadata limit (the deadline), the recorder's. OUT_OF_RANGE as BlockReader has it.
  absl::Status Read(Lba start, absl::Span<uint8_t> out) override;
  Lba end() const override;

  // Makes Read and Check end at once with E_IMAPI_REQUEST_CANCELLED.
  void Cancel();
  bool cancelled() const;
  DriveUse use() const;

 private:
  class Shared;
  const std::shared_ptr<Shared> shared_;  // tasks that wait for the drive keep it
};

}  // namespace carousel::session_import

#endif  // SERVER_SESSION_IMPORT_PREFETCHER_H_
