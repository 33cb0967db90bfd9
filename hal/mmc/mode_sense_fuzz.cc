#include "hal/mmc/mode_sense.h"

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

using fuzz::RoundTrip;

void CheckPage(const mmc::ModePage& page) {
  FUZZ_CHECK(page.code < 64 && page.data.size() <= 255);
  if (const auto parameters = mmc::DecodeWriteParameters(page); parameters.ok()) {
    FUZZ_CHECK(parameters->write_type < 16 && parameters->multi_session < 4);
    FUZZ_CHECK(parameters->track_mode < 16 && parameters->data_block_type < 16);
    FUZZ_CHECK(parameters->application_code < 64);
    FUZZ_CHECK(*mmc::DecodeWriteParameters(mmc::EncodeWriteParameters(*parameters)) == *parameters);
    // What a drive has of its own in the page stays when its parameters are put back.
    FUZZ_CHECK(*mmc::WithWriteParameters(page, *parameters) == page);
    const mmc::WriteParameters ours = {.write_type = 1, .multi_session = 3, .track_mode = 4};
    const mmc::ModePage changed = *mmc::WithWriteParameters(page, ours);
    FUZZ_CHECK(*mmc::DecodeWriteParameters(changed) == ours);
    FUZZ_CHECK(*mmc::WithWriteParameters(changed, *parameters) == page);
  }
  if (const auto capabilities = mmc::DecodeCapabilities(page); capabilities.ok()) {
    FUZZ_CHECK(capabilities->loading_mechanism < 8);
    FUZZ_CHECK(capabilities->write_speeds.size() <= 56);
    FUZZ_CHECK(*mmc::DecodeCapabilities(mmc::EncodeCapabilities(*capabilities)) == *capabilities);
  }
}

void Fuzz(absl::Span<const uint8_t> bytes) {
  RoundTrip(bytes, mmc::DecodeModeData, mmc::EncodeModeData, [](const mmc::ModeData& mode) {
    for (const mmc::ModePage& page : mode.pages) CheckPage(page);
  });
  // The pages by themselves, whose bytes are then all the fuzzer's.
  const absl::Span<const uint8_t> data = bytes.subspan(0, 255);
  for (const uint8_t code : {mmc::kWriteParametersPage, mmc::kCapabilitiesPage}) {
    CheckPage({.code = code, .data = {data.begin(), data.end()}});
  }
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
