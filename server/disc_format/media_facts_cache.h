// The facts of each drive's medium, kept as long as its media generation holds. The first to ask
// after a change makes the drive's thread read them; all others of that time wait for the same
// reading, and everybody later asks no device.
#ifndef SERVER_DISC_FORMAT_MEDIA_FACTS_CACHE_H_
#define SERVER_DISC_FORMAT_MEDIA_FACTS_CACHE_H_

#include <cstdint>
#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "hal/robot/drive_station.h"
#include "server/disc_format/media_facts.h"

namespace carousel {

// Thread-safe. May be destroyed before the stations; callbacks that are waiting then are still
// called.
class MediaFactsCache {
 public:
  using FactsOr = absl::StatusOr<std::shared_ptr<const MediaFacts>>;
  // Called once, without any lock held, from the caller's thread or the device's. Must not block
  // when called from the device's.
  using Callback = absl::AnyInvocable<void(FactsOr)>;

  MediaFactsCache();
  ~MediaFactsCache();

  // Current facts: `done` runs before Get returns and no device is asked. Otherwise `done` runs on
  // the device's thread after ReadMediaFacts; its codes, or the station's if the drive has failed.
  // Failures are not kept. An empty drive is a fact (present = false). Never blocks.
  void Get(DriveStation& station, Callback done);

  // Get, and waits. Never from a device's thread.
  FactsOr Read(DriveStation& station);

  // How often a device was asked for facts, over all drives. Never decreases.
  int64_t readings() const;

 private:
  struct Rep;
  std::shared_ptr<Rep> rep_;
};

}  // namespace carousel

#endif  // SERVER_DISC_FORMAT_MEDIA_FACTS_CACHE_H_
