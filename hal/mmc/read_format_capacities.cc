#include "hal/mmc/read_format_capacities.h"

#include <algorithm>

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kHeader = 4;
constexpr size_t kDescriptor = 8;
// The list length is one byte and counts the current descriptor.
constexpr size_t kMaxFormattable = 255 / kDescriptor - 1;

}  // namespace

scsi::Command MakeCommand(const ReadFormatCapacitiesCdb&, absl::Span<uint8_t> data_in) {
  scsi::Command command =
      NewCommand(scsi::opcode::kReadFormatCapacities, 10, kMediumTimeout, data_in);
  StoreBe16(&command.cdb[7], AllocationLength16(data_in));
  return command;
}

absl::StatusOr<ReadFormatCapacitiesCdb> DecodeReadFormatCapacitiesCdb(
    absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kReadFormatCapacities, 10));
  return ReadFormatCapacitiesCdb{.allocation_length = LoadBe16(&cdb[7])};
}

absl::StatusOr<FormatCapacities> DecodeFormatCapacities(absl::Span<const uint8_t> bytes) {
  const Answer answer = Answer(bytes).Cut(kHeader + Answer(bytes).U8(3));
  if (answer.size() < kHeader + kDescriptor) {
    return ShortAnswer("READ FORMAT CAPACITIES", answer.size(), kHeader + kDescriptor);
  }
  FormatCapacities capacities{.blocks = answer.U32(4),
                              .type = static_cast<FormatDescriptor>(answer.Bits(8, 0, 2)),
                              .block_length = answer.U24(9)};
  for (size_t at = kHeader + kDescriptor; at + kDescriptor <= answer.size(); at += kDescriptor) {
    capacities.formattable.push_back(FormattableCapacity{.blocks = answer.U32(at),
                                                         .type = answer.Bits(at + 4, 2, 6),
                                                         .sub_type = answer.Bits(at + 4, 0, 2),
                                                         .parameter = answer.U24(at + 5)});
  }
  return capacities;
}

std::vector<uint8_t> EncodeFormatCapacities(const FormatCapacities& capacities) {
  const size_t count = std::min(capacities.formattable.size(), kMaxFormattable);
  std::vector<uint8_t> bytes(kHeader + (1 + count) * kDescriptor);
  bytes[3] = static_cast<uint8_t>(bytes.size() - kHeader);
  StoreBe32(&bytes[4], capacities.blocks);
  bytes[8] = static_cast<uint8_t>(capacities.type);
  StoreBe24(&bytes[9], capacities.block_length);
  for (size_t i = 0; i < count; ++i) {
    const FormattableCapacity& capacity = capacities.formattable[i];
    uint8_t* at = &bytes[kHeader + (1 + i) * kDescriptor];
    StoreBe32(at, capacity.blocks);
    at[4] = capacity.type << 2 | capacity.sub_type;
    StoreBe24(at + 5, capacity.parameter);
  }
  return bytes;
}

}  // namespace carousel::mmc
