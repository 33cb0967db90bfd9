#include "hal/mmc/read_format_capacities.h"

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

using fuzz::RoundTrip;

void Fuzz(absl::Span<const uint8_t> bytes) {
  RoundTrip(bytes, mmc::DecodeFormatCapacities, mmc::EncodeFormatCapacities,
            [](const mmc::FormatCapacities& capacities) {
              FUZZ_CHECK(static_cast<int>(capacities.type) < 4);
              FUZZ_CHECK(capacities.block_length < 1 << 24);
              FUZZ_CHECK(capacities.formattable.size() <= 30);
              for (const mmc::FormattableCapacity& capacity : capacities.formattable) {
                FUZZ_CHECK(capacity.type < 64 && capacity.sub_type < 4);
                FUZZ_CHECK(capacity.parameter < 1 << 24);
              }
            });
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
