// What is written on a disc of a test: a sparse image of sectors, from memory and from files. What
// nothing was written to reads as zeros.
#ifndef HAL_DRIVE_FAKE_IMAGE_H_
#define HAL_DRIVE_FAKE_IMAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/types.h"

namespace carousel {

// Not thread-safe while it is being written to; Read may run in several threads at once.
class FakeImage {
 public:
  FakeImage() = default;
  ~FakeImage();
  FakeImage(const FakeImage&) = delete;
  FakeImage& operator=(const FakeImage&) = delete;

  // Puts `bytes` at `start`; the rest of the last sector is zero. Covers what was there.
  void Write(Lba start, absl::Span<const uint8_t> bytes);

  // Puts the file at `start`, read as it is asked for. The file stays as it is meanwhile.
  // NOT_FOUND: it cannot be opened.
  absl::Status WriteFile(Lba start, const std::string& path);

  // Fills `out`, a multiple of 2048 bytes. Negative addresses read as zeros.
  void Read(Lba start, absl::Span<uint8_t> out) const;

  // The same, but what nothing was written to stays in `out` as it is.
  void ReadOver(Lba start, absl::Span<uint8_t> out) const;

  // One past the last sector that was written to.
  Lba end() const { return end_; }

 private:
  // A run of bytes on the disc. Exactly one of `bytes` and `file` holds them.
  struct Extent {
    int64_t offset = 0;
    int64_t size = 0;
    std::vector<uint8_t> bytes;
    int file = -1;
  };
  void Add(Extent extent);

  std::vector<Extent> extents_;  // later ones cover earlier ones
  Lba end_;
};

}  // namespace carousel

#endif  // HAL_DRIVE_FAKE_IMAGE_H_
