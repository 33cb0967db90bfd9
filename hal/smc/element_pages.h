// The mode pages of a medium changer: where its elements are (1Dh), whether transports turn media
// (1Eh), which moves it makes (1Fh); SMC-3 7.3. MODE SENSE(10) is hal/mmc/mode_sense.h's; here is
// the six-byte one, which older programs send.
#ifndef HAL_SMC_ELEMENT_PAGES_H_
#define HAL_SMC_ELEMENT_PAGES_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/mmc/mode_sense.h"

namespace carousel::smc {

inline constexpr uint8_t kElementAddressPage = 0x1D;
inline constexpr uint8_t kTransportGeometryPage = 0x1E;
inline constexpr uint8_t kDeviceCapabilitiesPage = 0x1F;

struct ElementRange {
  uint16_t first = 0;
  uint16_t count = 0;
  bool operator==(const ElementRange&) const = default;
};

// Page 1Dh.
struct ElementAddressAssignment {
  ElementRange transports;
  ElementRange storage;
  ElementRange import_export;
  ElementRange drives;
  bool operator==(const ElementAddressAssignment&) const = default;
};
// At least 16 bytes of page data.
absl::StatusOr<ElementAddressAssignment> DecodeElementAddressAssignment(const mmc::ModePage& page);
mmc::ModePage EncodeElementAddressAssignment(const ElementAddressAssignment& assignment);

// Page 1Fh. Rows and columns by element type code less one: transport, storage, import/export,
// drive.
struct DeviceCapabilities {
  std::array<bool, 4> stores = {};                    // elements that may hold a medium at rest
  std::array<std::array<bool, 4>, 4> moves = {};      // [source][destination]
  std::array<std::array<bool, 4>, 4> exchanges = {};  // [source][first destination]
  bool operator==(const DeviceCapabilities&) const = default;
};
// At least 6 bytes of page data, up to the moves; older changers end there and exchange nothing.
absl::StatusOr<DeviceCapabilities> DecodeDeviceCapabilities(const mmc::ModePage& page);
mmc::ModePage EncodeDeviceCapabilities(const DeviceCapabilities& capabilities);

struct ModeSense6Cdb {
  mmc::PageControl control = mmc::PageControl::kCurrent;
  uint8_t page = mmc::kAllPages;  // 6 bits
  uint8_t allocation_length = 0;
  bool operator==(const ModeSense6Cdb&) const = default;
};
absl::StatusOr<ModeSense6Cdb> DecodeModeSense6Cdb(absl::Span<const uint8_t> cdb);
// The same data behind the four-byte header (SPC-4 table 446).
std::vector<uint8_t> EncodeModeData6(const mmc::ModeData& data);

}  // namespace carousel::smc

#endif  // HAL_SMC_ELEMENT_PAGES_H_
