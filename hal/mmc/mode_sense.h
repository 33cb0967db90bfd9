// MODE SENSE(10) and the mode pages that the project reads: write parameters (05h) and capabilities
// (2Ah); MMC-6 7.5, 7.11 (MM capabilities: MMC-3 6.3.11).
#ifndef HAL_MMC_MODE_SENSE_H_
#define HAL_MMC_MODE_SENSE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

inline constexpr uint8_t kWriteParametersPage = 0x05;
inline constexpr uint8_t kCapabilitiesPage = 0x2A;
inline constexpr uint8_t kAllPages = 0x3F;

// SPC-4 table 149.
enum class PageControl : uint8_t { kCurrent = 0, kChangeable = 1, kDefault = 2, kSaved = 3 };

struct ModeSenseCdb {
  bool disable_block_descriptors = true;
  PageControl control = PageControl::kCurrent;
  uint8_t page = kAllPages;  // 6 bits
  uint8_t sub_page = 0;
  uint16_t allocation_length = 0;
  bool operator==(const ModeSenseCdb&) const = default;
};
scsi::Command MakeCommand(const ModeSenseCdb& cdb, absl::Span<uint8_t> data_in);
absl::StatusOr<ModeSenseCdb> DecodeModeSenseCdb(absl::Span<const uint8_t> cdb);

struct ModePage {
  uint8_t code = 0;  // 6 bits
  bool savable = false;
  std::vector<uint8_t> data;  // behind the two bytes of its header, at most 255
  bool operator==(const ModePage&) const = default;
};
struct ModeData {
  uint8_t medium_type = 0;
  uint8_t device_specific = 0;  // bit 7: write protected, where the device type defines it
  std::vector<ModePage> pages;
  bool operator==(const ModeData&) const = default;

  // Null if the drive did not send it.
  const ModePage* Find(uint8_t code) const;
};
// At least the 8 bytes of the header. Block descriptors are skipped; a page that is cut by the end,
// and all behind a page in sub-page format, are left out.
absl::StatusOr<ModeData> DecodeModeData(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeModeData(const ModeData& data);

// Page 05h (MMC-6 table 664).
struct WriteParameters {
  bool buffer_underrun_free = false;  // BUFE
  bool link_size_valid = false;       // LS_V
  bool test_write = false;
  uint8_t write_type = 0;     // 4 bits: 0 packet, 1 track at once, 2 session at once, 3 raw
  uint8_t multi_session = 0;  // 2 bits: 3 keeps the disc appendable
  bool fixed_packet = false;  // FP
  bool copy = false;
  uint8_t track_mode = 0;       // 4 bits
  uint8_t data_block_type = 0;  // 4 bits: 8 mode 1
  uint8_t link_size = 0;
  uint8_t application_code = 0;  // 6 bits
  uint8_t session_format = 0;
  uint32_t packet_size = 0;
  uint16_t audio_pause = 150;
  bool operator==(const WriteParameters&) const = default;
};
// At least the 14 bytes of page data up to the audio pause length.
absl::StatusOr<WriteParameters> DecodeWriteParameters(const ModePage& page);
ModePage EncodeWriteParameters(const WriteParameters& parameters);
// `page` as the drive sent it, with `parameters` in place of its own; every bit that they do not
// name stays: catalogue number, ISRC, sub-header, and what a drive has of its own. Codes of
// DecodeWriteParameters.
absl::StatusOr<ModePage> WithWriteParameters(ModePage page, const WriteParameters& parameters);

// Page 2Ah. Speeds in units of 1,000 bytes a second.
struct Capabilities {
  uint8_t reads = 0;   // byte 2: bit 0 CD-R, 1 CD-RW, 3 DVD-ROM, 4 DVD-R, 5 DVD-RAM
  uint8_t writes = 0;  // byte 3: bit 0 CD-R, 1 CD-RW, 2 test write, 4 DVD-R, 5 DVD-RAM
  bool multi_session = false;
  bool locked = false;
  bool can_eject = false;
  uint8_t loading_mechanism = 0;  // 3 bits: 0 caddy, 1 tray, 2 pop-up, 4 and 5 changers
  uint16_t maximum_read_speed = 0;
  uint16_t buffer_kib = 0;
  uint16_t current_read_speed = 0;
  uint16_t current_write_speed = 0;
  std::vector<uint16_t> write_speeds;
  bool operator==(const Capabilities&) const = default;
};
// At least the 14 bytes of page data up to the current read speed; older drives end there.
absl::StatusOr<Capabilities> DecodeCapabilities(const ModePage& page);
ModePage EncodeCapabilities(const Capabilities& capabilities);

}  // namespace carousel::mmc

#endif  // HAL_MMC_MODE_SENSE_H_
