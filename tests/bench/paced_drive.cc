#include "tests/bench/paced_drive.h"

#include <algorithm>

#include "hal/drive/fake_media.h"
#include "hal/mmc/profile.h"

namespace carousel::bench {
namespace {

constexpr Sectors kCapacity{12'219'392};
constexpr int64_t kBuffer = 4 << 20;

}  // namespace

PacedDrive::PacedDrive(double bytes_per_second, Clock* clock)
    : rate_(bytes_per_second),
      clock_(*clock),
      state_(BlankMedia(mmc::Profile::kBdRSequential, kCapacity)) {}

BurnStatus PacedDrive::Write(Lba, absl::Span<const uint8_t> sectors) {
  const absl::Time now = clock_.Now();
  if (written_at_ == absl::InfiniteFuture()) {
    written_at_ = now;
  } else if (written_at_ < now) {
    ++times_empty_;
    written_at_ = now;
  }
  written_at_ += absl::Seconds(static_cast<double>(sectors.size()) / rate_);
  // GOOD when all of it is in the buffer.
  clock_.SleepUntil(written_at_ - absl::Seconds(kBuffer / rate_));
  const Sectors count(static_cast<int64_t>(sectors.size()) / kSectorSize);
  written_ += count;
  return BurnStatus::Done(count);
}

BurnStatus PacedDrive::CloseSession(SessionClose, const OnProgress&) {
  const FakeSession session{Lba(0), written_};
  state_ =
      AppendableMedia(mmc::Profile::kBdRSequential, {&session, 1}, Lba(0) + written_, kCapacity);
  return BurnStatus::Done();
}

absl::StatusOr<WriteBuffer> PacedDrive::ReadBufferCapacity() {
  const double waiting = absl::ToDoubleSeconds(written_at_ - clock_.Now()) * rate_;
  const auto filled = std::clamp<int64_t>(static_cast<int64_t>(waiting), 0, kBuffer);
  return WriteBuffer{.length = kBuffer, .available = kBuffer - filled};
}

}  // namespace carousel::bench
