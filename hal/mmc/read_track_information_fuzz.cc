#include "hal/mmc/read_track_information.h"

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "hal/base/types.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

using fuzz::RoundTrip;

void Fuzz(absl::Span<const uint8_t> bytes) {
  RoundTrip(bytes, mmc::DecodeTrackInformation, mmc::EncodeTrackInformation,
            [](const mmc::TrackInformation& info) {
              FUZZ_CHECK(info.track_mode < 16 && info.data_mode < 16);
              FUZZ_CHECK(info.size >= Sectors(0) && info.size <= Sectors(0xFFFFFFFF));
              FUZZ_CHECK(info.free >= Sectors(0) && info.free <= Sectors(0xFFFFFFFF));
              FUZZ_CHECK(info.start >= Lba(INT32_MIN) && info.start <= Lba(INT32_MAX));
            });
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
