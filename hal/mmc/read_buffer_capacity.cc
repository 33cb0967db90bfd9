#include "hal/mmc/read_buffer_capacity.h"

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kLengthField = 2;

}  // namespace

scsi::Command MakeCommand(const ReadBufferCapacityCdb& cdb, absl::Span<uint8_t> data_in) {
  scsi::Command command = NewCommand(scsi::opcode::kReadBufferCapacity, 10, kQuickTimeout, data_in);
  command.cdb[1] = cdb.in_blocks;
  StoreBe16(&command.cdb[7], AllocationLength16(data_in));
  return command;
}

absl::StatusOr<ReadBufferCapacityCdb> DecodeReadBufferCapacityCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kReadBufferCapacity, 10));
  return ReadBufferCapacityCdb{.in_blocks = (cdb[1] & 1) != 0,
                               .allocation_length = LoadBe16(&cdb[7])};
}

absl::StatusOr<BufferCapacity> DecodeBufferCapacity(absl::Span<const uint8_t> bytes) {
  const Answer answer = Answer(bytes).Cut(kLengthField + Answer(bytes).U16(0));
  if (answer.size() < kBufferCapacitySize) {
    return ShortAnswer("READ BUFFER CAPACITY", answer.size(), kBufferCapacitySize);
  }
  return BufferCapacity{
      .in_blocks = answer.Bit(3, 0), .length = answer.U32(4), .available = answer.U32(8)};
}

std::vector<uint8_t> EncodeBufferCapacity(const BufferCapacity& capacity) {
  std::vector<uint8_t> bytes(kBufferCapacitySize);
  StoreBe16(&bytes[0], kBufferCapacitySize - kLengthField);
  bytes[3] = capacity.in_blocks;
  StoreBe32(&bytes[4], capacity.length);
  StoreBe32(&bytes[8], capacity.available);
  return bytes;
}

}  // namespace carousel::mmc
