// READ DISC STRUCTURE: what the disc and its lead-in say of themselves (MMC-6 6.21).
#ifndef HAL_MMC_READ_DISC_STRUCTURE_H_
#define HAL_MMC_READ_DISC_STRUCTURE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

// Formats (MMC-6 table 386 and 387).
inline constexpr uint8_t kPhysicalFormat = 0x00;         // DVD
inline constexpr uint8_t kWriteProtectionStatus = 0xC0;  // any medium
inline constexpr uint8_t kDiscStructureList = 0xFF;

struct ReadDiscStructureCdb {
  uint8_t media_type = 0;  // 4 bits: 0 CD and DVD, 1 BD
  uint32_t address = 0;
  uint8_t layer = 0;
  uint8_t format = kPhysicalFormat;
  uint16_t allocation_length = 0;
  bool operator==(const ReadDiscStructureCdb&) const = default;
};
scsi::Command MakeCommand(const ReadDiscStructureCdb& cdb, absl::Span<uint8_t> data_in);
absl::StatusOr<ReadDiscStructureCdb> DecodeReadDiscStructureCdb(absl::Span<const uint8_t> cdb);

// Any format: the bytes behind the 4-byte header.
struct DiscStructure {
  std::vector<uint8_t> data;
  bool operator==(const DiscStructure&) const = default;
};
absl::StatusOr<DiscStructure> DecodeDiscStructure(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeDiscStructure(const DiscStructure& structure);

// Format 00h of a DVD (MMC-6 table 391).
struct PhysicalFormat {
  uint8_t book_type = 0;  // 4 bits: 0 ROM, 1 RAM, 2 -R, 3 -RW, 9 +RW, Ah +R, Dh +RW DL, Eh +R DL
  uint8_t part_version = 0;
  uint8_t disc_size = 0;     // 4 bits: 0 120 mm, 1 80 mm
  uint8_t maximum_rate = 0;  // 4 bits
  uint8_t layers = 1;        // 1 to 4
  bool opposite_track_path = false;
  uint8_t layer_type = 0;          // 4 bits: embossed 1, recordable 2, rewritable 4
  uint8_t linear_density = 0;      // 4 bits
  uint8_t track_density = 0;       // 4 bits
  uint32_t start_sector = 0;       // 24 bits, physical: 30000h or 31000h
  uint32_t end_sector = 0;         // 24 bits
  uint32_t layer0_end_sector = 0;  // 24 bits; 0 on one layer
  bool operator==(const PhysicalFormat&) const = default;
};
// All 16 bytes that it describes are needed.
absl::StatusOr<PhysicalFormat> DecodePhysicalFormat(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodePhysicalFormat(const PhysicalFormat& format);

// Format C0h (MMC-6 table 441).
struct WriteProtection {
  bool until_power_down = false;  // SWPP
  bool persistent = false;        // PWP
  bool cartridge = false;         // CWP
  bool medium_specific = false;   // MSWI
  bool operator==(const WriteProtection&) const = default;

  bool any() const { return until_power_down || persistent || cartridge || medium_specific; }
};
absl::StatusOr<WriteProtection> DecodeWriteProtection(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeWriteProtection(const WriteProtection& protection);

}  // namespace carousel::mmc

#endif  // HAL_MMC_READ_DISC_STRUCTURE_H_
