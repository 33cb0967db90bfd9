// Operation codes of the commands that the project sends or answers (MMC-6 table 251, SPC-4 table
// 57, SMC-3 table 7). Their names for people: OpcodeName in command.h.
#ifndef HAL_SCSI_OPCODE_H_
#define HAL_SCSI_OPCODE_H_

#include <cstdint>

namespace carousel::scsi::opcode {

inline constexpr uint8_t kTestUnitReady = 0x00;
inline constexpr uint8_t kRequestSense = 0x03;
inline constexpr uint8_t kFormatUnit = 0x04;
inline constexpr uint8_t kInitializeElementStatus = 0x07;
inline constexpr uint8_t kRead6 = 0x08;
inline constexpr uint8_t kInquiry = 0x12;
inline constexpr uint8_t kModeSense6 = 0x1A;
inline constexpr uint8_t kStartStopUnit = 0x1B;
inline constexpr uint8_t kPreventAllowMediumRemoval = 0x1E;
inline constexpr uint8_t kReadFormatCapacities = 0x23;
inline constexpr uint8_t kReadCapacity10 = 0x25;
inline constexpr uint8_t kRead10 = 0x28;
inline constexpr uint8_t kWrite10 = 0x2A;
inline constexpr uint8_t kPositionToElement = 0x2B;
inline constexpr uint8_t kSynchronizeCache = 0x35;
inline constexpr uint8_t kInitializeElementStatusWithRange = 0x37;
inline constexpr uint8_t kReadToc = 0x43;
inline constexpr uint8_t kGetConfiguration = 0x46;
inline constexpr uint8_t kGetEventStatus = 0x4A;
inline constexpr uint8_t kReadDiscInformation = 0x51;
inline constexpr uint8_t kReadTrackInformation = 0x52;
inline constexpr uint8_t kReserveTrack = 0x53;
inline constexpr uint8_t kSendOpcInformation = 0x54;
inline constexpr uint8_t kModeSelect10 = 0x55;
inline constexpr uint8_t kModeSense10 = 0x5A;
inline constexpr uint8_t kCloseTrackSession = 0x5B;
inline constexpr uint8_t kReadBufferCapacity = 0x5C;
inline constexpr uint8_t kSendCueSheet = 0x5D;
inline constexpr uint8_t kBlank = 0xA1;
inline constexpr uint8_t kMoveMedium = 0xA5;
inline constexpr uint8_t kExchangeMedium = 0xA6;
inline constexpr uint8_t kRead12 = 0xA8;
inline constexpr uint8_t kWrite12 = 0xAA;
inline constexpr uint8_t kGetPerformance = 0xAC;
inline constexpr uint8_t kReadDiscStructure = 0xAD;
inline constexpr uint8_t kSetStreaming = 0xB6;
inline constexpr uint8_t kReadElementStatus = 0xB8;
inline constexpr uint8_t kSetCdSpeed = 0xBB;

}  // namespace carousel::scsi::opcode

#endif  // HAL_SCSI_OPCODE_H_
