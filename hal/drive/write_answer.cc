#include "hal/drive/write_answer.h"

#include <optional>

#include "hal/scsi/sense.h"

namespace carousel {
namespace {

// SPC-4 annex F.
constexpr uint8_t kNotReadyAsc = 0x04;
constexpr uint8_t kBecomingReady = 0x01;
constexpr uint8_t kFormatInProgress = 0x04;
constexpr uint8_t kOperationInProgress = 0x07;
constexpr uint8_t kLongWriteInProgress = 0x08;
constexpr uint8_t kSequenceErrorAsc = 0x2C;

}  // namespace

WriteAnswer JudgeWrite(const absl::Status& status, bool first) {
  if (status.ok()) return WriteAnswer::kTaken;
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(status);
  if (!payload.has_value()) return WriteAnswer::kFailed;
  const scsi::Sense& sense = payload->sense;
  if (sense.key == scsi::SenseKey::kIllegalRequest && sense.Is(kSequenceErrorAsc, 0)) {
    return WriteAnswer::kAfterSynchronize;
  }
  if (sense.key != scsi::SenseKey::kNotReady || sense.asc != kNotReadyAsc) {
    return WriteAnswer::kFailed;
  }
  switch (sense.ascq) {
    case kLongWriteInProgress:
      return WriteAnswer::kBufferFull;
    case kFormatInProgress:
    case kOperationInProgress:
      return WriteAnswer::kLater;
    case kBecomingReady:
      return first ? WriteAnswer::kLater : WriteAnswer::kFailed;
    default:
      return WriteAnswer::kFailed;
  }
}

}  // namespace carousel
