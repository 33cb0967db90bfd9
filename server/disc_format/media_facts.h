// What IDiscFormat2Data tells about the medium in a drive, worked out once for each media
// generation. A value: rules, handlers and tests read it and nobody asks the drive again while the
// generation holds.
#ifndef SERVER_DISC_FORMAT_MEDIA_FACTS_H_
#define SERVER_DISC_FORMAT_MEDIA_FACTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hal/base/types.h"
#include "hal/mmc/profile.h"

namespace carousel {

// IMAPI_MEDIA_PHYSICAL_TYPE, number for number (imapi2.h).
enum class PhysicalMediaType : uint8_t {
  kUnknown = 0,
  kCdRom = 1,
  kCdR = 2,
  kCdRw = 3,
  kDvdRom = 4,
  kDvdRam = 5,
  kDvdPlusR = 6,
  kDvdPlusRw = 7,
  kDvdPlusRDualLayer = 8,
  kDvdDashR = 9,
  kDvdDashRw = 10,
  kDvdDashRDualLayer = 11,
  kDisk = 12,
  kDvdPlusRwDualLayer = 13,
  kHdDvdRom = 14,
  kHdDvdR = 15,
  kHdDvdRam = 16,
  kBdRom = 17,
  kBdR = 18,
  kBdRe = 19,
};
// "DVDPLUSR", IMAPI's name without its prefix.
absl::string_view PhysicalMediaTypeName(PhysicalMediaType type);

// IMAPI_FORMAT2_DATA_MEDIA_STATE bits.
namespace media_status {
inline constexpr uint32_t kOverwriteOnly = 0x1;
inline constexpr uint32_t kBlank = 0x2;
inline constexpr uint32_t kAppendable = 0x4;
inline constexpr uint32_t kFinalSession = 0x8;
inline constexpr uint32_t kDamaged = 0x400;
inline constexpr uint32_t kEraseRequired = 0x800;
inline constexpr uint32_t kNonEmptySession = 0x1000;
inline constexpr uint32_t kWriteProtected = 0x2000;
inline constexpr uint32_t kFinalized = 0x4000;
inline constexpr uint32_t kUnsupportedMedia = 0x8000;
}  // namespace media_status

// How a medium takes another session (imapi2 contract 5.3). kNone: it never does, whatever its
// state.
enum class MultisessionClass : uint8_t { kNone, kSequential, kOverwritable };

// A property of a multi-session interface as the drive gives it: a value, nothing (E_NOTIMPL), or
// the reason why it cannot be read.
struct Property {
  std::optional<int64_t> value;
  absl::Status error;

  bool readable() const { return error.ok(); }
  bool operator==(int64_t other) const { return value == other; }
};

// IMultisessionSequential2 of the drive. On overwritable media in logical sessions (media
// rules 2.3). -1: none, 0 <= else; sectors.
struct SequentialFacts {
  // IsSupportedOnCurrentMediaState, and if not the IMAPI name that says why
  // (E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED, NON_EMPTY_SESSION).
  bool supported = false;
  std::string cause;
  bool first_data_session = true;
  Property start_of_previous;
  Property last_written_of_previous;
  Property next_writable;
  Property free_sectors;
  Property write_unit;
};

// IMultisessionRandomWrite of the drive.
struct RandomWriteFacts {
  bool supported = false;
  std::string cause;
  Property write_unit;
  Property last_written;
  Property total_sectors;
};

// The facts of one generation. Copyable; shared between threads as shared_ptr<const MediaFacts>.
struct MediaFacts {
  MediaGeneration generation;
  // False: no medium; everything below holds only if present.
  bool present = false;
  mmc::Profile profile = mmc::Profile::kNone;
  PhysicalMediaType type = PhysicalMediaType::kUnknown;
  uint32_t status_bits = 0;
  uint32_t write_protect_bits = 0;
  MultisessionClass multisession_class = MultisessionClass::kNone;
  bool physically_blank = false;
  bool heuristically_blank = false;
  Sectors total;
  Sectors free;  // IMAPI: always the total on overwritable media
  std::optional<Lba> next_writable;
  int64_t start_of_previous = -1;
  std::optional<int64_t> last_written_of_previous = -1;
  int session_count = 0;              // with data; logical ones on overwritable media
  std::vector<int64_t> write_speeds;  // sectors per second, fastest first
  std::optional<int64_t> current_write_speed;
  SequentialFacts sequential;
  RandomWriteFacts random_write;
  // One past the last sector that an import may read: end of the last complete session
  // (overwritable media: READ CAPACITY).
  Lba readable_end;
  // Rule R11: whether the previous session's descriptors can be read. OK if there is nothing to
  // seek to on overwritable media. An error made by imapi::MakeError(IMAPI_E_IMPORT_SEEK_FAILURE)
  // with metadata block otherwise.
  absl::Status seek_test;
  // CalculateDiscIdentifier: 32 hexadecimal digits over the disc's sessions; the error if one
  // cannot be built (the drive contradicts itself), which is rule R12's FSI_INTERNAL_ERROR.
  std::string disc_identifier;
  absl::Status identifier_error;
  // Disagreements between the drive's answers.
  std::vector<std::string> contradictions;

  // Where the file system of the newest session begins: at the previous session; at sector 0 of
  // overwritable media whose contents are not understood. Nothing where no session is.
  std::optional<Lba> newest_session() const;

  bool blank() const { return (status_bits & media_status::kBlank) != 0; }
  bool finalized() const { return (status_bits & media_status::kFinalized) != 0; }
};

}  // namespace carousel

#endif  // SERVER_DISC_FORMAT_MEDIA_FACTS_H_
