#include "hal/mmc/inquiry.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

using fuzz::RoundTrip;

void CheckText(const std::string& text) {
  for (const char c : text) FUZZ_CHECK(c >= 0x20 && c < 0x7F);
  FUZZ_CHECK(text.empty() || (text.front() != ' ' && text.back() != ' '));
}

void Fuzz(absl::Span<const uint8_t> bytes) {
  RoundTrip(bytes, mmc::DecodeStandardInquiry, mmc::EncodeStandardInquiry,
            [](const mmc::StandardInquiry& inquiry) {
              FUZZ_CHECK(inquiry.qualifier < 8 && inquiry.device_type < 32);
              FUZZ_CHECK(inquiry.vendor.size() <= 8 && inquiry.product.size() <= 16);
              FUZZ_CHECK(inquiry.revision.size() <= 4);
              CheckText(inquiry.vendor);
              CheckText(inquiry.product);
              CheckText(inquiry.revision);
            });
  RoundTrip(bytes, mmc::DecodeUnitSerialNumber, mmc::EncodeUnitSerialNumber,
            [](const mmc::UnitSerialNumber& page) { CheckText(page.serial); });
  RoundTrip(bytes, mmc::DecodeDeviceIdentification, mmc::EncodeDeviceIdentification,
            [](const mmc::DeviceIdentification& page) {
              for (const mmc::Designator& designator : page.designators) {
                FUZZ_CHECK(designator.protocol < 16 && designator.code_set < 16);
                FUZZ_CHECK(designator.association < 4 && designator.type < 16);
                FUZZ_CHECK(designator.value.size() <= 255);
              }
            });
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
