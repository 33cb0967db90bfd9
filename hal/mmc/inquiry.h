// INQUIRY: who the device is (SPC-4 6.4; vital product data pages 7.8).
#ifndef HAL_MMC_INQUIRY_H_
#define HAL_MMC_INQUIRY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

// SPC-4 table 141.
inline constexpr uint8_t kDeviceTypeMmc = 0x05;
inline constexpr uint8_t kDeviceTypeMediumChanger = 0x08;
// Bytes of the standard answer; some devices fail a request for more.
inline constexpr size_t kStandardInquirySize = 36;
inline constexpr uint8_t kUnitSerialNumberPage = 0x80;
inline constexpr uint8_t kDeviceIdentificationPage = 0x83;

struct InquiryCdb {
  bool vital_product_data = false;  // EVPD
  uint8_t page = 0;
  uint16_t allocation_length = 0;
  bool operator==(const InquiryCdb&) const = default;
};
scsi::Command MakeCommand(const InquiryCdb& cdb, absl::Span<uint8_t> data_in);
absl::StatusOr<InquiryCdb> DecodeInquiryCdb(absl::Span<const uint8_t> cdb);

// Texts are printable ASCII without spaces around them.
struct StandardInquiry {
  uint8_t qualifier = 0;  // 3 bits; 0: a device is connected
  uint8_t device_type = kDeviceTypeMmc;
  bool removable = true;
  uint8_t version = 0;
  std::string vendor;    // at most 8
  std::string product;   // at most 16
  std::string revision;  // at most 4
  bool operator==(const StandardInquiry&) const = default;
};
// At least 5 bytes; texts that are not there are empty.
absl::StatusOr<StandardInquiry> DecodeStandardInquiry(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeStandardInquiry(const StandardInquiry& inquiry);

// VPD page 80h.
struct UnitSerialNumber {
  uint8_t qualifier = 0;
  uint8_t device_type = kDeviceTypeMmc;
  std::string serial;
  bool operator==(const UnitSerialNumber&) const = default;
};
// INTERNAL also when the answer is another page: drives without VPD send the standard data.
absl::StatusOr<UnitSerialNumber> DecodeUnitSerialNumber(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeUnitSerialNumber(const UnitSerialNumber& page);

// A designator of VPD page 83h (SPC-4 table 590 and following).
struct Designator {
  uint8_t protocol = 0;     // 4 bits
  uint8_t code_set = 0;     // 4 bits: 1 binary, 2 ASCII, 3 UTF-8
  uint8_t association = 0;  // 2 bits
  uint8_t type = 0;         // 4 bits: 1 T10 vendor, 3 NAA, 8 SCSI name
  std::vector<uint8_t> value;
  bool operator==(const Designator&) const = default;
};
struct DeviceIdentification {
  uint8_t qualifier = 0;
  uint8_t device_type = kDeviceTypeMmc;
  std::vector<Designator> designators;
  bool operator==(const DeviceIdentification&) const = default;
};
// A designator that is cut by the end of the answer is left out.
absl::StatusOr<DeviceIdentification> DecodeDeviceIdentification(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeDeviceIdentification(const DeviceIdentification& page);

}  // namespace carousel::mmc

#endif  // HAL_MMC_INQUIRY_H_
