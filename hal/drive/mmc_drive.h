// A real or virtual MMC drive: the Drive interface over any scsi::Transport.
#ifndef HAL_DRIVE_MMC_DRIVE_H_
#define HAL_DRIVE_MMC_DRIVE_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/clock.h"
#include "hal/base/types.h"
#include "hal/drive/block_reads.h"
#include "hal/drive/drive.h"
#include "hal/drive/media_reader.h"
#include "hal/drive/media_state.h"
#include "hal/drive/mmc_device.h"
#include "hal/drive/mmc_disc_writer.h"
#include "hal/drive/readiness.h"
#include "hal/mmc/get_event_status.h"
#include "hal/scsi/transport.h"

namespace carousel {

struct MmcDriveOptions {
  ReadinessOptions readiness;
  MediaReaderOptions media;
  MmcDiscWriterOptions writer;
  // How often a state is read anew because the medium changed meanwhile.
  int max_media_readings = 3;
  // How often START STOP UNIT, PREVENT ALLOW and INQUIRY are sent when unit attentions come in
  // their place.
  int max_attempts = 4;
  // Where the media generations begin: above all that an earlier MmcDrive of the same device had.
  MediaGeneration first_generation{1};
};

// Used from one thread, the device's.
class MmcDrive : public Drive {
 public:
  // `clock` outlives the drive. Sends nothing yet.
  MmcDrive(std::unique_ptr<scsi::Transport> transport, Clock* clock, MmcDriveOptions options = {});

  // Also FAILED_PRECONDITION: the device is no MMC drive. The serial number is VPD page 80h's, or
  // that of the drive serial number feature.
  absl::StatusOr<DriveIdentity> Identify() override;
  absl::StatusOr<std::vector<DeviceId>> ReadDeviceIds() override;
  absl::StatusOr<bool> CheckReady() override;
  absl::StatusOr<MediaState> ReadMediaState() override;
  absl::Status Read(Lba start, absl::Span<uint8_t> out) override;
  absl::Status Eject() override;
  absl::Status Load() override;
  absl::Status Reload() override;
  absl::Status PreventRemoval(bool prevent) override;
  // A drive without GET EVENT STATUS NOTIFICATION is asked TEST UNIT READY once instead.
  absl::Status PollEvents() override;
  MediaGeneration generation() const override { return device_.generation(); }
  DiscWriter* writer() override { return &writer_; }

 private:
  absl::StatusOr<std::string> ReadSerial();
  absl::Status StartStop(bool load_eject, bool start);
  // Feature 0003h says that START STOP UNIT moves the tray out and in.
  absl::StatusOr<bool> MovesItsTray();
  absl::Status PollReadiness();
  // What GET EVENT STATUS NOTIFICATION has of the media class; nothing also when the drive gives no
  // answer to that now or (events_unknown_) ever.
  absl::StatusOr<std::optional<mmc::MediaEvent>> AskForEvent();
  // Takes the events that tell of a medium which CheckReady has just seen: they would be taken for
  // another one by the next poll. A change that comes between is told by its unit attention.
  absl::Status DropKnownEvents();

  const MmcDriveOptions options_;
  MmcDevice device_;
  BlockReads reads_;
  MmcDiscWriter writer_;
  std::optional<DriveIdentity> identity_;
  bool events_unknown_ = false;
  // The generation whose events have been taken.
  MediaGeneration settled_;
};

}  // namespace carousel

#endif  // HAL_DRIVE_MMC_DRIVE_H_
