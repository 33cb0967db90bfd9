#include "hal/smc/element_pages.h"

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "hal/mmc/mode_sense.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

void Fuzz(absl::Span<const uint8_t> bytes) {
  (void)smc::DecodeModeSense6Cdb(bytes);
  const auto data = mmc::DecodeModeData(bytes);
  if (!data.ok()) return;
  for (const mmc::ModePage& page : data->pages) {
    const auto assignment = smc::DecodeElementAddressAssignment(page);
    if (assignment.ok()) {
      const auto again =
          smc::DecodeElementAddressAssignment(smc::EncodeElementAddressAssignment(*assignment));
      FUZZ_CHECK(again.ok() && *again == *assignment);
    }
    const auto capabilities = smc::DecodeDeviceCapabilities(page);
    if (capabilities.ok()) {
      const auto again =
          smc::DecodeDeviceCapabilities(smc::EncodeDeviceCapabilities(*capabilities));
      FUZZ_CHECK(again.ok() && *again == *capabilities);
    }
  }
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
