#include "hal/mmc/read_disc_information.h"

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

using fuzz::RoundTrip;

void Fuzz(absl::Span<const uint8_t> bytes) {
  RoundTrip(bytes, mmc::DecodeDiscInformation, mmc::EncodeDiscInformation,
            [bytes](const mmc::DiscInformation& info) {
              FUZZ_CHECK(static_cast<int>(info.disc_status) < 4);
              FUZZ_CHECK(static_cast<int>(info.last_session) < 4);
              FUZZ_CHECK(static_cast<int>(info.background_format) < 4);
              FUZZ_CHECK(info.opc_tables * 8u <= bytes.size());
            });
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
