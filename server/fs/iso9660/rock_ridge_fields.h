// Numbers of SUSP (IEEE P1281) and Rock Ridge (IEEE P1282) that its reader and its writer share.
#ifndef SERVER_FS_ISO9660_ROCK_RIDGE_FIELDS_H_
#define SERVER_FS_ISO9660_ROCK_RIDGE_FIELDS_H_

#include <cstddef>
#include <cstdint>

#include "server/image/file_tree.h"

namespace carousel::iso9660 {

// The head of every entry: signature, length, version (SUSP clause 4).
inline constexpr size_t kHeadBytes = 4;

constexpr uint16_t Signature(char a, char b) {
  return static_cast<uint16_t>(static_cast<uint8_t>(a) << 8 | static_cast<uint8_t>(b));
}

// What one record's continuations may be. Linux stops at as many, too (RR_MAX_CE_ENTRIES).
inline constexpr int kMaxContinuations = 32;
inline constexpr int64_t kMaxContinuationBytes = int64_t{64} << 10;

// SP: signature, length 7, version, BE EF, bytes to skip (SUSP clause 5.3).
inline constexpr size_t kSharingBytes = 7;
inline constexpr size_t kXaBytes = 14;

inline constexpr size_t kContinuationBytes = 28;  // CE: block, offset, length, each in both forms
inline constexpr size_t kLinkBytes = 12;          // CL, PL: an address in both forms
inline constexpr size_t kDeviceBytes = 20;        // PN: high and low half
inline constexpr size_t kPosixBytes = 36;         // PX of RRIP 1.09: mode, links, uid, gid
inline constexpr size_t kPosixSerialBytes = 44;   // PX of RRIP 1.12: and a serial number

// NM flags (RRIP clause 4.1.4).
inline constexpr uint8_t kNameContinues = 0x01;
inline constexpr uint8_t kNameIsSelf = 0x02;
inline constexpr uint8_t kNameIsParent = 0x04;

// SL flags and flags of its components (RRIP clause 4.1.3).
inline constexpr uint8_t kTargetContinues = 0x01;
inline constexpr uint8_t kComponentContinues = 0x01;
inline constexpr uint8_t kComponentIsSelf = 0x02;
inline constexpr uint8_t kComponentIsParent = 0x04;
inline constexpr uint8_t kComponentIsRoot = 0x08;

// TF flags (RRIP clause 4.1.6): which times are there, in this order, and in which form.
inline constexpr uint8_t kHasCreation = 0x01;
inline constexpr uint8_t kHasModification = 0x02;
inline constexpr uint8_t kLongForm = 0x80;

// POSIX file types as PX records them (RRIP clause 4.1.1).
inline constexpr uint32_t kTypeMask = 0170000;
inline constexpr uint32_t kPermissionMask = 07777;
struct TypeMode {
  EntryType type;
  uint32_t mode;
};
inline constexpr TypeMode kTypeModes[] = {
    {EntryType::kFile, 0100000},       {EntryType::kDirectory, 0040000},
    {EntryType::kSymlink, 0120000},    {EntryType::kFifo, 0010000},
    {EntryType::kSocket, 0140000},     {EntryType::kCharacterDevice, 0020000},
    {EntryType::kBlockDevice, 0060000}};

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_ROCK_RIDGE_FIELDS_H_
