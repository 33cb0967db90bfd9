// A planned session from its first sector to its last, pulled.
#ifndef SERVER_MASTERING_IMAGE_STREAM_H_
#define SERVER_MASTERING_IMAGE_STREAM_H_

#include <algorithm>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "hal/base/types.h"
#include "server/mastering/image_reader.h"

namespace carousel::mastering {

// Not thread-safe.
class ImageStream {
 public:
  // Delivers [start, reader->end()). `reader` must outlive the stream.
  ImageStream(ImageReader* reader, Lba start) : reader_(*reader), next_(start) {}

  Lba next() const { return next_; }

  // Fills the front of `out`, a positive multiple of 2048 bytes, with what comes next. Returns how
  // many sectors: fewer than there is room for only at the end, where there are none. After an
  // error the same sectors come again. Blocks; errors of ImageReader::Read.
  absl::StatusOr<Sectors> Pull(absl::Span<uint8_t> out) {
    const Sectors count =
        std::min(reader_.end() - next_, Sectors(static_cast<int64_t>(out.size()) / kSectorSize));
    if (count == Sectors(0)) return count;
    RETURN_IF_ERROR(reader_.Read(next_, out.first(count.bytes())));
    next_ += count;
    return count;
  }

 private:
  ImageReader& reader_;
  Lba next_;
};

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_IMAGE_STREAM_H_
