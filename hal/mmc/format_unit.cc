#include "hal/mmc/format_unit.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kDescriptorSize = 8;
constexpr uint32_t kAll = 0xFFFFFFFF;

}  // namespace

scsi::Command MakeCommand(const FormatUnitCdb& cdb, absl::Span<const uint8_t> parameters) {
  scsi::Command command =
      NewSendingCommand(scsi::opcode::kFormatUnit, 6, kWriteTimeout, parameters);
  command.cdb[1] = cdb.format_data << 4 | (cdb.format_code & 7);
  return command;
}

absl::StatusOr<FormatUnitCdb> DecodeFormatUnitCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kFormatUnit, 6));
  return FormatUnitCdb{.format_data = (cdb[1] & 0x10) != 0,
                       .format_code = static_cast<uint8_t>(cdb[1] & 7)};
}

std::vector<uint8_t> EncodeFormatParameters(const FormatParameters& parameters) {
  std::vector<uint8_t> bytes(kFormatParametersSize);
  bytes[1] = parameters.options_valid << 7 | parameters.disable_certification << 5 |
             parameters.immediate << 1;
  StoreBe16(&bytes[2], kDescriptorSize);
  StoreBe32(&bytes[4],
            parameters.size.has_value() ? static_cast<uint32_t>(parameters.size->value()) : kAll);
  bytes[8] = static_cast<uint8_t>(parameters.type) << 2 | (parameters.sub_type & 3);
  StoreBe24(&bytes[9], parameters.parameter);
  return bytes;
}

absl::StatusOr<FormatParameters> DecodeFormatParameters(absl::Span<const uint8_t> bytes) {
  if (bytes.size() < kFormatParametersSize) {
    return ShortAnswer("FORMAT UNIT", bytes.size(), kFormatParametersSize);
  }
  const Answer list(bytes);
  if (list.U16(2) != kDescriptorSize) {
    return absl::InternalError(
        absl::StrCat("FORMAT UNIT: descriptors of ", list.U16(2), " bytes, 8 are one"));
  }
  FormatParameters parameters{.immediate = list.Bit(1, 1),
                              .options_valid = list.Bit(1, 7),
                              .disable_certification = list.Bit(1, 5),
                              .type = static_cast<FormatType>(list.Bits(8, 2, 6)),
                              .sub_type = list.Bits(8, 0, 2),
                              .parameter = list.U24(9)};
  if (list.U32(4) != kAll) parameters.size = Sectors(list.U32(4));
  return parameters;
}

}  // namespace carousel::mmc
