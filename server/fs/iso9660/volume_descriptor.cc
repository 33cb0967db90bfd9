#include "server/fs/iso9660/volume_descriptor.h"

#include <cstring>

#include "absl/status/status.h"
#include "hal/base/status_macros.h"
#include "server/fs/iso9660/both_endian.h"
#include "server/fs/iso9660/errors.h"
#include "server/fs/iso9660/utf16.h"
#include "server/fs/iso9660/volume_descriptor_fields.h"

namespace carousel::iso9660 {
namespace {

using volume_fields::kEscapeSequences;
using volume_fields::kIdentifier;
using volume_fields::kLogicalBlockSize;
using volume_fields::kPathTableL;
using volume_fields::kPathTableSize;
using volume_fields::kRecordAttributeLength;
using volume_fields::kRecordExtent;
using volume_fields::kRecordSize;
using volume_fields::kRootRecord;
using volume_fields::kRootRecordBytes;
using volume_fields::kVersion;
using volume_fields::kVolumeIdentifier;
using volume_fields::kVolumeIdentifierBytes;
using volume_fields::kVolumeSpaceSize;

void TrimBlanks(std::string& text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.pop_back();
}

// a- and d-characters are ASCII; what else is found there is taken as Latin-1.
std::string PrimaryName(absl::Span<const uint8_t> field) {
  std::string name;
  for (const uint8_t c : field) {
    const uint8_t unit[2] = {0, c};
    AppendUtf8(unit, name);
  }
  TrimBlanks(name);
  return name;
}

std::string JolietName(absl::Span<const uint8_t> field) {
  std::string name;
  AppendUtf8(field, name);
  TrimBlanks(name);
  return name;
}

absl::Status DecodeRoot(const uint8_t* record, Lba at, Lba end, Volume& volume) {
  // An extended attribute record precedes the data (clause 9.5).
  const Sectors attributes(record[kRecordAttributeLength]);
  const auto inside = [&](uint32_t address) { return Lba(address) + attributes < end; };
  const std::optional<uint32_t> root = LoadBoth32(record + kRecordExtent, inside);
  if (!root.has_value()) return InconsistentError("the root's address differs", at);
  const auto fits = [&](uint32_t bytes) {
    return Lba(*root) + attributes + Sectors::Holding(bytes) <= end;
  };
  const std::optional<uint32_t> bytes = LoadBoth32(record + kRecordSize, fits);
  if (!bytes.has_value()) return InconsistentError("the root's length differs", at);
  if (!inside(*root) || !fits(*bytes))
    return InconsistentError("the root lies outside the readable area", at);
  volume.root = Lba(*root) + attributes;
  volume.root_bytes = *bytes;
  return absl::OkStatus();
}

}  // namespace

DescriptorType TypeOf(absl::Span<const uint8_t> sector) {
  if (sector.size() < kSectorSize || std::memcmp(&sector[kIdentifier], "CD001", 5) != 0)
    return DescriptorType::kNone;
  switch (sector[0]) {
    case 0:
      return DescriptorType::kBoot;
    case 1:
      return DescriptorType::kPrimary;
    case 2:
      return DescriptorType::kSupplementary;
    case 3:
      return DescriptorType::kPartition;
    case 255:
      return DescriptorType::kTerminator;
    default:
      return DescriptorType::kUnknown;
  }
}

int JolietLevelOf(absl::Span<const uint8_t> sector) {
  // Version 2 is an enhanced volume descriptor, whatever its escape sequences.
  if (TypeOf(sector) != DescriptorType::kSupplementary || sector[kVersion] != 1) return 0;
  const uint8_t* escape = &sector[kEscapeSequences];
  if (escape[0] != '%' || escape[1] != '/') return 0;
  switch (escape[2]) {
    case '@':
      return 1;
    case 'C':
      return 2;
    case 'E':
      return 3;
    default:
      return 0;
  }
}

absl::StatusOr<Volume> DecodeVolume(absl::Span<const uint8_t> sector, Lba at, Lba end) {
  const DescriptorType type = TypeOf(sector);
  if (type != DescriptorType::kPrimary && type != DescriptorType::kSupplementary)
    return absl::InvalidArgumentError("neither a primary nor a supplementary volume descriptor");
  const auto is_sector_size = [](uint32_t bytes) { return bytes == kSectorSize; };
  if (LoadBoth16(&sector[kLogicalBlockSize], is_sector_size) != kSectorSize)
    return NotSupportedError("logical blocks of other than 2048 bytes", at);
  Volume volume;
  const absl::Span<const uint8_t> name = sector.subspan(kVolumeIdentifier, kVolumeIdentifierBytes);
  volume.volume_name = JolietLevelOf(sector) != 0 ? JolietName(name) : PrimaryName(name);
  RETURN_IF_ERROR(DecodeRoot(&sector[kRootRecord], at, end, volume));
  // Neither bounds anything: the space is relative in appended sessions, the table a hint.
  const auto any = [](uint32_t) { return true; };
  volume.volume_space = Sectors(
      LoadBoth32(&sector[kVolumeSpaceSize], any).value_or(LoadLe32(&sector[kVolumeSpaceSize])));
  volume.path_table = Lba(LoadLe32(&sector[kPathTableL]));
  volume.path_table_bytes =
      LoadBoth32(&sector[kPathTableSize], any).value_or(LoadLe32(&sector[kPathTableSize]));
  static_assert(kRootRecord + kRootRecordBytes <= kSectorSize);
  return volume;
}

}  // namespace carousel::iso9660
