#include "hal/mmc/read_toc.h"

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "hal/base/types.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

using fuzz::RoundTrip;

void CheckTrack(const mmc::TocTrack& track) {
  FUZZ_CHECK(track.adr < 16 && track.control < 16);
  FUZZ_CHECK(track.start >= Lba(INT32_MIN) && track.start <= Lba(INT32_MAX));
}

void Fuzz(absl::Span<const uint8_t> bytes) {
  RoundTrip(bytes, mmc::DecodeTocTracks, mmc::EncodeTocTracks, [bytes](const mmc::TocTracks& toc) {
    FUZZ_CHECK(toc.tracks.size() <= bytes.size() / 8);
    for (const mmc::TocTrack& track : toc.tracks) CheckTrack(track);
  });
  RoundTrip(bytes, mmc::DecodeTocSession, mmc::EncodeTocSession,
            [](const mmc::TocSession& toc) { CheckTrack(toc.first_track_in_last_session); });
  RoundTrip(bytes, mmc::DecodeRawToc, mmc::EncodeRawToc, [bytes](const mmc::RawToc& toc) {
    FUZZ_CHECK(toc.entries.size() <= bytes.size() / 11);
    for (const mmc::RawTocEntry& entry : toc.entries) {
      FUZZ_CHECK(entry.adr < 16 && entry.control < 16);
    }
  });
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
