#include "hal/smc/element_status.h"

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

void Fuzz(absl::Span<const uint8_t> bytes) {
  (void)smc::DecodeReadElementStatusCdb(bytes);
  (void)smc::DecodeInitializeElementStatusCdb(bytes);
  const auto status = smc::DecodeElementStatus(bytes);
  if (!status.ok()) return;
  FUZZ_CHECK(status->elements.size() <= bytes.size() / 12);
  for (const smc::ElementDescriptor& element : status->elements) {
    FUZZ_CHECK(element.element_type <= 0x0F);
    FUZZ_CHECK(!element.volume_tag.has_value() || element.volume_tag->size() <= 32);
    FUZZ_CHECK(!element.identifier.has_value() || element.identifier->value.size() <= 255);
    // One element alone: what a page's first has, its others may lack.
    const auto again = smc::DecodeElementStatus(smc::EncodeElementStatus({&element, 1}));
    FUZZ_CHECK(again.ok() && again->elements.size() == 1 && again->elements[0] == element);
  }
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
