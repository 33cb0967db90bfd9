#include "hal/virtual_robot/allocation_length.h"

#include <cstdint>

#include "hal/base/byte_order.h"
#include "hal/scsi/opcode.h"

namespace carousel::virtual_robot {

namespace opcode = scsi::opcode;

size_t AllocationLength(const scsi::Command& command) {
  switch (command.opcode()) {
    case opcode::kRequestSense:
    case opcode::kModeSense6:
      return command.cdb[4];
    case opcode::kReadElementStatus:
      return LoadBe24(&command.cdb[7]);
    case opcode::kInquiry:
      return LoadBe16(&command.cdb[3]);
    case opcode::kReadFormatCapacities:
    case opcode::kReadToc:
    case opcode::kGetConfiguration:
    case opcode::kGetEventStatus:
    case opcode::kReadDiscInformation:
    case opcode::kReadTrackInformation:
    case opcode::kModeSense10:
      return LoadBe16(&command.cdb[7]);
    case opcode::kReadDiscStructure:
      return LoadBe16(&command.cdb[8]);
    default:
      return SIZE_MAX;
  }
}

}  // namespace carousel::virtual_robot
