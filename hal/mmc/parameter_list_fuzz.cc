// The device's side of every parameter list of this folder: what bytes of any kind that an
// initiator sends with MODE SELECT, SET STREAMING, SEND CUE SHEET and FORMAT UNIT are taken for.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/mode_select.h"
#include "hal/mmc/mode_sense.h"
#include "hal/mmc/send_cue_sheet.h"
#include "hal/mmc/set_streaming.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

using fuzz::RoundTrip;

void CheckModePages(absl::Span<const uint8_t> bytes) {
  const auto mode = mmc::DecodeModeParameters(bytes);
  if (!mode.ok()) return;
  for (const mmc::ModePage& page : mode->pages) {
    const auto sent = mmc::DecodeModeParameters(mmc::EncodeModeParameters(page));
    FUZZ_CHECK(sent.ok() && sent->pages.size() == 1);
    FUZZ_CHECK(sent->pages[0].code == page.code && sent->pages[0].data == page.data);
  }
}

void Fuzz(absl::Span<const uint8_t> bytes) {
  CheckModePages(bytes);
  RoundTrip(bytes, mmc::DecodePerformanceDescriptor, mmc::EncodePerformanceDescriptor,
            [](const mmc::PerformanceDescriptor& descriptor) {
              FUZZ_CHECK(descriptor.rotation_control < 4);
              FUZZ_CHECK(descriptor.end >= Lba(0) && descriptor.end <= Lba(0xFFFFFFFF));
            });
  RoundTrip(
      bytes, mmc::DecodeCueSheet,
      [](const std::vector<mmc::CueLine>& lines) { return mmc::EncodeCueSheet(lines); },
      [](const std::vector<mmc::CueLine>& lines) {
        for (const mmc::CueLine& line : lines) {
          FUZZ_CHECK(line.control < 16 && line.adr < 16 && line.start >= Lba(-150));
        }
      });
  RoundTrip(bytes, mmc::DecodeFormatParameters, mmc::EncodeFormatParameters,
            [](const mmc::FormatParameters& parameters) {
              FUZZ_CHECK(static_cast<uint8_t>(parameters.type) < 64 && parameters.sub_type < 4);
              FUZZ_CHECK(parameters.parameter <= 0xFFFFFF);
            });
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
