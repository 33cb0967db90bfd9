// Sense data to HRESULT: the table of docs/contract.md, section "Sense". Says what a device's
// refusal means, never what to do about it.
#ifndef SERVER_IMAPI_SENSE_TABLE_H_
#define SERVER_IMAPI_SENSE_TABLE_H_

#include <cstdint>
#include <optional>

#include "hal/scsi/sense.h"
#include "server/imapi/hresult.h"

namespace carousel::imapi {

// The code for `sense` in answer to the command `opcode`; nothing for S_OK. E_FAIL if no row
// matches.
std::optional<Hresult> HresultOfSense(const scsi::Sense& sense, uint8_t opcode);

}  // namespace carousel::imapi

#endif  // SERVER_IMAPI_SENSE_TABLE_H_
