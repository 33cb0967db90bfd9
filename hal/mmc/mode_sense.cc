#include "hal/mmc/mode_sense.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kHeader = 8;
constexpr size_t kLengthField = 2;
constexpr size_t kPageHeader = 2;
// Of page 05h without its header, up to the audio pause length.
constexpr size_t kWriteParametersSize = 14;

absl::Status CheckPage(const ModePage& page, uint8_t code, size_t needed) {
  if (page.code != code) {
    return absl::InternalError(
        absl::StrCat("MODE SENSE: page ", page.code, " came, page ", code, " was asked for"));
  }
  if (page.data.size() < needed) {
    return ShortAnswer("MODE SENSE page", page.data.size(), needed);
  }
  return absl::OkStatus();
}

// Bits of `mask` become those of `value`.
void PutBits(uint8_t mask, uint8_t value, uint8_t* byte) {
  *byte = (*byte & ~mask) | (value & mask);
}

// Into the first kWriteParametersSize bytes of the page's data; bits without a name stay.
void PutWriteParameters(const WriteParameters& parameters, uint8_t* data) {
  PutBits(0x7F,
          parameters.buffer_underrun_free << 6 | parameters.link_size_valid << 5 |
              parameters.test_write << 4 | parameters.write_type,
          &data[0]);
  data[1] = parameters.multi_session << 6 | parameters.fixed_packet << 5 | parameters.copy << 4 |
            parameters.track_mode;
  PutBits(0x0F, parameters.data_block_type, &data[2]);
  data[3] = parameters.link_size;
  PutBits(0x3F, parameters.application_code, &data[5]);
  data[6] = parameters.session_format;
  StoreBe32(&data[8], parameters.packet_size);
  StoreBe16(&data[12], parameters.audio_pause);
}

}  // namespace

scsi::Command MakeCommand(const ModeSenseCdb& cdb, absl::Span<uint8_t> data_in) {
  scsi::Command command = NewCommand(scsi::opcode::kModeSense10, 10, kQuickTimeout, data_in);
  command.cdb[1] = cdb.disable_block_descriptors << 3;
  command.cdb[2] = static_cast<uint8_t>(cdb.control) << 6 | (cdb.page & 0x3F);
  command.cdb[3] = cdb.sub_page;
  StoreBe16(&command.cdb[7], AllocationLength16(data_in));
  return command;
}

absl::StatusOr<ModeSenseCdb> DecodeModeSenseCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kModeSense10, 10));
  return ModeSenseCdb{.disable_block_descriptors = (cdb[1] & 8) != 0,
                      .control = static_cast<PageControl>(cdb[2] >> 6),
                      .page = static_cast<uint8_t>(cdb[2] & 0x3F),
                      .sub_page = cdb[3],
                      .allocation_length = LoadBe16(&cdb[7])};
}

const ModePage* ModeData::Find(uint8_t code) const {
  const auto found = std::find_if(pages.begin(), pages.end(),
                                  [code](const ModePage& page) { return page.code == code; });
  return found == pages.end() ? nullptr : &*found;
}

absl::StatusOr<ModeData> DecodeModeData(absl::Span<const uint8_t> bytes) {
  const Answer answer = Answer(bytes).Cut(kLengthField + Answer(bytes).U16(0));
  if (answer.size() < kHeader) return ShortAnswer("MODE SENSE", answer.size(), kHeader);
  ModeData mode{.medium_type = answer.U8(2), .device_specific = answer.U8(3)};
  for (size_t at = kHeader + answer.U16(6); at + kPageHeader <= answer.size();) {
    const bool has_sub_page = answer.Bit(at, 6);
    const size_t size = answer.U8(at + 1);
    const Answer data = answer.Part(at + kPageHeader, size);
    if (has_sub_page || data.size() < size) break;
    mode.pages.push_back(ModePage{.code = answer.Bits(at, 0, 6),
                                  .savable = answer.Bit(at, 7),
                                  .data = {data.bytes().begin(), data.bytes().end()}});
    at += kPageHeader + size;
  }
  return mode;
}

