#include "hal/mmc/read_disc_structure.h"

#include <algorithm>

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kHeader = 4;
constexpr size_t kLengthField = 2;
constexpr size_t kPhysicalFormatSize = 16;
// Drives send the whole sector of the lead-in, and programs look for text in the rest of it.
constexpr size_t kLeadInSector = 2048;
constexpr size_t kWriteProtectionSize = 4;
constexpr size_t kMaxData = 0xFFFF - (kHeader - kLengthField);

absl::StatusOr<Answer> Body(absl::Span<const uint8_t> bytes, size_t needed) {
  const Answer answer = Answer(bytes).Cut(kLengthField + Answer(bytes).U16(0));
  if (answer.size() < kHeader + needed) {
    return ShortAnswer("READ DISC STRUCTURE", answer.size(), kHeader + needed);
  }
  return answer.Part(kHeader, answer.size());
}

}  // namespace

scsi::Command MakeCommand(const ReadDiscStructureCdb& cdb, absl::Span<uint8_t> data_in) {
  scsi::Command command = NewCommand(scsi::opcode::kReadDiscStructure, 12, kMediumTimeout, data_in);
  command.cdb[1] = cdb.media_type & 0xF;
  StoreBe32(&command.cdb[2], cdb.address);
  command.cdb[6] = cdb.layer;
  command.cdb[7] = cdb.format;
  StoreBe16(&command.cdb[8], AllocationLength16(data_in));
  return command;
}

absl::StatusOr<ReadDiscStructureCdb> DecodeReadDiscStructureCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kReadDiscStructure, 12));
  return ReadDiscStructureCdb{.media_type = static_cast<uint8_t>(cdb[1] & 0xF),
                              .address = LoadBe32(&cdb[2]),
                              .layer = cdb[6],
                              .format = cdb[7],
                              .allocation_length = LoadBe16(&cdb[8])};
}

absl::StatusOr<DiscStructure> DecodeDiscStructure(absl::Span<const uint8_t> bytes) {
  ASSIGN_OR_RETURN(const Answer body, Body(bytes, 0));
  return DiscStructure{.data = {body.bytes().begin(), body.bytes().end()}};
}

std::vector<uint8_t> EncodeDiscStructure(const DiscStructure& structure) {
  const size_t size = std::min(structure.data.size(), kMaxData);
  std::vector<uint8_t> bytes(kHeader);
  bytes.insert(bytes.end(), structure.data.begin(), structure.data.begin() + size);
  StoreBe16(&bytes[0], bytes.size() - kLengthField);
  return bytes;
}

absl::StatusOr<PhysicalFormat> DecodePhysicalFormat(absl::Span<const uint8_t> bytes) {
  ASSIGN_OR_RETURN(const Answer body, Body(bytes, kPhysicalFormatSize));
  return PhysicalFormat{.book_type = body.Bits(0, 4, 4),
                        .part_version = body.Bits(0, 0, 4),
                        .disc_size = body.Bits(1, 4, 4),
                        .maximum_rate = body.Bits(1, 0, 4),
                        .layers = static_cast<uint8_t>(body.Bits(2, 5, 2) + 1),
                        .opposite_track_path = body.Bit(2, 4),
                        .layer_type = body.Bits(2, 0, 4),
                        .linear_density = body.Bits(3, 4, 4),
                        .track_density = body.Bits(3, 0, 4),
                        .start_sector = body.U24(5),
                        .end_sector = body.U24(9),
                        .layer0_end_sector = body.U24(13)};
}

std::vector<uint8_t> EncodePhysicalFormat(const PhysicalFormat& format) {
  DiscStructure structure{.data = std::vector<uint8_t>(kLeadInSector)};
  std::vector<uint8_t>& data = structure.data;
  data[0] = format.book_type << 4 | format.part_version;
  data[1] = format.disc_size << 4 | format.maximum_rate;
  data[2] = (format.layers - 1) << 5 | format.opposite_track_path << 4 | format.layer_type;
  data[3] = format.linear_density << 4 | format.track_density;
  StoreBe24(&data[5], format.start_sector);
  StoreBe24(&data[9], format.end_sector);
  StoreBe24(&data[13], format.layer0_end_sector);
  return EncodeDiscStructure(structure);
}

absl::StatusOr<WriteProtection> DecodeWriteProtection(absl::Span<const uint8_t> bytes) {
  ASSIGN_OR_RETURN(const Answer body, Body(bytes, 1));
  return WriteProtection{.until_power_down = body.Bit(0, 0),
                         .persistent = body.Bit(0, 1),
                         .cartridge = body.Bit(0, 2),
                         .medium_specific = body.Bit(0, 3)};
}

std::vector<uint8_t> EncodeWriteProtection(const WriteProtection& protection) {
  DiscStructure structure{.data = std::vector<uint8_t>(kWriteProtectionSize)};
  structure.data[0] = protection.medium_specific << 3 | protection.cartridge << 2 |
                      protection.persistent << 1 | protection.until_power_down;
  return EncodeDiscStructure(structure);
}

}  // namespace carousel::mmc
