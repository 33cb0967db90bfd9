// What a device calls itself so that others can know it again: a designator of VPD page 83h
// (SPC-4 7.8.5), which changers pass on for their drives (DVCID, SMC-3 6.11.5).
#ifndef HAL_BASE_DEVICE_ID_H_
#define HAL_BASE_DEVICE_ID_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace carousel {

struct DeviceId {
  static constexpr uint8_t kBinary = 1;  // code_set; 2: ASCII, 3: UTF-8

  uint8_t code_set = 0;  // 4 bits
  uint8_t type = 0;      // 4 bits: 0 vendor's own, 1 T10 vendor, 2 EUI-64, 3 NAA, 8 SCSI name
  std::vector<uint8_t> value;

  bool operator==(const DeviceId&) const = default;

  // For people: text as it is, other bytes in hexadecimal digits.
  std::string ToString() const {
    const absl::string_view bytes(reinterpret_cast<const char*>(value.data()), value.size());
    if (code_set == kBinary) return absl::StrCat("0x", absl::BytesToHexString(bytes));
    return absl::CHexEscape(absl::StripAsciiWhitespace(bytes));
  }
};

}  // namespace carousel

#endif  // HAL_BASE_DEVICE_ID_H_
