// Sense data: why a command ended in CHECK CONDITION (SPC-4 clause 4.5).
#ifndef HAL_SCSI_SENSE_H_
#define HAL_SCSI_SENSE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace carousel::scsi {

// SPC-4 table 43.
enum class SenseKey : uint8_t {
  kNoSense = 0x0,
  kRecoveredError = 0x1,
  kNotReady = 0x2,
  kMediumError = 0x3,
  kHardwareError = 0x4,
  kIllegalRequest = 0x5,
  kUnitAttention = 0x6,
  kDataProtect = 0x7,
  kBlankCheck = 0x8,
  kVendorSpecific = 0x9,
  kCopyAborted = 0xA,
  kAbortedCommand = 0xB,
  kReserved = 0xC,
  kVolumeOverflow = 0xD,
  kMiscompare = 0xE,
  kCompleted = 0xF,
};

struct Sense {
  SenseKey key = SenseKey::kNoSense;
  uint8_t asc = 0;   // additional sense code
  uint8_t ascq = 0;  // its qualifier
  // Part done of a running long operation, 0..65535 (sense-key specific progress indication,
  // SPC-4 4.5.2.4.4).
  std::optional<uint16_t> progress;
  // The block the error concerns, when the device says so (INFORMATION field).
  std::optional<uint64_t> information;

  // True if asc and ascq are these.
  bool Is(uint8_t asc_wanted, uint8_t ascq_wanted) const {
    return asc == asc_wanted && ascq == ascq_wanted;
  }
  bool operator==(const Sense&) const = default;

  // "2/3A/00" as operators and drive manuals write it.
  std::string ToString() const;
};

// Decodes fixed (70h, 71h) and descriptor (72h, 73h) format. Bytes that are missing count as zero;
// an unknown format or an empty span is an all-zero Sense. Never fails: sense is itself an error
// report from firmware.
Sense DecodeSense(absl::Span<const uint8_t> bytes);

// 18 bytes of fixed format, current error. DecodeSense(EncodeFixedSense(s)) == s as long as
// information fits 32 bits.
std::array<uint8_t, 18> EncodeFixedSense(const Sense& sense);

// A status that carries `sense` for machines, and "`what`: CHECK CONDITION 2/3A/00 (…)" for people.
// The code: NOT READY becoming ready, busy or formatting, and UNIT ATTENTION are UNAVAILABLE;
// ILLEGAL REQUEST and other NOT READY, DATA PROTECT and BLANK CHECK are FAILED_PRECONDITION; MEDIUM
// ERROR is DATA_LOSS; ABORTED COMMAND is ABORTED; the rest is INTERNAL.
absl::Status SenseStatus(const Sense& sense, uint8_t opcode, absl::string_view what);

// The sense and opcode in a status made by SenseStatus, or nothing.
struct SensePayload {
  Sense sense;
  uint8_t opcode = 0;
};
std::optional<SensePayload> GetSense(const absl::Status& status);

}  // namespace carousel::scsi

#endif  // HAL_SCSI_SENSE_H_
