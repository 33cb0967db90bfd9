// What each medium wants when it is written, as data: one row a medium and method. No addresses:
// those the drive tells. Pure; sends nothing.
#ifndef HAL_DRIVE_BURN_TABLE_H_
#define HAL_DRIVE_BURN_TABLE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/drive/media_state.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/mode_sense.h"
#include "hal/mmc/profile.h"

namespace carousel {

enum class BurnMethod : uint8_t {
  kTrackAtOnce,    // CD
  kSessionAtOnce,  // CD, blank
  kIncremental,    // DVD-R, DVD-RW
  kDiscAtOnce,     // DVD-R, DVD-RW, blank; the disc is closed afterwards
  kSequential,     // DVD+R, BD-R
  kOverwrite,      // in place
};
// Where the first block goes.
enum class BurnStart : uint8_t {
  kNextWritable,  // as READ TRACK INFORMATION says
  kDiscStart,     // LBA 0
  kPregap,        // LBA -150
  kLogical,       // behind the last logical session, which the file system tells
};
enum class CloseTrackNeed : uint8_t { kNever, kMayBeOmitted, kAlways };
// How a session, a format or the disc is ended: the close functions that name no track.
enum class SessionClose : uint8_t {
  kNone,                   // SYNCHRONIZE CACHE is all
  kStopFormat,             // 000
  kSession,                // 010
  kFinalizeMinimalRadius,  // 101
  kFinalize,               // 110
};
enum class CloseSessionNeed : uint8_t {
  kNever,
  kAlways,
  // Only if this burn has formatted, or met a format that was not finished.
  kAfterFormat,
};
enum class SpeedCommand : uint8_t { kSetCdSpeed, kSetStreaming };
// What can be done with a session that a power cut has ended.
enum class AfterPowerCut : uint8_t {
  kResume,      // go on at the next writable address with the same bytes
  kClose,       // close track and session; a new session takes the data
  kLost,        // the disc (RW: until it is blanked)
  kWriteAgain,  // as if nothing had been
};

struct BurnRow {
  absl::string_view medium;
  std::vector<mmc::Profile> profiles;
  BurnMethod method = BurnMethod::kOverwrite;
  bool blank_only = false;
  // The feature that must be current (MMC-6 5.3).
  std::optional<uint16_t> needs_feature;
  // Mode page 05h, for a disc that stays appendable where that is possible. Absent: the medium has
  // none, and MODE SELECT is not sent.
  std::optional<mmc::WriteParameters> write_parameters;
  // RESERVE TRACK with the exact size, before the first block.
  bool reserve = false;
  bool cue_sheet = false;
  BurnStart start = BurnStart::kNextWritable;
  // A session is a whole number of these; the last one is padded.
  Sectors unit{1};
  // WRITEs are aligned to it; `unit` is what the drive insists on.
  Sectors write_unit{1};
  CloseTrackNeed close_track = CloseTrackNeed::kNever;
  CloseSessionNeed close_session = CloseSessionNeed::kNever;
  SessionClose keep_appendable = SessionClose::kNone;
  // On CD, DVD-R and DVD-RW it is the same command: the multi-session bits of page 05h decide.
  SessionClose finalize = SessionClose::kNone;
  bool can_stay_appendable = true;
  bool calibrate = false;  // SEND OPC INFORMATION, if the drive has no entries for the disc
  SpeedCommand speed = SpeedCommand::kSetStreaming;
  // Sectors that the drive adds to the track, and that no read gets.
  Sectors run_out;
  // Zero sectors behind the image, for the read-ahead of those who mount it.
  Sectors padding;
  Sectors shortest_track;
  // The feature whose data say whether the drive can test-write. Absent: the medium cannot.
  std::optional<uint16_t> simulation_feature;
  AfterPowerCut after_power_cut = AfterPowerCut::kWriteAgain;
};

// All rows.
absl::Span<const BurnRow> BurnTable();

// The row by which the medium is written now: that which leaves it appendable, else the one that
// does not. Null: it cannot be written (closed, read-only, BD-R with pseudo-overwrite or random
// recording, DVD-RW that takes neither).
const BurnRow* FindBurnRow(const MediaState& state);

struct WriteChoice {
  bool keep_appendable = true;
  bool simulate = false;
  // Of feature 21h's data; absent where the drive does not say.
  std::optional<uint8_t> link_size;
};
// The row's page 05h; nothing where the medium has none.
std::optional<mmc::WriteParameters> WriteParametersFor(const BurnRow& row, WriteChoice choice);

// The FORMAT UNIT that must come before sectors up to `end` are written, if any. Media that are
// written sequentially need none.
std::optional<mmc::FormatParameters> FormatNeeded(const MediaState& state, Lba end);

}  // namespace carousel

#endif  // HAL_DRIVE_BURN_TABLE_H_
