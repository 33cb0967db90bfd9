#include "hal/mmc/get_performance.h"

#include <algorithm>

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kLengthField = 4;

}  // namespace

scsi::Command MakeCommand(const GetPerformanceCdb& cdb, absl::Span<uint8_t> data_in) {
  scsi::Command command = NewCommand(scsi::opcode::kGetPerformance, 12, kQuickTimeout, data_in);
  const size_t room = std::max(data_in.size(), kPerformanceHeaderSize) - kPerformanceHeaderSize;
  command.cdb[1] = cdb.data_type & 0x1F;
  StoreBe32(&command.cdb[2], cdb.starting_lba);
  StoreBe16(&command.cdb[8], std::min<size_t>(room / kWriteSpeedDescriptorSize, 0xFFFF));
  command.cdb[10] = cdb.type;
  return command;
}

absl::StatusOr<GetPerformanceCdb> DecodeGetPerformanceCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kGetPerformance, 12));
  return GetPerformanceCdb{.data_type = static_cast<uint8_t>(cdb[1] & 0x1F),
                           .starting_lba = LoadBe32(&cdb[2]),
                           .maximum_descriptors = LoadBe16(&cdb[8]),
                           .type = cdb[10]};
}

absl::StatusOr<WriteSpeeds> DecodeWriteSpeeds(absl::Span<const uint8_t> bytes) {
  if (bytes.size() < kPerformanceHeaderSize) {
    return ShortAnswer("GET PERFORMANCE", bytes.size(), kPerformanceHeaderSize);
  }
  const Answer answer = Answer(bytes).Cut(kLengthField + size_t{Answer(bytes).U32(0)});
  WriteSpeeds speeds;
  for (size_t at = kPerformanceHeaderSize; at + kWriteSpeedDescriptorSize <= answer.size();
       at += kWriteSpeedDescriptorSize) {
    speeds.speeds.push_back(WriteSpeed{.rotation_control = answer.Bits(at, 3, 2),
                                       .restore_default = answer.Bit(at, 2),
                                       .exact = answer.Bit(at, 1),
                                       .mixed = answer.Bit(at, 0),
                                       .end_lba = answer.U32(at + 4),
                                       .read_speed = answer.U32(at + 8),
                                       .write_speed = answer.U32(at + 12)});
  }
  return speeds;
}

std::vector<uint8_t> EncodeWriteSpeeds(const WriteSpeeds& speeds) {
  std::vector<uint8_t> bytes(kPerformanceHeaderSize +
                             speeds.speeds.size() * kWriteSpeedDescriptorSize);
  StoreBe32(&bytes[0], bytes.size() - kLengthField);
  uint8_t* at = bytes.data() + kPerformanceHeaderSize;
  for (const WriteSpeed& speed : speeds.speeds) {
    at[0] =
        speed.rotation_control << 3 | speed.restore_default << 2 | speed.exact << 1 | speed.mixed;
    StoreBe32(at + 4, speed.end_lba);
    StoreBe32(at + 8, speed.read_speed);
    StoreBe32(at + 12, speed.write_speed);
    at += kWriteSpeedDescriptorSize;
  }
  return bytes;
}

}  // namespace carousel::mmc
