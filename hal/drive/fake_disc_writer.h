// The writing side of a FakeDrive: it writes on the drive's disc, and fails, hangs, counts and
// takes time as the drive was told.
#ifndef HAL_DRIVE_FAKE_DISC_WRITER_H_
#define HAL_DRIVE_FAKE_DISC_WRITER_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/fake_disc.h"
#include "hal/drive/fake_drive_calls.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/mode_sense.h"

namespace carousel {

class FakeDrive;

// For the device's thread. A failure that the drive was told (FakeDrive::FailNext) is Refused or
// InDoubt as BurnStatus::FromError says.
class FakeDiscWriter : public DiscWriter {
 public:
  // `drive` owns it.
  explicit FakeDiscWriter(FakeDrive* drive) : drive_(*drive) {}

  absl::Status SetWriteSpeed(const WriteSpeed& speed) override;
  absl::Status SetWriteParameters(const mmc::WriteParameters& parameters) override;
  absl::Status CalibratePower() override;
  BurnStatus ReserveTrack(Sectors size) override;
  BurnStatus Write(Lba start, absl::Span<const uint8_t> sectors) override;
  BurnStatus Synchronize(const OnProgress& progress) override;
  BurnStatus CloseTrack(TrackNumber track, const OnProgress& progress) override;
  BurnStatus CloseSession(SessionClose how, const OnProgress& progress) override;
  BurnStatus Blank(BlankExtent extent, const OnProgress& progress) override;
  BurnStatus Format(const mmc::FormatParameters& format, const OnProgress& progress) override;
  // Always 4 MiB, all free.
  absl::StatusOr<WriteBuffer> ReadBufferCapacity() override;

 private:
  using OnDisc = std::function<absl::Status(FakeDisc&)>;

  // Enters the drive, and calls `on_disc` with the disc in it.
  absl::Status Ask(FakeDriveMethod method, uint8_t opcode, const OnDisc& on_disc);
  // The same; a new generation if the disc has changed or may have.
  BurnStatus Change(FakeDriveMethod method, uint8_t opcode, const OnDisc& on_disc,
                    const OnProgress& progress = {});

  FakeDrive& drive_;
  // As MmcDiscWriter's.
  std::optional<MediaGeneration> buffered_in_;
};

}  // namespace carousel

#endif  // HAL_DRIVE_FAKE_DISC_WRITER_H_
