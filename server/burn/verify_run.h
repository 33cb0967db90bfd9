// One verification: whether a session is on the disc as it was meant to be, in one task of the
// drive's station.
//
//   FULL:  reload -> ready -> same disc? -> session sane? -> all sectors, hash -> superblock
//   QUICK:                    same disc? -> session sane? -> sampled sectors    -> superblock
//
// Only FULL says that a disc is good: it reads every sector after the drive has forgotten what it
// held. A QUICK one may be answered from the drive's cache. Neither changes the disc, and neither
// knows where what is expected comes from.
#ifndef SERVER_BURN_VERIFY_RUN_H_
#define SERVER_BURN_VERIFY_RUN_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/base/clock.h"
#include "hal/base/types.h"
#include "hal/drive/drive.h"
#include "hal/drive/media_state.h"
#include "server/burn/repeating_block_reader.h"
#include "server/burn/verify_control.h"
#include "server/burn/verify_samples.h"
#include "server/digest/sha256.h"
#include "server/disc_format/media_facts.h"
#include "server/fs/block_reader.h"

namespace carousel {

enum class VerifyLevel : uint8_t { kQuick, kFull };

// What is expected of the disc.
struct VerifyRequest {
  VerifyLevel level = VerifyLevel::kFull;
  // MediaFacts::disc_identifier, as the disc has it with the session.
  std::string disc_identifier;
  // The session, without its padding.
  Lba start;
  Lba volume_end;
  // Of [start, volume_end); FULL. Absent: it is read all the same, and the report has the digest.
  std::optional<Sha256Digest> sha256;
  // The same sectors as they should be, at the same addresses; null if they are not at hand. Must
  // outlive the run. FULL reads it where there is no digest, or one that differs.
  BlockReader* source = nullptr;
  // What whole sectors from 0 on should be, of media that are overwritten. Empty: not looked at.
  std::vector<uint8_t> superblock;
};

struct VerifyReport {
  // OK: the disc has what is expected, as far as the level looks.
  absl::Status status;
  // Sectors that were read and compared, or hashed.
  Sectors compared;
  // READs that had to be repeated; a disc on which they grow in number is going.
  int64_t repeats = 0;
  // As the disc has it. FULL, once all was read.
  std::optional<Sha256Digest> sha256;
  // Where it differs first, if that is known, and what could not be read first.
  std::optional<Lba> difference;
  std::optional<Lba> unreadable;
  // Read after the reload, which ended the generation of all that was known before. Absent where
  // the drive did not answer.
  std::optional<MediaFacts> facts;
};

// For one verification, on the device's thread.
class VerifyRun {
 public:
  // Reads a drive's facts anew (ReadMediaFacts).
  using ReadFacts = std::function<absl::StatusOr<MediaFacts>(Drive&)>;
  struct Options {
    // How long a reloaded disc may take until the drive is ready.
    absl::Duration ready_budget = absl::Minutes(5);
  };

  // `control` and `clock` must outlive the run.
  VerifyRun(VerifyRequest request, ReadFacts read_facts, VerifyControl* control, Clock* clock,
            Options options);
  VerifyRun(VerifyRequest request, ReadFacts read_facts, VerifyControl* control, Clock* clock)
      : VerifyRun(std::move(request), std::move(read_facts), control, clock, Options()) {}

  // Verifies. Blocks for as long as the disc takes. Called once. The report's status, as
  // imapi::MakeError: E_IMAPI_BURN_VERIFICATION_FAILED (metadata cause: session, unreadable,
  // different; block, sense, expected, found where they are known); IMAPI_E_DISC_MISMATCH: another
  // disc, or none; E_IMAPI_REQUEST_CANCELLED; the drive's as imapi::FromDevice has them; the
  // source's. After a burn, callers pass them through imapi::AfterWrite.
  VerifyReport Run(Drive& drive);

 private:
  absl::Status Verify(Drive& drive);
  absl::Status Reload(Drive& drive);
  absl::StatusOr<MediaState> Examine(Drive& drive);
  absl::Status ReadAll(BlockReader& disc);
  absl::Status ReadSamples(BlockReader& disc);
  absl::Status CompareSuperblock(BlockReader& disc);
  absl::Status FindDifference(BlockReader& disc);
  // Reads into buffer_.
  absl::StatusOr<absl::Span<const uint8_t>> ReadPiece(BlockReader& disc, SampledSectors piece);
  absl::Status CompareWithSource(Lba start, absl::Span<const uint8_t> found);
  absl::Status Compare(Lba start, absl::Span<const uint8_t> found,
                       absl::Span<const uint8_t> expected);
  absl::Status CheckNotCancelled() const;
  void Show(VerifyAction action);
  void Count(SampledSectors piece);

  const VerifyRequest request_;
  const ReadFacts read_facts_;
  VerifyControl& control_;
  Clock& clock_;
  const Options options_;

  std::vector<uint8_t> buffer_;
  std::vector<uint8_t> expected_;
  absl::Time reading_since_;
  VerifyProgress progress_;
  VerifyReport report_;
};

}  // namespace carousel

#endif  // SERVER_BURN_VERIFY_RUN_H_
