#include "hal/mmc/set_streaming.h"

#include <algorithm>

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr uint32_t kOneSecond = 1000;  // milliseconds

KilobytesPerSecond Speed(uint32_t kilobytes, uint32_t milliseconds) {
  if (milliseconds == 0) return KilobytesPerSecond(0);
  const uint64_t speed = uint64_t{kilobytes} * kOneSecond / milliseconds;
  return KilobytesPerSecond(static_cast<uint32_t>(std::min<uint64_t>(speed, 0xFFFFFFFF)));
}

}  // namespace

scsi::Command MakeCommand(const SetStreamingCdb& cdb, absl::Span<const uint8_t> parameters) {
  scsi::Command command =
      NewSendingCommand(scsi::opcode::kSetStreaming, 12, kMediumTimeout, parameters);
  command.cdb[8] = cdb.type;
  StoreBe16(&command.cdb[9], std::min<size_t>(parameters.size(), 0xFFFF));
  return command;
}

absl::StatusOr<SetStreamingCdb> DecodeSetStreamingCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kSetStreaming, 12));
  return SetStreamingCdb{.type = cdb[8], .parameter_list_length = LoadBe16(&cdb[9])};
}

std::vector<uint8_t> EncodePerformanceDescriptor(const PerformanceDescriptor& descriptor) {
  std::vector<uint8_t> bytes(kPerformanceDescriptorSize);
  bytes[0] = (descriptor.rotation_control & 3) << 3 | descriptor.restore_default << 2 |
             descriptor.exact << 1 | descriptor.random_access;
  StoreBe32(&bytes[4], static_cast<uint32_t>(descriptor.start.value()));
  StoreBe32(&bytes[8], static_cast<uint32_t>(descriptor.end.value()));
  StoreBe32(&bytes[12], descriptor.read_speed.value());
  StoreBe32(&bytes[16], kOneSecond);
  StoreBe32(&bytes[20], descriptor.write_speed.value());
  StoreBe32(&bytes[24], kOneSecond);
  return bytes;
}

absl::StatusOr<PerformanceDescriptor> DecodePerformanceDescriptor(absl::Span<const uint8_t> bytes) {
  if (bytes.size() != kPerformanceDescriptorSize) {
    return ShortAnswer("SET STREAMING", bytes.size(), kPerformanceDescriptorSize);
  }
  const Answer list(bytes);
  return PerformanceDescriptor{.rotation_control = list.Bits(0, 3, 2),
                               .restore_default = list.Bit(0, 2),
                               .exact = list.Bit(0, 1),
                               .random_access = list.Bit(0, 0),
                               .start = Lba(list.U32(4)),
                               .end = Lba(list.U32(8)),
                               .read_speed = Speed(list.U32(12), list.U32(16)),
                               .write_speed = Speed(list.U32(20), list.U32(24))};
}

}  // namespace carousel::mmc
