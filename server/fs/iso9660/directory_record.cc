#include "server/fs/iso9660/directory_record.h"

#include <algorithm>
#include <optional>

#include "hal/base/status_macros.h"
#include "server/fs/iso9660/both_endian.h"
#include "server/fs/iso9660/errors.h"
#include "server/fs/iso9660/timestamp.h"

namespace carousel::iso9660 {
namespace {

// Offsets of the fields (clause 9.1), from 0.
constexpr size_t kAttributeLength = 1;
constexpr size_t kExtent = 2;
constexpr size_t kDataLength = 10;
constexpr size_t kRecordingTime = 18;
constexpr size_t kFlags = 25;
constexpr size_t kUnitSize = 26;
constexpr size_t kGapSize = 27;
constexpr size_t kVolumeSequence = 28;
constexpr size_t kIdentifierLength = 32;
constexpr size_t kIdentifier = 33;

// A zero-length file's address means nothing, and neither do its halves.
absl::Status ReconcileHalves(const uint8_t* p, Lba at, Lba end, DirectoryRecord& record) {
  record.halves_differ = true;
  const auto inside = [&](uint32_t address) { return Lba(address) < end; };
  const std::optional<uint32_t> extent = LoadBoth32(p + kExtent, inside);
  const Lba start(extent.value_or(0));
  const auto fits = [&](uint32_t bytes) { return start + Sectors::Holding(bytes) <= end; };
  const std::optional<uint32_t> bytes = LoadBoth32(p + kDataLength, fits);
  if (!bytes.has_value() || (!extent.has_value() && *bytes != 0))
    return InconsistentError("the two forms of an address or length in a record differ", at);
  record.extent = extent.value_or(0);
  record.bytes = *bytes;
  return absl::OkStatus();
}

}  // namespace

absl::Status DecodeRecord(absl::Span<const uint8_t> rest, Lba at, Lba end,
                          DirectoryRecord& record) {
  const uint8_t* p = rest.data();
  const size_t length = p[0];
  if (length <= kIdentifier || length > rest.size())
    return InconsistentError("the length of a directory record cannot be", at);
  const size_t name_length = p[kIdentifierLength];
  // The identifier is followed by a pad byte if its length is even (clause 9.1.12).
  const size_t name_end = kIdentifier + name_length;
  if (name_length == 0 || name_end > length)
    return InconsistentError("the length of a name exceeds its directory record", at);
  const size_t padded = name_end + (name_length % 2 == 0 ? 1 : 0);
  record.attribute_sectors = p[kAttributeLength];
  record.time = p + kRecordingTime;
  record.flags = p[kFlags];
  record.unit = p[kUnitSize];
  record.gap = p[kGapSize];
  record.identifier = rest.subspan(kIdentifier, name_length);
  record.system_use =
      padded < length ? rest.subspan(padded, length - padded) : absl::Span<const uint8_t>();
  record.extent = LoadLe32(p + kExtent);
  record.bytes = LoadLe32(p + kDataLength);
  record.halves_differ = false;
  if (record.extent == LoadBe32(p + kExtent + 4) && record.bytes == LoadBe32(p + kDataLength + 4))
    return absl::OkStatus();
  return ReconcileHalves(p, at, end, record);
}

void AppendRecord(const NewRecord& record, std::vector<uint8_t>& out) {
  const size_t head = RecordHeadBytes(record.identifier.size());
  const size_t begin = out.size();
  const size_t length = head + record.system_use.size() + record.system_use.size() % 2;
  out.resize(begin + length);
  uint8_t* p = out.data() + begin;
  p[0] = static_cast<uint8_t>(length);
  StoreBoth32(p + kExtent, record.extent);
  StoreBoth32(p + kDataLength, record.bytes);
  EncodeShortTime(record.time, p + kRecordingTime);
  p[kFlags] = record.flags;
  StoreBoth16(p + kVolumeSequence, 1);
  p[kIdentifierLength] = static_cast<uint8_t>(record.identifier.size());
  std::copy(record.identifier.begin(), record.identifier.end(), p + kIdentifier);
  std::copy(record.system_use.begin(), record.system_use.end(), p + head);
}

}  // namespace carousel::iso9660
