#include "hal/mmc/read_disc_structure.h"

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

using fuzz::RoundTrip;

void Fuzz(absl::Span<const uint8_t> bytes) {
  RoundTrip(bytes, mmc::DecodeDiscStructure, mmc::EncodeDiscStructure,
            [bytes](const mmc::DiscStructure& structure) {
              FUZZ_CHECK(structure.data.size() + 4 <= bytes.size());
            });
  RoundTrip(bytes, mmc::DecodePhysicalFormat, mmc::EncodePhysicalFormat,
            [](const mmc::PhysicalFormat& format) {
              FUZZ_CHECK(format.book_type < 16 && format.part_version < 16);
              FUZZ_CHECK(format.disc_size < 16 && format.maximum_rate < 16);
              FUZZ_CHECK(format.layers >= 1 && format.layers <= 4);
              FUZZ_CHECK(format.layer_type < 16);
              FUZZ_CHECK(format.linear_density < 16 && format.track_density < 16);
              FUZZ_CHECK(format.start_sector < 1 << 24 && format.end_sector < 1 << 24);
              FUZZ_CHECK(format.layer0_end_sector < 1 << 24);
            });
  RoundTrip(bytes, mmc::DecodeWriteProtection, mmc::EncodeWriteProtection,
            [](const mmc::WriteProtection&) {});
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
