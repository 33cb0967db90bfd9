#include "hal/mmc/read_track_information.h"

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kMinAnswer = 28;
constexpr size_t kLastRecordedEnd = 32;
constexpr size_t kFullSize = 40;
constexpr size_t kLengthField = 2;

Lba SignedLba(uint32_t value) { return Lba(static_cast<int32_t>(value)); }

}  // namespace

scsi::Command MakeCommand(const ReadTrackInformationCdb& cdb, absl::Span<uint8_t> data_in) {
  scsi::Command command =
      NewCommand(scsi::opcode::kReadTrackInformation, 10, kMediumTimeout, data_in);
  command.cdb[1] = cdb.open << 2 | static_cast<uint8_t>(cdb.address_type);
  StoreBe32(&command.cdb[2], cdb.address);
  StoreBe16(&command.cdb[7], AllocationLength16(data_in));
  return command;
}

absl::StatusOr<ReadTrackInformationCdb> DecodeReadTrackInformationCdb(
    absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kReadTrackInformation, 10));
  return ReadTrackInformationCdb{.address_type = static_cast<TrackAddress>(cdb[1] & 3),
                                 .address = LoadBe32(&cdb[2]),
                                 .open = (cdb[1] & 4) != 0,
                                 .allocation_length = LoadBe16(&cdb[7])};
}

absl::StatusOr<TrackInformation> DecodeTrackInformation(absl::Span<const uint8_t> bytes) {
  const Answer answer = Answer(bytes).Cut(kLengthField + Answer(bytes).U16(0));
  if (answer.size() < kMinAnswer) {
    return ShortAnswer("READ TRACK INFORMATION", answer.size(), kMinAnswer);
  }
  TrackInformation info{.track = static_cast<uint16_t>(answer.U8(32) << 8 | answer.U8(2)),
                        .session = static_cast<uint16_t>(answer.U8(33) << 8 | answer.U8(3)),
                        .track_mode = answer.Bits(5, 0, 4),
                        .damage = answer.Bit(5, 5),
                        .reserved = answer.Bit(6, 7),
                        .blank = answer.Bit(6, 6),
                        .packet = answer.Bit(6, 5),
                        .fixed_packet = answer.Bit(6, 4),
                        .data_mode = answer.Bits(6, 0, 4),
                        .start = SignedLba(answer.U32(8)),
                        .free = Sectors(answer.U32(16)),
                        .packet_size = answer.U32(20),
                        .size = Sectors(answer.U32(24)),
                        .read_compatibility_lba = answer.U32(36)};
  if (answer.Bit(7, 0)) info.next_writable = SignedLba(answer.U32(12));
  if (answer.Bit(7, 1) && answer.size() >= kLastRecordedEnd) {
    info.last_recorded = SignedLba(answer.U32(28));
  }
  return info;
}

std::vector<uint8_t> EncodeTrackInformation(const TrackInformation& info) {
  std::vector<uint8_t> bytes(kFullSize);
  StoreBe16(&bytes[0], kFullSize - kLengthField);
  bytes[2] = info.track & 0xFF;
  bytes[3] = info.session & 0xFF;
  bytes[5] = info.damage << 5 | info.track_mode;
  bytes[6] = info.reserved << 7 | info.blank << 6 | info.packet << 5 | info.fixed_packet << 4 |
             info.data_mode;
  bytes[7] = info.last_recorded.has_value() << 1 | info.next_writable.has_value();
  StoreBe32(&bytes[8], static_cast<uint32_t>(info.start.value()));
  StoreBe32(&bytes[12], static_cast<uint32_t>(info.next_writable.value_or(Lba(0)).value()));
  StoreBe32(&bytes[16], static_cast<uint32_t>(info.free.value()));
  StoreBe32(&bytes[20], info.packet_size);
  StoreBe32(&bytes[24], static_cast<uint32_t>(info.size.value()));
  StoreBe32(&bytes[28], static_cast<uint32_t>(info.last_recorded.value_or(Lba(0)).value()));
  bytes[32] = info.track >> 8;
  bytes[33] = info.session >> 8;
  StoreBe32(&bytes[36], info.read_compatibility_lba);
  return bytes;
}

}  // namespace carousel::mmc
