// A Drive that works from a MediaState and an image, without a device: for tests of what lies above
// drives. It behaves as MmcDrive does towards its caller (drive_contract.h), fails and hangs on
// request, and counts. Its disc can be written (fake_disc.h).
#ifndef HAL_DRIVE_FAKE_DRIVE_H_
#define HAL_DRIVE_FAKE_DRIVE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "hal/base/types.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/drive.h"
#include "hal/drive/fake_disc.h"
#include "hal/drive/fake_disc_writer.h"
#include "hal/drive/fake_drive_calls.h"
#include "hal/drive/fake_image.h"
#include "hal/drive/media_state.h"

namespace carousel {

// The Drive's methods are for the device's thread; all others may be called from any thread, also
// while a method of the Drive hangs.
class FakeDrive : public Drive {
 public:
  using Method = FakeDriveMethod;
  using Latency = FakeDriveLatency;
  using ReadRequest = FakeDriveRequest;

  // An empty drive. `clock` is needed for latencies only and outlives the drive.
  explicit FakeDrive(Clock* clock = nullptr);

  // Lays a disc in, as a changer's arm does: present, after the unit attention that tells of it.
  // The generation advances with that unit attention. `state.generation` is ignored.
  void Insert(MediaState state, std::shared_ptr<const FakeImage> image) ABSL_LOCKS_EXCLUDED(mutex_);
  // Takes the disc away, seen at the next call.
  void Remove() ABSL_LOCKS_EXCLUDED(mutex_);
  void set_identity(DriveIdentity identity) ABSL_LOCKS_EXCLUDED(mutex_);
  void set_device_ids(std::vector<DeviceId> ids) ABSL_LOCKS_EXCLUDED(mutex_);
  void set_latency(Latency latency) ABSL_LOCKS_EXCLUDED(mutex_);

  // `hook` is called at each call of `method` with its number, from 1, before anything is done; it
  // may tell the drive what comes of the call.
  void OnCall(Method method, std::function<void(int call)> hook) ABSL_LOCKS_EXCLUDED(mutex_);
  // The next `times` calls of `method` return `status` and do nothing.
  void FailNext(Method method, absl::Status status, int times = 1) ABSL_LOCKS_EXCLUDED(mutex_);
  // From now on a Read of any of these sectors returns DATA_LOSS with sense 3/11/05.
  void DamageSectors(Lba first, Sectors count) ABSL_LOCKS_EXCLUDED(mutex_);
  // What was written and not synchronised is lost; a unit attention tells of the reset.
  void CutPower() ABSL_LOCKS_EXCLUDED(mutex_);
  // From now on every call blocks until Release, and then goes on, or returns `outcome` when that
  // is an error.
  void Hang() ABSL_LOCKS_EXCLUDED(mutex_);
  void Release(absl::Status outcome = absl::OkStatus()) ABSL_LOCKS_EXCLUDED(mutex_);
  // Blocks until a call hangs.
  void WaitUntilHanging() ABSL_LOCKS_EXCLUDED(mutex_);

  // What has been asked of the drive.
  int calls(Method method) const ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<ReadRequest> reads() const ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<FakeDriveRequest> writes() const ABSL_LOCKS_EXCLUDED(mutex_);
  bool removal_prevented() const ABSL_LOCKS_EXCLUDED(mutex_);

  absl::StatusOr<std::vector<DeviceId>> ReadDeviceIds() override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<DriveIdentity> Identify() override;
  absl::StatusOr<bool> CheckReady() override;
  absl::StatusOr<MediaState> ReadMediaState() override;
  absl::Status Read(Lba start, absl::Span<uint8_t> out) override;
  absl::Status Eject() override;
  absl::Status Load() override;
  absl::Status PreventRemoval(bool prevent) override;
  absl::Status PollEvents() override;
  MediaGeneration generation() const override;
  DiscWriter* writer() override { return &writer_; }

 private:
  friend class FakeDiscWriter;

  // Where the disc is.
  enum class Tray : uint8_t { kEmpty, kInside, kEjected };

  // Counts the call, hangs, passes the time, fails. First thing in every method.
  absl::Status Enter(Method method) ABSL_LOCKS_EXCLUDED(mutex_);
  // Calls `on_disc` with the disc, or returns why there is none now.
  absl::Status WithDisc(uint8_t opcode, const std::function<absl::Status(FakeDisc&)>& on_disc)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void AdvanceGeneration() ABSL_LOCKS_EXCLUDED(mutex_);
  void NoteWrite(FakeDriveRequest request) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status CheckPresent(uint8_t opcode) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeUnitAttention() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckRead(Lba start, Sectors count) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Duration ReadTime(Lba start, Sectors count) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Clock* const clock_;
  FakeDiscWriter writer_{this};
  mutable Mutex mutex_;
  CondVar changed_;
  DriveIdentity identity_ ABSL_GUARDED_BY(mutex_);
  std::vector<DeviceId> device_ids_ ABSL_GUARDED_BY(mutex_);
  FakeDisc disc_ ABSL_GUARDED_BY(mutex_);
  Tray tray_ ABSL_GUARDED_BY(mutex_) = Tray::kEmpty;
  bool unit_attention_ ABSL_GUARDED_BY(mutex_) = false;
  bool prevented_ ABSL_GUARDED_BY(mutex_) = false;
  MediaGeneration generation_ ABSL_GUARDED_BY(mutex_){1};
  Latency latency_ ABSL_GUARDED_BY(mutex_);
  Lba head_ ABSL_GUARDED_BY(mutex_);

  struct Failure {
    absl::Status status;
    int times = 0;
  };
  std::map<Method, Failure> failures_ ABSL_GUARDED_BY(mutex_);
  std::vector<ReadRequest> damaged_ ABSL_GUARDED_BY(mutex_);
  bool hang_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status release_outcome_ ABSL_GUARDED_BY(mutex_);
  int hanging_ ABSL_GUARDED_BY(mutex_) = 0;

  std::map<Method, std::function<void(int call)>> hooks_ ABSL_GUARDED_BY(mutex_);
  std::map<Method, int> calls_ ABSL_GUARDED_BY(mutex_);
  std::vector<ReadRequest> reads_ ABSL_GUARDED_BY(mutex_);
  std::vector<FakeDriveRequest> writes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // HAL_DRIVE_FAKE_DRIVE_H_
