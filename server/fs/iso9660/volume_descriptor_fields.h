// Offsets in a primary or supplementary volume descriptor (ECMA-119 clauses 8.4 and 8.5), from 0.
#ifndef SERVER_FS_ISO9660_VOLUME_DESCRIPTOR_FIELDS_H_
#define SERVER_FS_ISO9660_VOLUME_DESCRIPTOR_FIELDS_H_

#include <cstddef>

namespace carousel::iso9660::volume_fields {

inline constexpr size_t kType = 0;
inline constexpr size_t kIdentifier = 1;
inline constexpr size_t kVersion = 6;
inline constexpr size_t kSystemIdentifier = 8;
inline constexpr size_t kSystemIdentifierBytes = 32;
inline constexpr size_t kVolumeIdentifier = 40;
inline constexpr size_t kVolumeIdentifierBytes = 32;
inline constexpr size_t kVolumeSpaceSize = 80;
inline constexpr size_t kEscapeSequences = 88;  // supplementary only
inline constexpr size_t kVolumeSetSize = 120;
inline constexpr size_t kVolumeSequence = 124;
inline constexpr size_t kLogicalBlockSize = 128;
inline constexpr size_t kPathTableSize = 132;
inline constexpr size_t kPathTableL = 140;
inline constexpr size_t kPathTableM = 148;
inline constexpr size_t kRootRecord = 156;
inline constexpr size_t kRootRecordBytes = 34;
inline constexpr size_t kVolumeSetIdentifier = 190;  // then publisher, preparer, application
inline constexpr size_t kApplicationIdentifier = 574;
inline constexpr size_t kCopyrightFile = 702;  // then abstract, bibliography
inline constexpr size_t kFileNames = 3;
inline constexpr size_t kFileNameBytes = 37;
inline constexpr size_t kCreationTime = 813;  // then modification, expiration, effective
inline constexpr size_t kFileStructureVersion = 881;

// In a directory record (clause 9.1).
inline constexpr size_t kRecordAttributeLength = 1;
inline constexpr size_t kRecordExtent = 2;
inline constexpr size_t kRecordSize = 10;

}  // namespace carousel::iso9660::volume_fields

#endif  // SERVER_FS_ISO9660_VOLUME_DESCRIPTOR_FIELDS_H_
