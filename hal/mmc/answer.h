// Reading the bytes that a drive has sent. Firmware sends any length: a byte that is not there
// reads as zero, so a decoder checks only what it cannot do without.
#ifndef HAL_MMC_ANSWER_H_
#define HAL_MMC_ANSWER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace carousel::mmc {

// A view; the bytes belong to the caller.
class Answer {
 public:
  explicit Answer(absl::Span<const uint8_t> bytes) : bytes_(bytes) {}

  size_t size() const { return bytes_.size(); }
  absl::Span<const uint8_t> bytes() const { return bytes_; }

  uint8_t U8(size_t at) const { return at < bytes_.size() ? bytes_[at] : 0; }
  uint16_t U16(size_t at) const { return static_cast<uint16_t>(U8(at) << 8 | U8(at + 1)); }
  uint32_t U24(size_t at) const { return uint32_t{U16(at)} << 8 | U8(at + 2); }
  uint32_t U32(size_t at) const { return uint32_t{U16(at)} << 16 | U16(at + 2); }
  bool Bit(size_t at, int bit) const { return (U8(at) >> bit & 1) != 0; }
  // `count` bits of a byte from bit `low` on.
  uint8_t Bits(size_t at, int low, int count) const { return U8(at) >> low & ((1 << count) - 1); }

  // The same bytes, cut at `size`. For announced lengths: what a drive announces beyond what came
  // is not there, and what came beyond what it announces is not its answer.
  Answer Cut(size_t size) const { return Answer(bytes_.subspan(0, std::min(size, bytes_.size()))); }
  // From `at` on, at most `size` bytes; empty beyond the end.
  Answer Part(size_t at, size_t size) const {
    return Answer(bytes_.subspan(std::min(at, bytes_.size()), size));
  }
  // Text as INQUIRY has it: printable ASCII without spaces around it; NUL ends it, any other byte
  // becomes '?'.
  std::string Text(size_t at, size_t size) const;

 private:
  absl::Span<const uint8_t> bytes_;
};

// INTERNAL: "`what`: an answer of 3 bytes, 8 are needed".
absl::Status ShortAnswer(absl::string_view what, size_t size, size_t needed);

}  // namespace carousel::mmc

#endif  // HAL_MMC_ANSWER_H_
