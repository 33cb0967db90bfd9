#include "hal/scsi/command.h"

#include <string>

#include "absl/strings/str_format.h"

namespace carousel::scsi {

// MMC-6 table 251 and SMC-3 table 7.
std::string OpcodeName(uint8_t opcode) {
  switch (opcode) {
    case 0x00:
      return "TEST UNIT READY";
    case 0x03:
      return "REQUEST SENSE";
    case 0x04:
      return "FORMAT UNIT";
    case 0x07:
      return "INITIALIZE ELEMENT STATUS";
    case 0x08:
      return "READ(6)";
    case 0x12:
      return "INQUIRY";
    case 0x1A:
      return "MODE SENSE(6)";
    case 0x1B:
      return "START STOP UNIT";
    case 0x1E:
      return "PREVENT ALLOW MEDIUM REMOVAL";
    case 0x23:
      return "READ FORMAT CAPACITIES";
    case 0x25:
      return "READ CAPACITY";
    case 0x28:
      return "READ(10)";
    case 0x2A:
      return "WRITE(10)";
    case 0x2B:
      return "POSITION TO ELEMENT";
    case 0x2E:
      return "WRITE AND VERIFY(10)";
    case 0x2F:
      return "VERIFY(10)";
    case 0x35:
      return "SYNCHRONIZE CACHE";
    case 0x37:
      return "INITIALIZE ELEMENT STATUS WITH RANGE";
    case 0x43:
      return "READ TOC/PMA/ATIP";
    case 0x46:
      return "GET CONFIGURATION";
    case 0x4A:
      return "GET EVENT STATUS NOTIFICATION";
    case 0x51:
      return "READ DISC INFORMATION";
    case 0x52:
      return "READ TRACK INFORMATION";
    case 0x53:
      return "RESERVE TRACK";
    case 0x54:
      return "SEND OPC INFORMATION";
    case 0x55:
      return "MODE SELECT(10)";
    case 0x5A:
      return "MODE SENSE(10)";
    case 0x5B:
      return "CLOSE TRACK SESSION";
    case 0x5C:
      return "READ BUFFER CAPACITY";
    case 0x5D:
      return "SEND CUE SHEET";
    case 0xA0:
      return "REPORT LUNS";
    case 0xA1:
      return "BLANK";
    case 0xA5:
      return "MOVE MEDIUM";
    case 0xA6:
      return "EXCHANGE MEDIUM";
    case 0xA8:
      return "READ(12)";
    case 0xAA:
      return "WRITE(12)";
    case 0xAC:
      return "GET PERFORMANCE";
    case 0xAD:
      return "READ DISC STRUCTURE";
    case 0xB6:
      return "SET STREAMING";
    case 0xB8:
      return "READ ELEMENT STATUS";
    case 0xBB:
      return "SET CD SPEED";
    case 0xBD:
      return "MECHANISM STATUS";
    case 0xBF:
      return "SEND DISC STRUCTURE";
    default:
      return absl::StrFormat("OPCODE %02Xh", opcode);
  }
}

}  // namespace carousel::scsi