std::vector<uint8_t> EncodeModeData(const ModeData& data) {
  std::vector<uint8_t> bytes(kHeader);
  bytes[2] = data.medium_type;
  bytes[3] = data.device_specific;
  for (const ModePage& page : data.pages) {
    bytes.push_back(page.savable << 7 | page.code);
    bytes.push_back(static_cast<uint8_t>(page.data.size()));
    bytes.insert(bytes.end(), page.data.begin(), page.data.end());
  }
  StoreBe16(&bytes[0], bytes.size() - kLengthField);
  return bytes;
}

// Offsets below are those of the standard's tables less the page's two header bytes.

absl::StatusOr<WriteParameters> DecodeWriteParameters(const ModePage& page) {
  RETURN_IF_ERROR(CheckPage(page, kWriteParametersPage, kWriteParametersSize));
  const Answer answer(page.data);
  return WriteParameters{.buffer_underrun_free = answer.Bit(0, 6),
                         .link_size_valid = answer.Bit(0, 5),
                         .test_write = answer.Bit(0, 4),
                         .write_type = answer.Bits(0, 0, 4),
                         .multi_session = answer.Bits(1, 6, 2),
                         .fixed_packet = answer.Bit(1, 5),
                         .copy = answer.Bit(1, 4),
                         .track_mode = answer.Bits(1, 0, 4),
                         .data_block_type = answer.Bits(2, 0, 4),
                         .link_size = answer.U8(3),
                         .application_code = answer.Bits(5, 0, 6),
                         .session_format = answer.U8(6),
                         .packet_size = answer.U32(8),
                         .audio_pause = answer.U16(12)};
}

ModePage EncodeWriteParameters(const WriteParameters& parameters) {
  // MMC-6: page length 32h.
  ModePage page{.code = kWriteParametersPage, .data = std::vector<uint8_t>(0x32)};
  PutWriteParameters(parameters, page.data.data());
  return page;
}

absl::StatusOr<ModePage> WithWriteParameters(ModePage page, const WriteParameters& parameters) {
  RETURN_IF_ERROR(CheckPage(page, kWriteParametersPage, kWriteParametersSize));
  PutWriteParameters(parameters, page.data.data());
  return page;
}

absl::StatusOr<Capabilities> DecodeCapabilities(const ModePage& page) {
  RETURN_IF_ERROR(CheckPage(page, kCapabilitiesPage, 14));
  const Answer answer(page.data);
  Capabilities capabilities{.reads = answer.U8(0),
                            .writes = answer.U8(1),
                            .multi_session = answer.Bit(2, 6),
                            .locked = answer.Bit(4, 1),
                            .can_eject = answer.Bit(4, 3),
                            .loading_mechanism = answer.Bits(4, 5, 3),
                            .maximum_read_speed = answer.U16(6),
                            .buffer_kib = answer.U16(10),
                            .current_read_speed = answer.U16(12),
                            .current_write_speed = answer.U16(26)};
  const size_t count = answer.U16(28);
  for (size_t i = 0; i < count && 30 + 4 * (i + 1) <= answer.size(); ++i) {
    capabilities.write_speeds.push_back(answer.U16(30 + 4 * i + 2));
  }
  return capabilities;
}

ModePage EncodeCapabilities(const Capabilities& capabilities) {
  // A page has at most 255 bytes of data.
  const size_t count = std::min<size_t>(capabilities.write_speeds.size(), (255 - 30) / 4);
  ModePage page{.code = kCapabilitiesPage, .data = std::vector<uint8_t>(30 + 4 * count)};
  std::vector<uint8_t>& data = page.data;
  data[0] = capabilities.reads;
  data[1] = capabilities.writes;
  data[2] = capabilities.multi_session << 6;
  data[4] =
      capabilities.loading_mechanism << 5 | capabilities.can_eject << 3 | capabilities.locked << 1;
  StoreBe16(&data[6], capabilities.maximum_read_speed);
  StoreBe16(&data[10], capabilities.buffer_kib);
  StoreBe16(&data[12], capabilities.current_read_speed);
  StoreBe16(&data[26], capabilities.current_write_speed);
  StoreBe16(&data[28], count);
  for (size_t i = 0; i < count; ++i) {
    StoreBe16(&data[30 + 4 * i + 2], capabilities.write_speeds[i]);
  }
  return page;
}

}  // namespace carousel::mmc
