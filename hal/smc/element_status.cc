#include "hal/smc/element_status.h"

#include <algorithm>

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::smc {
namespace {

using mmc::Answer;

constexpr size_t kHeader = 8;
constexpr size_t kPageHeader = 8;
constexpr size_t kDescriptor = 12;
constexpr size_t kVolumeTag = 36;
constexpr size_t kVolumeIdentifier = 32;
constexpr size_t kIdentifierHeader = 4;
constexpr size_t kMaxIdentifier = 255;
// Elements take a bar code reader seconds each, at worst.
constexpr absl::Duration kReadTimeout = absl::Minutes(5);
constexpr absl::Duration kInitializeTimeout = absl::Minutes(60);

// All that a descriptor of `size` bytes announces is in `bytes`, which may be cut behind it: tgt
// sends eight bytes less than its pages have.
bool IsComplete(const Answer& bytes, size_t size, bool primary, bool alternate) {
  if (bytes.size() >= size) return true;
  const size_t tags = kDescriptor + primary * kVolumeTag + alternate * kVolumeTag;
  if (bytes.size() < kDescriptor + primary * kVolumeIdentifier || alternate) return false;
  if (size <= tags + kIdentifierHeader) return true;
  return bytes.size() >= tags + kIdentifierHeader &&
         bytes.size() >= tags + kIdentifierHeader + bytes.U8(tags + 3);
}

ElementDescriptor DecodeDescriptor(const Answer& bytes, uint8_t type, bool primary,
                                   bool alternate) {
  ElementDescriptor element{.address = bytes.U16(0),
                            .element_type = type,
                            .full = bytes.Bit(2, 0),
                            .exception = bytes.Bit(2, 2),
                            .access = bytes.Bit(2, 3),
                            .asc = bytes.U8(4),
                            .ascq = bytes.U8(5)};
  if (type == kImportExport) {
    element.placed_by_operator = bytes.Bit(2, 1);
    element.export_enabled = bytes.Bit(2, 4);
    element.import_enabled = bytes.Bit(2, 5);
  }
  if (bytes.Bit(9, 7)) element.source = bytes.U16(10);
  size_t at = kDescriptor;
  if (primary && bytes.size() >= at + kVolumeIdentifier) {
    element.volume_tag = bytes.Text(at, kVolumeIdentifier);
  }
  at += primary * kVolumeTag + alternate * kVolumeTag;
  if (bytes.size() < at + kIdentifierHeader) return element;
  const Answer value = bytes.Part(at + kIdentifierHeader, bytes.U8(at + 3));
  if (value.size() == 0) return element;
  element.identifier = {.code_set = bytes.Bits(at, 0, 4),
                        .type = bytes.Bits(at + 1, 0, 4),
                        .value = {value.bytes().begin(), value.bytes().end()}};
  return element;
}

// How long the descriptors of a page are: as long as its longest.
size_t DescriptorSize(absl::Span<const ElementDescriptor> page) {
  size_t identifier = 0;
  for (const ElementDescriptor& element : page) {
    if (!element.identifier.has_value()) continue;
    identifier = std::max(
        identifier, kIdentifierHeader + std::min(element.identifier->value.size(), kMaxIdentifier));
  }
  return kDescriptor + (page[0].volume_tag.has_value() ? kVolumeTag : 0) + identifier;
}

void EncodeDescriptor(const ElementDescriptor& element, bool tags, absl::Span<uint8_t> bytes) {
  StoreBe16(&bytes[0], element.address);
  bytes[2] = element.full | element.exception << 2 | element.access << 3;
  if (element.element_type == kImportExport) {
    bytes[2] |=
        element.placed_by_operator << 1 | element.export_enabled << 4 | element.import_enabled << 5;
  }
  bytes[4] = element.asc;
  bytes[5] = element.ascq;
  if (element.source.has_value()) {
    bytes[9] = 0x80;
    StoreBe16(&bytes[10], *element.source);
  }
  size_t at = kDescriptor;
  if (tags) {
    std::fill_n(bytes.begin() + at, kVolumeIdentifier, ' ');
    const std::string tag = element.volume_tag.value_or("");
    std::copy_n(tag.begin(), std::min(tag.size(), kVolumeIdentifier), bytes.begin() + at);
    at += kVolumeTag;
  }
  if (!element.identifier.has_value() || element.identifier->value.empty()) return;
  const size_t size = std::min(element.identifier->value.size(), kMaxIdentifier);
  bytes[at] = element.identifier->code_set;
  bytes[at + 1] = element.identifier->type;
  bytes[at + 3] = static_cast<uint8_t>(size);
  std::copy_n(element.identifier->value.begin(), size, bytes.begin() + at + kIdentifierHeader);
}

}  // namespace

scsi::Command MakeCommand(const ReadElementStatusCdb& cdb, absl::Span<uint8_t> data_in) {
  scsi::Command command =
      mmc::NewCommand(scsi::opcode::kReadElementStatus, 12, kReadTimeout, data_in);
  command.cdb[1] = cdb.volume_tags << 4 | (cdb.element_type & 0x0F);
  StoreBe16(&command.cdb[2], cdb.first);
  StoreBe16(&command.cdb[4], cdb.count);
  command.cdb[6] = cdb.current_data << 1 | cdb.device_ids;
  StoreBe24(&command.cdb[7], static_cast<uint32_t>(std::min<size_t>(data_in.size(), 0xFFFFFF)));
  return command;
}

absl::StatusOr<ReadElementStatusCdb> DecodeReadElementStatusCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(mmc::CheckCdb(cdb, scsi::opcode::kReadElementStatus, 12));
  return ReadElementStatusCdb{.volume_tags = (cdb[1] & 0x10) != 0,
                              .element_type = static_cast<uint8_t>(cdb[1] & 0x0F),
                              .first = LoadBe16(&cdb[2]),
                              .count = LoadBe16(&cdb[4]),
                              .device_ids = (cdb[6] & 1) != 0,
                              .current_data = (cdb[6] & 2) != 0,
                              .allocation_length = LoadBe24(&cdb[7])};
}

