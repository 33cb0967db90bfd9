// The DiscWriter of a real or virtual MMC drive.
#ifndef HAL_DRIVE_MMC_DISC_WRITER_H_
#define HAL_DRIVE_MMC_DISC_WRITER_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/mmc_device.h"
#include "hal/mmc/mode_sense.h"
#include "hal/scsi/command.h"

namespace carousel {

struct MmcDiscWriterOptions {
  // Without a block that the drive takes.
  absl::Duration write_budget = absl::Seconds(200);
  // A disc that is written at once gets its lead-out here.
  absl::Duration synchronize_budget = absl::Minutes(15);
  absl::Duration close_budget = absl::Hours(1);
  // A DVD-RW that is blanked whole at 1x takes an hour.
  absl::Duration blank_budget = absl::Hours(2);
  // A BD-RE of two layers is certified in hours.
  absl::Duration format_budget = absl::Hours(8);
  absl::Duration poll_interval = absl::Milliseconds(500);
  // How often what only prepares is sent when unit attentions come in its place.
  int max_attempts = 4;
};

// Used from one thread, the device's. Opcodes: WRITE(10) only, as burners send it.
class MmcDiscWriter : public DiscWriter {
 public:
  // `device` outlives it. Sends nothing yet.
  MmcDiscWriter(MmcDevice* device, MmcDiscWriterOptions options)
      : device_(*device), options_(options) {}

  // SET CD SPEED or SET STREAMING.
  absl::Status SetWriteSpeed(const WriteSpeed& speed) override;
  absl::Status SetWriteParameters(const mmc::WriteParameters& parameters) override;
  absl::Status CalibratePower() override;
  BurnStatus ReserveTrack(Sectors size) override;
  BurnStatus Write(Lba start, absl::Span<const uint8_t> sectors) override;
  // With IMMED, and once more without: drives are seen that answer the first too early. Loss of
  // streaming (3/0C/09) is no failure here.
  BurnStatus Synchronize(const OnProgress& progress) override;
  BurnStatus CloseTrack(TrackNumber track, const OnProgress& progress) override;
  BurnStatus CloseSession(SessionClose how, const OnProgress& progress) override;
  BurnStatus Blank(BlankExtent extent, const OnProgress& progress) override;
  BurnStatus Format(const mmc::FormatParameters& format, const OnProgress& progress) override;
  absl::StatusOr<WriteBuffer> ReadBufferCapacity() override;

 private:
  absl::StatusOr<mmc::ModePage> ReadWriteParameters();
  absl::StatusOr<uint8_t> CountOpcEntries();
  BurnStatus WritePart(Lba start, absl::Span<const uint8_t> sectors);
  bool buffered() const { return buffered_in_ == device_.generation(); }
  // How long until there may be room for `size` bytes. An error: a unit attention came in the place
  // of the answer, and no WRITE will be told what it meant.
  absl::StatusOr<absl::Duration> RoomWait(int64_t size);
  absl::Status SynchronizeNow(absl::Duration timeout);
  absl::StatusOr<mmc::FormatParameters> Offered(mmc::FormatParameters format);

  MmcDevice& device_;
  const MmcDiscWriterOptions options_;
  // Sectors were taken since the buffer was last on the disc: the generation that began with them.
  // Whatever ends that generation ends the session's writing as well.
  std::optional<MediaGeneration> buffered_in_;
  std::optional<mmc::SectorsPerSecond> speed_;
};

}  // namespace carousel

#endif  // HAL_DRIVE_MMC_DISC_WRITER_H_
