#include "hal/mmc/read_buffer_capacity.h"

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

using fuzz::RoundTrip;

void Fuzz(absl::Span<const uint8_t> bytes) {
  RoundTrip(bytes, mmc::DecodeBufferCapacity, mmc::EncodeBufferCapacity,
            [](const mmc::BufferCapacity& capacity) {
              FUZZ_CHECK(capacity.available_bytes() >= 0);
              FUZZ_CHECK(capacity.available_bytes() <= capacity.length_bytes());
            });
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
