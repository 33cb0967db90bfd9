// Invariants of fuzz targets. A violated one ends the process, which is how libFuzzer and the
// corpus test learn of it.
#ifndef TESTS_FUZZ_CHECK_H_
#define TESTS_FUZZ_CHECK_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "absl/types/span.h"

#define FUZZ_CHECK(condition)                                                             \
  do {                                                                                    \
    if (!(condition)) {                                                                   \
      std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                       \
    }                                                                                     \
  } while (false)

namespace carousel::fuzz {

// What `decode` makes of `bytes`, when it makes something of them, `encode` must write down so that
// `decode` reads the same value again. `check` sees the value.
template <typename Decode, typename Encode, typename Check>
void RoundTrip(absl::Span<const uint8_t> bytes, Decode decode, Encode encode, Check check) {
  const auto value = decode(bytes);
  if (!value.ok()) return;
  check(*value);
  const auto written = encode(*value);
  const auto again = decode(absl::MakeConstSpan(written));
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(*again == *value);
}

}  // namespace carousel::fuzz

#endif  // TESTS_FUZZ_CHECK_H_
