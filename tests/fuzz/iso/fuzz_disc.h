// A disc in memory whose bytes a mutation has changed: sectors from 0 on, some of which cannot be
// read.
#ifndef TESTS_FUZZ_ISO_FUZZ_DISC_H_
#define TESTS_FUZZ_ISO_FUZZ_DISC_H_

#include <cstdint>
#include <cstring>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/fs/block_reader.h"

namespace carousel::fuzz {

// Not thread-safe.
class FuzzDisc : public BlockReader {
 public:
  // `image`: whole sectors are read, a part of one at the end is not. Must outlive the disc.
  FuzzDisc(const std::vector<uint8_t>* image, const std::set<int64_t>* unreadable)
      : image_(*image), unreadable_(*unreadable) {}

  absl::Status Read(Lba start, absl::Span<uint8_t> out) override {
    const Sectors count = Sectors::Holding(static_cast<int64_t>(out.size()));
    if (out.empty() || out.size() % kSectorSize != 0) ++misuses_;
    if (start < Lba(0) || start + count > end()) return absl::OutOfRangeError("beyond the disc");
    const auto bad = unreadable_.lower_bound(start.value());
    if (bad != unreadable_.end() && *bad < (start + count).value())
      return absl::DataLossError("a sector cannot be read");
    std::memcpy(out.data(), image_.data() + start.value() * kSectorSize, out.size());
    bytes_ += static_cast<int64_t>(out.size());
    return absl::OkStatus();
  }

  Lba end() const override { return Lba(static_cast<int64_t>(image_.size()) / kSectorSize); }
  int64_t bytes() const { return bytes_; }
  // Requests that no BlockReader need serve.
  int64_t misuses() const { return misuses_; }

 private:
  const std::vector<uint8_t>& image_;
  const std::set<int64_t>& unreadable_;
  int64_t bytes_ = 0;
  int64_t misuses_ = 0;
};

}  // namespace carousel::fuzz

#endif  // TESTS_FUZZ_ISO_FUZZ_DISC_H_
