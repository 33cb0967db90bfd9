// Continuation areas of SUSP (clause 5.1, "CE"): bytes anywhere on the disc that continue a record.
// They tend to lie behind their directory and one behind the other, so a few windows of the disc
// are kept.
#ifndef SERVER_FS_ISO9660_CONTINUATION_H_
#define SERVER_FS_ISO9660_CONTINUATION_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/fs/block_reader.h"

namespace carousel::iso9660 {

// What a CE entry says.
struct ContinuationArea {
  uint32_t block = 0;
  uint32_t offset = 0;
  uint32_t bytes = 0;
};

// Not thread-safe.
class ContinuationReader {
 public:
  // `disc` must outlive the reader. Once `budget` bytes have been handed out or read, whichever is
  // more, Read fails: areas shared by many records would otherwise make a small disc endless.
  ContinuationReader(BlockReader* disc, int64_t budget) : disc_(*disc), budget_(budget) {}

  // The bytes of `area`, valid until the next Read. Blocks. As imapi::MakeError: errors of
  // FromRead, IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR (outside the disc, longer than 64 KiB),
  // E_OUTOFMEMORY with limit continuation_bytes. `at` is the sector of the record, for messages.
  absl::StatusOr<absl::Span<const uint8_t>> Read(const ContinuationArea& area, Lba at);

 private:
  static constexpr int64_t kWindowSectors = 16;
  static constexpr int kWindows = 16;
  struct Window {
    int64_t number = -1;  // address / kWindowSectors
    std::vector<uint8_t> bytes;
  };

  absl::Status Spend(int64_t handed_out, int64_t read);
  // The window of that number; null if it cannot be read as a whole.
  absl::StatusOr<const Window*> Load(int64_t number);
  absl::StatusOr<absl::Span<const uint8_t>> ReadAlone(Lba first, int64_t offset, int64_t bytes);

  BlockReader& disc_;
  const int64_t budget_;
  int64_t handed_out_ = 0;
  int64_t read_ = 0;
  std::array<Window, kWindows> windows_;
  std::vector<uint8_t> alone_;
};

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_CONTINUATION_H_
