// A drive's sectors for those who judge a disc: a READ that fails by a block's own fault is
// repeated in smaller pieces, since dust and a weak edge often read at another try, and what cannot
// be read is named to the sector. No cache, no prefetch.
#ifndef SERVER_BURN_REPEATING_BLOCK_READER_H_
#define SERVER_BURN_REPEATING_BLOCK_READER_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/drive/drive.h"
#include "server/fs/block_reader.h"

namespace carousel {

// On the device's thread.
class RepeatingBlockReader : public BlockReader {
 public:
  // Each sector of a READ that failed is asked for at most as often as this: twice with its ECC
  // block, once alone.
  static constexpr int kRepeats = 3;

  // `drive` must outlive the reader. `end`: one past the last readable sector.
  RepeatingBlockReader(Drive* drive, Lba end) : drive_(*drive), end_(end) {}

  // E_IMAPI_BURN_VERIFICATION_FAILED (metadata block, cause unreadable, sense): the block cannot be
  // read, or lies at end() or behind it. Otherwise the drive's own failure as imapi::FromDevice has
  // it; never OK for what was not read.
  absl::Status Read(Lba start, absl::Span<uint8_t> out) override;
  Lba end() const override { return end_; }

  // READs that were repeats.
  int64_t repeats() const { return repeats_; }
  // The first block that could not be read.
  std::optional<Lba> unreadable() const { return unreadable_; }

 private:
  absl::Status ReadUnit(Lba start, absl::Span<uint8_t> out);
  absl::Status Repeat(Lba start, absl::Span<uint8_t> out);

  Drive& drive_;
  const Lba end_;
  int64_t repeats_ = 0;
  std::optional<Lba> unreadable_;
};

}  // namespace carousel

#endif  // SERVER_BURN_REPEATING_BLOCK_READER_H_
