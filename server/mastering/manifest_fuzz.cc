#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "server/mastering/manifest.h"
#include "tests/fuzz/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using carousel::mastering::FormatManifest;
  using carousel::mastering::ParseManifest;
  const auto manifest = ParseManifest(absl::string_view(reinterpret_cast<const char*>(data), size));
  if (!manifest.ok()) return 0;
  const auto text = FormatManifest(*manifest);
  FUZZ_CHECK(text.ok());
  const auto again = ParseManifest(*text);
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(*again == *manifest);
  return 0;
}
