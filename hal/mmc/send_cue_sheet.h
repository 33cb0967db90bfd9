// SEND CUE SHEET: the layout of a CD that is written session at once (MMC-5 6.33).
#ifndef HAL_MMC_SEND_CUE_SHEET_H_
#define HAL_MMC_SEND_CUE_SHEET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

struct SendCueSheetCdb {
  uint32_t cue_sheet_size = 0;  // 24 bits, in bytes
  bool operator==(const SendCueSheetCdb&) const = default;
};
scsi::Command MakeCommand(const SendCueSheetCdb& cdb, absl::Span<const uint8_t> cue_sheet);
absl::StatusOr<SendCueSheetCdb> DecodeSendCueSheetCdb(absl::Span<const uint8_t> cdb);

inline constexpr uint8_t kCueLeadIn = 0x00;
inline constexpr uint8_t kCueLeadOut = 0xAA;
// Data forms of CD-ROM mode 1 (MMC-5 6.33.3.8): 2,048 bytes a sector from the host, and none,
// which lead-in and lead-out have.
inline constexpr uint8_t kCueMode1 = 0x10;
inline constexpr uint8_t kCueMode1Generated = 0x14;

// One line of 8 bytes.
struct CueLine {
  uint8_t control = 0x4;       // 4 bits, Q channel control; bit 2: data
  uint8_t adr = 1;             // 4 bits: 1 a track, 2 a catalogue number, 3 an ISRC
  uint8_t track = kCueLeadIn;  // 1 to 99, or as above
  uint8_t index = 0;           // 0 the pause before a track, 1 the track
  uint8_t data_form = kCueMode1;
  uint8_t scms = 0;
  // Sent as minutes, seconds and frames from the start of the first pause, which is LBA -150.
  Lba start{-150};
  bool operator==(const CueLine&) const = default;
};
// Starts below -150 are sent as -150, above 255:59:74 as that.
std::vector<uint8_t> EncodeCueSheet(absl::Span<const CueLine> lines);
// INTERNAL: not a number of whole lines, or seconds or frames that are none.
absl::StatusOr<std::vector<CueLine>> DecodeCueSheet(absl::Span<const uint8_t> bytes);

// The sheet of a session of one data track that begins at 0 and ends before `end`.
std::vector<CueLine> DataSessionCueSheet(Lba end);

}  // namespace carousel::mmc

#endif  // HAL_MMC_SEND_CUE_SHEET_H_
