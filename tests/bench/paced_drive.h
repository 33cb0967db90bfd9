// A drive that takes sectors as fast as a real one, through a buffer as large as theirs, and keeps
// none: what feeds it is measured, and nothing of a device.
#ifndef TESTS_BENCH_PACED_DRIVE_H_
#define TESTS_BENCH_PACED_DRIVE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/base/clock.h"
#include "hal/base/types.h"
#include "hal/drive/burn_status.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/drive.h"
#include "hal/drive/media_state.h"

namespace carousel::bench {

// With a blank BD-R in it. Used from one thread.
class PacedDrive : public Drive, private DiscWriter {
 public:
  // `clock` outlives it.
  PacedDrive(double bytes_per_second, Clock* clock);

  // How often its buffer was empty when more came.
  int64_t times_empty() const { return times_empty_; }

  absl::StatusOr<DriveIdentity> Identify() override { return DriveIdentity(); }
  absl::StatusOr<bool> CheckReady() override { return true; }
  absl::StatusOr<MediaState> ReadMediaState() override { return state_; }
  absl::Status Read(Lba, absl::Span<uint8_t>) override {
    return absl::DataLossError("nothing is kept");
  }
  absl::Status Eject() override { return absl::OkStatus(); }
  absl::Status Load() override { return absl::OkStatus(); }
  absl::Status PreventRemoval(bool) override { return absl::OkStatus(); }
  absl::Status PollEvents() override { return absl::OkStatus(); }
  MediaGeneration generation() const override { return state_.generation; }
  DiscWriter* writer() override { return this; }

 private:
  absl::Status SetWriteSpeed(const WriteSpeed&) override { return absl::OkStatus(); }
  absl::Status SetWriteParameters(const mmc::WriteParameters&) override { return absl::OkStatus(); }
  absl::Status CalibratePower() override { return absl::OkStatus(); }
  BurnStatus ReserveTrack(Sectors) override { return BurnStatus::Done(); }
  BurnStatus Write(Lba start, absl::Span<const uint8_t> sectors) override;
  BurnStatus Synchronize(const OnProgress&) override { return BurnStatus::Done(); }
  BurnStatus CloseTrack(TrackNumber, const OnProgress&) override { return BurnStatus::Done(); }
  BurnStatus CloseSession(SessionClose, const OnProgress&) override;
  BurnStatus Blank(BlankExtent, const OnProgress&) override { return BurnStatus::Done(); }
  BurnStatus Format(const mmc::FormatParameters&, const OnProgress&) override {
    return BurnStatus::Done();
  }
  absl::StatusOr<WriteBuffer> ReadBufferCapacity() override;

  const double rate_;
  Clock& clock_;
  MediaState state_;
  Sectors written_;
  int64_t times_empty_ = 0;
  // When all that was taken is on the disc.
  absl::Time written_at_ = absl::InfiniteFuture();
};

}  // namespace carousel::bench

#endif  // TESTS_BENCH_PACED_DRIVE_H_
