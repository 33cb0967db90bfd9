#include "hal/mmc/get_performance.h"

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

using fuzz::RoundTrip;

void Fuzz(absl::Span<const uint8_t> bytes) {
  RoundTrip(bytes, mmc::DecodeWriteSpeeds, mmc::EncodeWriteSpeeds,
            [bytes](const mmc::WriteSpeeds& speeds) {
              FUZZ_CHECK(speeds.speeds.size() <= bytes.size() / 16);
              for (const mmc::WriteSpeed& speed : speeds.speeds) {
                FUZZ_CHECK(speed.rotation_control < 4);
              }
            });
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
