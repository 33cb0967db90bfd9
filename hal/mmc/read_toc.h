// READ TOC/PMA/ATIP: formats 0 (tracks), 1 (last complete session), 2 (raw lead-in entries); MMC-6
// 6.26.
#ifndef HAL_MMC_READ_TOC_H_
#define HAL_MMC_READ_TOC_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

inline constexpr uint8_t kTocTracks = 0;
inline constexpr uint8_t kTocSession = 1;
inline constexpr uint8_t kTocRaw = 2;
// The track number of the lead-out (MMC-6 6.26.3.2.3).
inline constexpr uint8_t kLeadOutTrack = 0xAA;

struct ReadTocCdb {
  bool msf = false;    // addresses as minute, second, frame
  uint8_t format = 0;  // 4 bits
  uint8_t track_or_session = 0;
  uint16_t allocation_length = 0;
  bool operator==(const ReadTocCdb&) const = default;
};
scsi::Command MakeCommand(const ReadTocCdb& cdb, absl::Span<uint8_t> data_in);
// Takes the format also from bits 7-6 of byte 9, where older initiators put it (SFF-8020i).
absl::StatusOr<ReadTocCdb> DecodeReadTocCdb(absl::Span<const uint8_t> cdb);

struct TocTrack {
  uint8_t adr = 0;      // 4 bits
  uint8_t control = 0;  // 4 bits; bit 2: data
  uint8_t track = 0;    // kLeadOutTrack: the lead-out
  Lba start;
  bool operator==(const TocTrack&) const = default;
};

// Format 0, addresses as LBA.
struct TocTracks {
  uint8_t first_track = 0;
  uint8_t last_track = 0;
  std::vector<TocTrack> tracks;
  bool operator==(const TocTracks&) const = default;
};
// At least the header. A cut descriptor is left out: drives are seen that send two bytes less than
// they announce, so the lead-out may be missing.
absl::StatusOr<TocTracks> DecodeTocTracks(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeTocTracks(const TocTracks& toc);

// Format 1, address as LBA.
struct TocSession {
  uint8_t first_session = 0;
  uint8_t last_session = 0;
  TocTrack first_track_in_last_session;
  bool operator==(const TocSession&) const = default;
};
absl::StatusOr<TocSession> DecodeTocSession(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeTocSession(const TocSession& toc);

// Format 2, an entry of the lead-in's Q channel (MMC-6 table 498).
struct RawTocEntry {
  uint8_t session = 0;
  uint8_t adr = 0;
  uint8_t control = 0;
  uint8_t track = 0;
  uint8_t point = 0;  // 1-99: a track; A0h, A1h: first and last track; A2h: lead-out
  uint8_t minute = 0, second = 0, frame = 0;
  uint8_t zero = 0;
  uint8_t point_minute = 0, point_second = 0, point_frame = 0;
  bool operator==(const RawTocEntry&) const = default;
};
struct RawToc {
  uint8_t first_session = 0;
  uint8_t last_session = 0;
  std::vector<RawTocEntry> entries;
  bool operator==(const RawToc&) const = default;
};
absl::StatusOr<RawToc> DecodeRawToc(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeRawToc(const RawToc& toc);

}  // namespace carousel::mmc

#endif  // HAL_MMC_READ_TOC_H_
