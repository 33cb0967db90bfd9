// READ TRACK INFORMATION: one track, and where it can be written next (MMC-6 6.27).
#ifndef HAL_MMC_READ_TRACK_INFORMATION_H_
#define HAL_MMC_READ_TRACK_INFORMATION_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

// What the address field is (MMC-6 table 501).
enum class TrackAddress : uint8_t { kLba = 0, kTrack = 1, kSession = 2, kReserved = 3 };
// As address with kTrack: the invisible or incomplete track. Only CD, DVD+R and DVD+R DL know it.
inline constexpr uint32_t kInvisibleTrack = 0xFF;

struct ReadTrackInformationCdb {
  TrackAddress address_type = TrackAddress::kTrack;
  uint32_t address = 0;
  bool open = false;  // the next open track at or after the address
  uint16_t allocation_length = 0;
  bool operator==(const ReadTrackInformationCdb&) const = default;
};
scsi::Command MakeCommand(const ReadTrackInformationCdb& cdb, absl::Span<uint8_t> data_in);
absl::StatusOr<ReadTrackInformationCdb> DecodeReadTrackInformationCdb(
    absl::Span<const uint8_t> cdb);

struct TrackInformation {
  uint16_t track = 0;
  uint16_t session = 0;
  uint8_t track_mode = 0;  // 4 bits, Q channel control; bit 2: data
  bool damage = false;
  bool reserved = false;  // RT
  bool blank = false;
  bool packet = false;
  bool fixed_packet = false;         // FP
  uint8_t data_mode = 0;             // 4 bits
  Lba start;                         // addresses are signed: a CD's pregap is negative
  std::optional<Lba> next_writable;  // NWA_V
  Sectors free;
  uint32_t packet_size = 0;  // "fixed packet size / blocking factor"
  Sectors size;
  std::optional<Lba> last_recorded;  // LRA_V
  uint32_t read_compatibility_lba = 0;
  bool operator==(const TrackInformation&) const = default;

  // Q channel control bit 2 (MMC-6 table 291).
  bool data() const { return (track_mode & 0x4) != 0; }
};

// At least the 28 bytes up to the track's size; the high bytes of track and session read as zero
// when absent, and so does the last recorded address, which is then not valid.
absl::StatusOr<TrackInformation> DecodeTrackInformation(absl::Span<const uint8_t> bytes);
// 40 bytes. The values of sectors and addresses are cut to 32 bits.
std::vector<uint8_t> EncodeTrackInformation(const TrackInformation& info);

}  // namespace carousel::mmc

#endif  // HAL_MMC_READ_TRACK_INFORMATION_H_
