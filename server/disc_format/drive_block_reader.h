// A drive as a BlockReader, on the drive's own thread: each read is a command. No cache, no
// prefetch.
#ifndef SERVER_DISC_FORMAT_DRIVE_BLOCK_READER_H_
#define SERVER_DISC_FORMAT_DRIVE_BLOCK_READER_H_

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/drive/drive.h"
#include "server/fs/block_reader.h"

namespace carousel {

// The block's own fault: the drive is well, and another block may be readable. False for a drive
// that does not answer, is not ready, or whose medium has changed.
bool IsUnreadableBlock(const absl::Status& status);

class DriveBlockReader : public BlockReader {
 public:
  // `drive` must outlive the reader.
  DriveBlockReader(Drive* drive, Lba end) : drive_(*drive), end_(end) {}

  absl::Status Read(Lba start, absl::Span<uint8_t> out) override;
  Lba end() const override { return end_; }

  // Reads that ended in IsUnreadableBlock.
  int unreadable() const { return unreadable_; }
  // The first failure that was not; OK if there was none. The medium may be another one since.
  const absl::Status& drive_failure() const { return drive_failure_; }

 private:
  Drive& drive_;
  const Lba end_;
  int unreadable_ = 0;
  absl::Status drive_failure_;
};

}  // namespace carousel

#endif  // SERVER_DISC_FORMAT_DRIVE_BLOCK_READER_H_
