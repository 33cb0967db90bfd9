// The sectors of a planned session, in any order: descriptors, path tables and directories are made
// when they are asked for, contents go from their source into the caller's buffer. As a BlockReader
// it is what a reader of the file system would find, from the session's start on.
#ifndef SERVER_MASTERING_IMAGE_READER_H_
#define SERVER_MASTERING_IMAGE_READER_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/fs/block_reader.h"
#include "server/mastering/content.h"
#include "server/mastering/plan.h"

namespace carousel::mastering {

// Holds one directory of each tree. Not thread-safe; any number of them may read one plan.
class ImageReader : public BlockReader {
 public:
  // Both must outlive the reader.
  ImageReader(const Plan* plan, ContentSource* source);

  // Fills `out` with the sectors from `start` on, which lie in [plan.start(), plan.end()). Blocks
  // as the source does. OUT_OF_RANGE, as Read of any disc. As imapi::MakeError:
  // IMAPI_E_DATA_STREAM_READ_FAILURE (the source fails), IMAPI_E_FSI_INTERNAL_ERROR (the tree has
  // changed since it was planned).
  absl::Status Read(Lba start, absl::Span<uint8_t> out) override;
  Lba end() const override { return plan_.end(); }

 private:
  struct Rendered {
    size_t number = std::numeric_limits<size_t>::max();
    std::vector<uint8_t> sectors;
  };

  // Each fills `out`, which the region holds.
  absl::Status ReadRegion(const Plan::Region& region, Lba start, absl::Span<uint8_t> out);
  absl::Status ReadDirectories(bool joliet, Lba start, absl::Span<uint8_t> out);
  absl::Status ReadContents(Lba start, absl::Span<uint8_t> out);

  const Plan& plan_;
  ContentSource& source_;
  const std::vector<uint8_t> descriptors_;
  Rendered rendered_[2];  // primary, Joliet
};

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_IMAGE_READER_H_
