#include "server/fs/iso9660/volume_descriptor_writer.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "hal/base/byte_order.h"
#include "server/fs/iso9660/both_endian.h"
#include "server/fs/iso9660/directory_record.h"
#include "server/fs/iso9660/timestamp.h"
#include "server/fs/iso9660/utf16.h"
#include "server/fs/iso9660/volume_descriptor_fields.h"

namespace carousel::iso9660 {
namespace {

constexpr uint8_t kPrimaryType = 1;
constexpr uint8_t kSupplementaryType = 2;
constexpr uint8_t kTerminatorType = 255;
constexpr uint8_t kStandardVersion = 1;
constexpr absl::string_view kEscapeLevel3 = "%/E";  // UCS-2 level 3 (Joliet clause 3.1)
constexpr absl::string_view kSystem = "LINUX";
constexpr absl::string_view kApplication = "CAROUSEL";

void Start(uint8_t type, absl::Span<uint8_t> sector) {
  std::fill(sector.begin(), sector.end(), uint8_t{0});
  sector[volume_fields::kType] = type;
  std::memcpy(&sector[volume_fields::kIdentifier], "CD001", 5);
  sector[volume_fields::kVersion] = kStandardVersion;
}

// A text field, filled with blanks; Joliet's are of UCS-2.
void StoreText(absl::string_view text, bool joliet, absl::Span<uint8_t> field) {
  std::string bytes;
  AppendUcs2(text, bytes);
  if (!joliet) {
    for (size_t i = 0; i < bytes.size() / 2; ++i) {
      const bool is_ascii = bytes[2 * i] == 0 && static_cast<uint8_t>(bytes[2 * i + 1]) < 0x80;
      bytes[i] = is_ascii ? bytes[2 * i + 1] : '_';
    }
    bytes.resize(bytes.size() / 2);
  }
  for (size_t i = 0; i < field.size(); ++i)
    field[i] = joliet && i % 2 == 0 ? 0 : static_cast<uint8_t>(' ');
  const size_t unit = joliet ? 2 : 1;
  const size_t length = std::min(bytes.size(), field.size() / unit * unit);
  std::copy_n(bytes.begin(), length, field.begin());
}

// Volume names of the primary tree are of d-characters (clause 8.4.7).
std::string PrimaryVolumeName(absl::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!kept && static_cast<uint8_t>(c) < 0x80) c = '_';
  }
  return text;
}

void StoreRoot(const NewVolume& volume, absl::Span<uint8_t> sector) {
  const uint8_t self[] = {kSelf};
  std::vector<uint8_t> record;
  AppendRecord(NewRecord{.identifier = self,
                         .flags = kDirectoryFlag,
                         .extent = static_cast<uint32_t>(volume.root.value()),
                         .bytes = static_cast<uint32_t>(volume.root_bytes),
                         .time = volume.root_time,
                         .system_use = {}},
               record);
  std::copy(record.begin(), record.end(), &sector[volume_fields::kRootRecord]);
}

void StoreTimes(int64_t creation, absl::Span<uint8_t> sector) {
  uint8_t* p = &sector[volume_fields::kCreationTime];
  EncodeLongTime(creation, p);
  EncodeLongTime(creation, p + kLongTimeBytes);
  // Neither expires nor becomes effective: not specified is digits 0 and offset 0.
  for (int i = 2; i < 4; ++i) std::memset(p + i * kLongTimeBytes, '0', kLongTimeBytes - 1);
}

void WriteVolume(const NewVolume& volume, bool joliet, absl::Span<uint8_t> sector) {
  Start(joliet ? kSupplementaryType : kPrimaryType, sector);
  const auto text = [&](absl::string_view value, size_t begin, size_t bytes) {
    StoreText(value, joliet, sector.subspan(begin, bytes));
  };
  text(kSystem, volume_fields::kSystemIdentifier, volume_fields::kSystemIdentifierBytes);
  text(joliet ? volume.volume_name : PrimaryVolumeName(volume.volume_name),
       volume_fields::kVolumeIdentifier, volume_fields::kVolumeIdentifierBytes);
  if (joliet)
    std::copy(kEscapeLevel3.begin(), kEscapeLevel3.end(), &sector[volume_fields::kEscapeSequences]);
  StoreBoth32(&sector[volume_fields::kVolumeSpaceSize],
              static_cast<uint32_t>(volume.volume_space.value()));
  StoreBoth16(&sector[volume_fields::kVolumeSetSize], 1);
  StoreBoth16(&sector[volume_fields::kVolumeSequence], 1);
  StoreBoth16(&sector[volume_fields::kLogicalBlockSize], kSectorSize);
  StoreBoth32(&sector[volume_fields::kPathTableSize],
              static_cast<uint32_t>(volume.path_table_bytes));
  StoreLe32(&sector[volume_fields::kPathTableL],
            static_cast<uint32_t>(volume.path_table_l.value()));
  StoreBe32(&sector[volume_fields::kPathTableM],
            static_cast<uint32_t>(volume.path_table_m.value()));
  StoreRoot(volume, sector);
  text("", volume_fields::kVolumeSetIdentifier,
       volume_fields::kApplicationIdentifier - volume_fields::kVolumeSetIdentifier);
  text(kApplication, volume_fields::kApplicationIdentifier,
       volume_fields::kCopyrightFile - volume_fields::kApplicationIdentifier);
  for (size_t i = 0; i < volume_fields::kFileNames; ++i) {
    text("", volume_fields::kCopyrightFile + i * volume_fields::kFileNameBytes,
         volume_fields::kFileNameBytes);
  }
  StoreTimes(volume.creation_time, sector);
  sector[volume_fields::kFileStructureVersion] = kStandardVersion;
}

}  // namespace

void WritePrimaryVolume(const NewVolume& volume, absl::Span<uint8_t> sector) {
  WriteVolume(volume, false, sector);
}

void WriteJolietVolume(const NewVolume& volume, absl::Span<uint8_t> sector) {
  WriteVolume(volume, true, sector);
}

void WriteTerminator(absl::Span<uint8_t> sector) { Start(kTerminatorType, sector); }

}  // namespace carousel::iso9660
