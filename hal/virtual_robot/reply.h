// What a virtual drive answers to a command, before time and faults have their say.
#ifndef HAL_VIRTUAL_ROBOT_REPLY_H_
#define HAL_VIRTUAL_ROBOT_REPLY_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "hal/scsi/sense.h"

namespace carousel::virtual_robot {

struct Reply {
  std::vector<uint8_t> data;
  std::optional<scsi::Sense> sense;  // CHECK CONDITION
};

inline Reply Good(std::vector<uint8_t> data = {}) { return Reply{.data = std::move(data)}; }
inline Reply Check(const scsi::Sense& sense) { return Reply{.sense = sense}; }

// The senses that the model answers; codes and names of SPC-4 annex D.
namespace sense {
using scsi::Sense;
using scsi::SenseKey;
inline constexpr Sense Make(SenseKey key, uint8_t asc, uint8_t ascq) {
  Sense sense;
  sense.key = key;
  sense.asc = asc;
  sense.ascq = ascq;
  return sense;
}
inline const Sense kBecomingReady = Make(SenseKey::kNotReady, 0x04, 0x01);
inline const Sense kOperationInProgress = Make(SenseKey::kNotReady, 0x04, 0x07);
inline const Sense kNoMedium = Make(SenseKey::kNotReady, 0x3A, 0x00);
inline const Sense kUnknownMedium = Make(SenseKey::kNotReady, 0x30, 0x01);
inline const Sense kReadError = Make(SenseKey::kMediumError, 0x11, 0x00);
inline const Sense kUncorrectable = Make(SenseKey::kMediumError, 0x11, 0x05);
inline const Sense kWriteError = Make(SenseKey::kMediumError, 0x0C, 0x00);
inline const Sense kInternalFailure = Make(SenseKey::kHardwareError, 0x44, 0x00);
inline const Sense kInvalidOpcode = Make(SenseKey::kIllegalRequest, 0x20, 0x00);
inline const Sense kOutOfRange = Make(SenseKey::kIllegalRequest, 0x21, 0x00);
inline const Sense kInvalidWriteAddress = Make(SenseKey::kIllegalRequest, 0x21, 0x02);
inline const Sense kInvalidField = Make(SenseKey::kIllegalRequest, 0x24, 0x00);
inline const Sense kIncompatibleMedium = Make(SenseKey::kIllegalRequest, 0x30, 0x00);
inline const Sense kUnknownFormat = Make(SenseKey::kIllegalRequest, 0x30, 0x02);
inline const Sense kInvalidParameter = Make(SenseKey::kIllegalRequest, 0x26, 0x00);
inline const Sense kSequenceError = Make(SenseKey::kIllegalRequest, 0x2C, 0x00);
inline const Sense kCannotWrite = Make(SenseKey::kIllegalRequest, 0x30, 0x05);
inline const Sense kNotFormatted = Make(SenseKey::kIllegalRequest, 0x30, 0x10);
inline const Sense kRemovalPrevented = Make(SenseKey::kIllegalRequest, 0x53, 0x02);
inline const Sense kEndOfUserArea = Make(SenseKey::kIllegalRequest, 0x63, 0x00);
inline const Sense kIllegalMode = Make(SenseKey::kIllegalRequest, 0x64, 0x00);
inline const Sense kIncompleteTrack = Make(SenseKey::kIllegalRequest, 0x72, 0x03);
inline const Sense kReservedTrack = Make(SenseKey::kIllegalRequest, 0x72, 0x04);
inline const Sense kMediumChanged = Make(SenseKey::kUnitAttention, 0x28, 0x00);
inline const Sense kPowerOn = Make(SenseKey::kUnitAttention, 0x29, 0x00);
inline const Sense kWriteProtected = Make(SenseKey::kDataProtect, 0x27, 0x00);
inline const Sense kBlankCheck = Make(SenseKey::kBlankCheck, 0x00, 0x00);
}  // namespace sense

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_REPLY_H_