absl::StatusOr<ElementStatus> DecodeElementStatus(absl::Span<const uint8_t> bytes) {
  const Answer answer(bytes);
  if (answer.size() < kHeader) {
    return mmc::ShortAnswer("READ ELEMENT STATUS", answer.size(), kHeader);
  }
  ElementStatus status{.available = answer.U24(5) + static_cast<uint32_t>(kHeader)};
  for (size_t at = kHeader; at + kPageHeader <= answer.size();) {
    const size_t size = answer.U24(at + 5);
    const size_t each = answer.U16(at + 2);
    const Answer page = answer.Part(at + kPageHeader, size);
    const bool primary = answer.Bit(at + 1, 7);
    const bool alternate = answer.Bit(at + 1, 6);
    // A page of other descriptors than the standard's is passed over.
    for (size_t element = 0; each >= kDescriptor && element + each <= size; element += each) {
      const Answer descriptor = page.Part(element, each);
      if (!IsComplete(descriptor, each, primary, alternate)) break;
      status.elements.push_back(
          DecodeDescriptor(descriptor, answer.Bits(at, 0, 4), primary, alternate));
    }
    at += kPageHeader + size;
  }
  return status;
}

std::vector<uint8_t> EncodeElementStatus(absl::Span<const ElementDescriptor> elements) {
  std::vector<uint8_t> bytes(kHeader);
  if (!elements.empty()) StoreBe16(&bytes[0], elements[0].address);
  StoreBe16(&bytes[2], static_cast<uint16_t>(elements.size()));
  while (!elements.empty()) {
    size_t count = 1;
    while (count < elements.size() && elements[count].element_type == elements[0].element_type) {
      ++count;
    }
    const absl::Span<const ElementDescriptor> page = elements.subspan(0, count);
    const bool tags = page[0].volume_tag.has_value();
    const size_t each = DescriptorSize(page);
    const size_t begin = bytes.size();
    bytes.resize(begin + kPageHeader + each * count);
    bytes[begin] = page[0].element_type;
    bytes[begin + 1] = tags << 7;
    StoreBe16(&bytes[begin + 2], static_cast<uint16_t>(each));
    StoreBe24(&bytes[begin + 5], static_cast<uint32_t>(each * count));
    for (size_t i = 0; i < count; ++i) {
      EncodeDescriptor(page[i], tags,
                       absl::MakeSpan(bytes).subspan(begin + kPageHeader + i * each, each));
    }
    elements.remove_prefix(count);
  }
  StoreBe24(&bytes[5], static_cast<uint32_t>(bytes.size() - kHeader));
  return bytes;
}

scsi::Command MakeCommand(const InitializeElementStatusCdb& cdb) {
  if (!cdb.range.has_value()) {
    return mmc::NewCommand(scsi::opcode::kInitializeElementStatus, 6, kInitializeTimeout);
  }
  scsi::Command command =
      mmc::NewCommand(scsi::opcode::kInitializeElementStatusWithRange, 10, kInitializeTimeout);
  command.cdb[1] = 1;  // RANGE
  StoreBe16(&command.cdb[2], cdb.range->first);
  StoreBe16(&command.cdb[6], cdb.range->count);
  return command;
}

absl::StatusOr<InitializeElementStatusCdb> DecodeInitializeElementStatusCdb(
    absl::Span<const uint8_t> cdb) {
  InitializeElementStatusCdb decoded;
  if (!cdb.empty() && cdb[0] == scsi::opcode::kInitializeElementStatus) {
    RETURN_IF_ERROR(mmc::CheckCdb(cdb, scsi::opcode::kInitializeElementStatus, 6));
    return decoded;
  }
  RETURN_IF_ERROR(mmc::CheckCdb(cdb, scsi::opcode::kInitializeElementStatusWithRange, 10));
  if ((cdb[1] & 1) != 0) decoded.range = {.first = LoadBe16(&cdb[2]), .count = LoadBe16(&cdb[6])};
  return decoded;
}

}  // namespace carousel::smc
