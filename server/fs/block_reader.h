// How file systems read a disc: absolute sectors, wherever they come from (a drive's prefetch, an
// image file, a test's memory).
#ifndef SERVER_FS_BLOCK_READER_H_
#define SERVER_FS_BLOCK_READER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/types.h"

namespace carousel {

class BlockReader {
 public:
  virtual ~BlockReader() = default;

  // Fills `out`, a positive multiple of 2048 bytes, with the sectors from `start` on. Blocks. All
  // or nothing. OUT_OF_RANGE: a sector lies outside [0, end()). DATA_LOSS: it cannot be read.
  // CANCELLED: the import was cancelled. RESOURCE_EXHAUSTED: a budget (re-reads of a block, total
  // bytes, time) is spent. Codes of Drive::Read otherwise.
  virtual absl::Status Read(Lba start, absl::Span<uint8_t> out) = 0;

  // One past the last sector that may be read.
  virtual Lba end() const = 0;
};

}  // namespace carousel

#endif  // SERVER_FS_BLOCK_READER_H_
