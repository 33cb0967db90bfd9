// READ DISC INFORMATION: the state of the disc and of its last session (MMC-6 6.22).
#ifndef HAL_MMC_READ_DISC_INFORMATION_H_
#define HAL_MMC_READ_DISC_INFORMATION_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

// Byte 2, bits 1-0 (MMC-6 6.22.3.1.2).
enum class DiscStatus : uint8_t { kBlank = 0, kAppendable = 1, kComplete = 2, kOther = 3 };
// Byte 2, bits 3-2.
enum class LastSessionState : uint8_t { kEmpty = 0, kIncomplete = 1, kDamaged = 2, kComplete = 3 };
// Byte 7, bits 1-0: background format of DVD+RW.
enum class BackgroundFormat : uint8_t { kNone = 0, kSuspended = 1, kRunning = 2, kComplete = 3 };

struct ReadDiscInformationCdb {
  uint8_t data_type = 0;  // 3 bits; 0: standard disc information
  uint16_t allocation_length = 0;
  bool operator==(const ReadDiscInformationCdb&) const = default;
};
scsi::Command MakeCommand(const ReadDiscInformationCdb& cdb, absl::Span<uint8_t> data_in);
absl::StatusOr<ReadDiscInformationCdb> DecodeReadDiscInformationCdb(absl::Span<const uint8_t> cdb);

struct DiscInformation {
  DiscStatus disc_status = DiscStatus::kBlank;
  LastSessionState last_session = LastSessionState::kEmpty;
  bool erasable = false;
  uint8_t first_track = 1;
  uint16_t sessions = 1;  // the empty or open last one included
  uint16_t first_track_in_last_session = 1;
  uint16_t last_track_in_last_session = 1;
  BackgroundFormat background_format = BackgroundFormat::kNone;
  bool unrestricted_use = false;                   // URU
  std::optional<uint32_t> disc_id;                 // DID_V
  uint8_t disc_type = 0xFF;                        // FFh: undefined
  uint32_t last_session_lead_in = 0;               // CD: hours, minutes, seconds, frames
  uint32_t last_possible_lead_out = 0;             // as above
  std::optional<std::array<uint8_t, 8>> bar_code;  // DBC_V
  uint8_t opc_tables = 0;  // OPC entries that the drive has, of 8 bytes each
  bool operator==(const DiscInformation&) const = default;
};

// At least the 8 bytes up to the background format; the rest reads as zero when absent. INTERNAL
// also when the drive answers another data type.
absl::StatusOr<DiscInformation> DecodeDiscInformation(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeDiscInformation(const DiscInformation& info);

}  // namespace carousel::mmc

#endif  // HAL_MMC_READ_DISC_INFORMATION_H_
