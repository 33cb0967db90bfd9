#include "hal/mmc/read_capacity.h"

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {

scsi::Command MakeCommand(const ReadCapacityCdb&, absl::Span<uint8_t> data_in) {
  return NewCommand(scsi::opcode::kReadCapacity10, 10, kMediumTimeout, data_in);
}

absl::StatusOr<ReadCapacityCdb> DecodeReadCapacityCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kReadCapacity10, 10));
  return ReadCapacityCdb{};
}

absl::StatusOr<Capacity> DecodeCapacity(absl::Span<const uint8_t> bytes) {
  if (bytes.size() < kReadCapacitySize) {
    return ShortAnswer("READ CAPACITY", bytes.size(), kReadCapacitySize);
  }
  return Capacity{.last_lba = LoadBe32(&bytes[0]), .block_length = LoadBe32(&bytes[4])};
}

std::vector<uint8_t> EncodeCapacity(const Capacity& capacity) {
  std::vector<uint8_t> bytes(kReadCapacitySize);
  StoreBe32(&bytes[0], capacity.last_lba);
  StoreBe32(&bytes[4], capacity.block_length);
  return bytes;
}

}  // namespace carousel::mmc
