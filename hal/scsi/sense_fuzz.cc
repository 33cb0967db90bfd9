#include "hal/scsi/sense.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "tests/fuzz/check.h"

namespace carousel::scsi {
namespace {

void Fuzz(absl::Span<const uint8_t> bytes) {
  Sense sense = DecodeSense(bytes);
  FUZZ_CHECK(static_cast<int>(sense.key) < 16);
  FUZZ_CHECK(!sense.ToString().empty());
  if (sense.progress.has_value()) {
    FUZZ_CHECK(sense.key == SenseKey::kNoSense || sense.key == SenseKey::kNotReady);
  }
  // Fixed format has 32 bits for the information.
  if (sense.information > 0xFFFFFFFF) sense.information.reset();
  FUZZ_CHECK(DecodeSense(EncodeFixedSense(sense)) == sense);
  const absl::Status status = SenseStatus(sense, 0x28, "fuzz");
  FUZZ_CHECK(!status.ok());
  const std::optional<SensePayload> payload = GetSense(status);
  FUZZ_CHECK(payload.has_value() && payload->sense == sense && payload->opcode == 0x28);
}

}  // namespace
}  // namespace carousel::scsi

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::scsi::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
