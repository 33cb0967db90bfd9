#include "hal/scsi/sense.h"

#include <algorithm>
#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hal/base/byte_order.h"
#include "hal/scsi/command.h"

namespace carousel::scsi {
namespace {

constexpr char kPayloadUrl[] = "carousel/scsi.Sense";
// SPC-4 clause 4.5.2.1 and 4.5.3.
constexpr uint8_t kFixedCurrent = 0x70;
constexpr uint8_t kFixedDeferred = 0x71;
constexpr uint8_t kDescriptorCurrent = 0x72;
constexpr uint8_t kDescriptorDeferred = 0x73;
constexpr uint8_t kInformationDescriptor = 0x00;
constexpr uint8_t kSenseKeySpecificDescriptor = 0x02;
constexpr uint8_t kValidBit = 0x80;
constexpr uint8_t kSksvBit = 0x80;

// Sense-key specific bytes are a progress indication only for NO SENSE and NOT READY.
std::optional<uint16_t> Progress(SenseKey key, const uint8_t* sks) {
  if ((sks[0] & kSksvBit) == 0) return std::nullopt;
  if (key != SenseKey::kNoSense && key != SenseKey::kNotReady) return std::nullopt;
  return LoadBe16(sks + 1);
}

Sense DecodeFixed(const std::array<uint8_t, 252>& b) {
  Sense sense{.key = static_cast<SenseKey>(b[2] & 0x0F), .asc = b[12], .ascq = b[13]};
  if ((b[0] & kValidBit) != 0) sense.information = LoadBe32(&b[3]);
  sense.progress = Progress(sense.key, &b[15]);
  return sense;
}

Sense DecodeDescriptors(const std::array<uint8_t, 252>& b, size_t available) {
  Sense sense{.key = static_cast<SenseKey>(b[1] & 0x0F), .asc = b[2], .ascq = b[3]};
  const size_t end = std::min<size_t>(available, 8 + b[7]);
  for (size_t at = 8; at + 2 <= end; at += 2 + b[at + 1]) {
    if (at + 2 + b[at + 1] > end) break;
    if (b[at] == kInformationDescriptor && b[at + 1] >= 10 && (b[at + 2] & kValidBit) != 0) {
      sense.information = LoadBe64(&b[at + 4]);
    } else if (b[at] == kSenseKeySpecificDescriptor && b[at + 1] >= 6) {
      sense.progress = Progress(sense.key, &b[at + 4]);
    }
  }
  return sense;
}

absl::StatusCode CodeOf(const Sense& sense) {
  switch (sense.key) {
    case SenseKey::kNotReady:
      // 04/03 needs a person; every other 04 passes by itself.
      return sense.asc == 0x04 && sense.ascq != 0x03 ? absl::StatusCode::kUnavailable
                                                     : absl::StatusCode::kFailedPrecondition;
    case SenseKey::kUnitAttention:
      return absl::StatusCode::kUnavailable;
    case SenseKey::kIllegalRequest:
    case SenseKey::kDataProtect:
    case SenseKey::kBlankCheck:
      return absl::StatusCode::kFailedPrecondition;
    case SenseKey::kMediumError:
    case SenseKey::kMiscompare:
      return absl::StatusCode::kDataLoss;
    case SenseKey::kAbortedCommand:
    case SenseKey::kCopyAborted:
      return absl::StatusCode::kAborted;
    case SenseKey::kNoSense:
    case SenseKey::kRecoveredError:
    case SenseKey::kHardwareError:
    case SenseKey::kVendorSpecific:
    case SenseKey::kReserved:
    case SenseKey::kVolumeOverflow:
    case SenseKey::kCompleted:
      break;
  }
  return absl::StatusCode::kInternal;
}

}  // namespace

std::string Sense::ToString() const {
  return absl::StrFormat("%X/%02X/%02X", static_cast<int>(key), asc, ascq);
}

Sense DecodeSense(absl::Span<const uint8_t> bytes) {
  std::array<uint8_t, 252> b = {};
  const size_t available = std::min(bytes.size(), b.size());
  std::copy_n(bytes.begin(), available, b.begin());
  switch (b[0] & 0x7F) {
    case kFixedCurrent:
    case kFixedDeferred:
      return DecodeFixed(b);
    case kDescriptorCurrent:
    case kDescriptorDeferred:
      return DecodeDescriptors(b, available);
    default:
      return Sense();
  }
}

std::array<uint8_t, 18> EncodeFixedSense(const Sense& sense) {
  std::array<uint8_t, 18> b = {};
  b[0] = kFixedCurrent;
  b[2] = static_cast<uint8_t>(sense.key);
  b[7] = 10;
  b[12] = sense.asc;
  b[13] = sense.ascq;
  if (sense.information.has_value()) {
    b[0] |= kValidBit;
    StoreBe32(&b[3], static_cast<uint32_t>(*sense.information));
  }
  if (sense.progress.has_value()) {
    b[15] = kSksvBit;
    StoreBe16(&b[16], *sense.progress);
  }
  return b;
}

absl::Status SenseStatus(const Sense& sense, uint8_t opcode, absl::string_view what) {
  absl::Status status(CodeOf(sense), absl::StrCat(what, ": ", OpcodeName(opcode),
                                                  " ended with sense ", sense.ToString()));
  std::string payload(1, static_cast<char>(opcode));
  const std::array<uint8_t, 18> fixed = EncodeFixedSense(sense);
  payload.append(fixed.begin(), fixed.end());
  status.SetPayload(kPayloadUrl, absl::Cord(payload));
  return status;
}

std::optional<SensePayload> GetSense(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value() || payload->size() != 19) return std::nullopt;
  const std::string bytes(*payload);
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  return SensePayload{.sense = DecodeSense(absl::MakeConstSpan(data + 1, 18)), .opcode = data[0]};
}

}  // namespace carousel::scsi
