#include "hal/mmc/get_event_status.h"

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kHeader = 4;
constexpr size_t kLengthField = 2;
constexpr size_t kMediaEventSize = 4;
constexpr uint8_t kNoEventAvailable = 0x80;  // NEA

}  // namespace

scsi::Command MakeCommand(const GetEventStatusCdb& cdb, absl::Span<uint8_t> data_in) {
  scsi::Command command = NewCommand(scsi::opcode::kGetEventStatus, 10, kQuickTimeout, data_in);
  command.cdb[1] = cdb.polled;
  command.cdb[4] = cdb.classes;
  StoreBe16(&command.cdb[7], AllocationLength16(data_in));
  return command;
}

absl::StatusOr<GetEventStatusCdb> DecodeGetEventStatusCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kGetEventStatus, 10));
  return GetEventStatusCdb{
      .polled = (cdb[1] & 1) != 0, .classes = cdb[4], .allocation_length = LoadBe16(&cdb[7])};
}

absl::StatusOr<EventStatus> DecodeEventStatus(absl::Span<const uint8_t> bytes) {
  const Answer answer = Answer(bytes).Cut(kLengthField + Answer(bytes).U16(0));
  if (answer.size() < kHeader) {
    return ShortAnswer("GET EVENT STATUS NOTIFICATION", answer.size(), kHeader);
  }
  EventStatus status{.supported_classes = answer.U8(3)};
  const bool no_event = (answer.U8(2) & kNoEventAvailable) != 0;
  if (no_event || answer.Bits(2, 0, 3) != kMediaEventsClass ||
      answer.size() < kHeader + kMediaEventSize) {
    return status;
  }
  status.media = MediaEvent{.code = static_cast<MediaEventCode>(answer.Bits(4, 0, 4)),
                            .media_present = answer.Bit(5, 1),
                            .door_open = answer.Bit(5, 0),
                            .start_slot = answer.U8(6),
                            .end_slot = answer.U8(7)};
  return status;
}

std::vector<uint8_t> EncodeEventStatus(const EventStatus& status) {
  std::vector<uint8_t> bytes(kHeader);
  bytes[3] = status.supported_classes;
  if (!status.media.has_value()) {
    bytes[2] = kNoEventAvailable;
  } else {
    bytes[2] = kMediaEventsClass;
    const uint8_t state = status.media->media_present << 1 | status.media->door_open;
    bytes.insert(bytes.end(), {static_cast<uint8_t>(status.media->code), state,
                               status.media->start_slot, status.media->end_slot});
  }
  StoreBe16(&bytes[0], bytes.size() - kLengthField);
  return bytes;
}

}  // namespace carousel::mmc
