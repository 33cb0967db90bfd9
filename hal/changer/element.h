// A place of a disc changer that holds one disc (SMC-3 4.2).
#ifndef HAL_CHANGER_ELEMENT_H_
#define HAL_CHANGER_ELEMENT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "hal/base/device_id.h"
#include "hal/base/types.h"
#include "hal/scsi/sense.h"

namespace carousel {

// SMC-3 table 10, element type code.
enum class ElementType : uint8_t { kPicker = 1, kSlot = 2, kImportExport = 3, kDrive = 4 };

// One element as the changer sees it now.
struct Element {
  ElementAddress address;
  ElementType type = ElementType::kSlot;
  bool full = false;
  // The volume tag of the disc in it; empty if it has none or the changer cannot read it.
  std::string barcode;
  // Where the disc in it came from (SVALID), if the changer knows.
  std::optional<ElementAddress> source;
  // Drive elements: the serial number of the drive (DVCID); empty if the changer does not tell.
  std::string drive_serial;
  // The same as it stands there, for changers that pass on another name of the drive.
  std::optional<DeviceId> drive_id;
  // The arm can reach it (ACCESS). True also where the changer never sets the bit: then it tells
  // nothing.
  bool accessible = true;
  // Why it is in no ordinary state (EXCEPT), by ASC and ASCQ.
  std::optional<scsi::Sense> exception;
  // Import/export elements: a person has put the disc in; whether discs may come in and go out.
  bool placed_by_operator = false;
  bool can_import = false;
  bool can_export = false;
};

}  // namespace carousel

#endif  // HAL_CHANGER_ELEMENT_H_
