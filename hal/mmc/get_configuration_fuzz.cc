#include "hal/mmc/get_configuration.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

using fuzz::RoundTrip;

void Fuzz(absl::Span<const uint8_t> bytes) {
  RoundTrip(bytes, mmc::DecodeConfiguration, mmc::EncodeConfiguration,
            [bytes](const mmc::Configuration& configuration) {
              FUZZ_CHECK(configuration.features.size() <= bytes.size() / 4);
              for (const mmc::Feature& feature : configuration.features) {
                FUZZ_CHECK(feature.version < 16 && feature.data.size() <= 255);
              }
            });
  const std::vector<mmc::ProfileEntry> profiles = mmc::DecodeProfileList(bytes);
  FUZZ_CHECK(mmc::DecodeProfileList(mmc::EncodeProfileList(profiles)) == profiles);
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
