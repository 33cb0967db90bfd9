#include "hal/mmc/get_event_status.h"

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

using fuzz::RoundTrip;

void Fuzz(absl::Span<const uint8_t> bytes) {
  RoundTrip(bytes, mmc::DecodeEventStatus, mmc::EncodeEventStatus,
            [](const mmc::EventStatus& status) {
              if (status.media.has_value()) FUZZ_CHECK(static_cast<int>(status.media->code) < 16);
            });
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
