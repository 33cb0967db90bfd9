// GET EVENT STATUS NOTIFICATION, media class: has the disc been changed? (MMC-6 6.7.)
#ifndef HAL_MMC_GET_EVENT_STATUS_H_
#define HAL_MMC_GET_EVENT_STATUS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

// Notification classes as bits of the request (MMC-6 table 300) and as numbers of the answer.
inline constexpr uint8_t kMediaEventsRequest = 1 << 4;
inline constexpr uint8_t kMediaEventsClass = 4;

struct GetEventStatusCdb {
  bool polled = true;  // the drive refuses the other, asynchronous form
  uint8_t classes = kMediaEventsRequest;
  uint16_t allocation_length = 0;
  bool operator==(const GetEventStatusCdb&) const = default;
};
scsi::Command MakeCommand(const GetEventStatusCdb& cdb, absl::Span<uint8_t> data_in);
absl::StatusOr<GetEventStatusCdb> DecodeGetEventStatusCdb(absl::Span<const uint8_t> cdb);

// MMC-6 table 309; 4 bits, so that other numbers appear.
enum class MediaEventCode : uint8_t {
  kNoChange = 0,
  kEjectRequest = 1,
  kNewMedia = 2,
  kMediaRemoval = 3,
  kMediaChanged = 4,
  kBackgroundFormatCompleted = 5,
  kBackgroundFormatRestarted = 6,
};

struct MediaEvent {
  MediaEventCode code = MediaEventCode::kNoChange;
  bool media_present = false;
  bool door_open = false;
  uint8_t start_slot = 0;
  uint8_t end_slot = 0;
  bool operator==(const MediaEvent&) const = default;
};
struct EventStatus {
  uint8_t supported_classes = 0;
  // Absent when the drive has no event of the classes that were asked for (NEA), or sent another
  // class.
  std::optional<MediaEvent> media;
  bool operator==(const EventStatus&) const = default;
};
// At least the 4 bytes of the header.
absl::StatusOr<EventStatus> DecodeEventStatus(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeEventStatus(const EventStatus& status);

}  // namespace carousel::mmc

#endif  // HAL_MMC_GET_EVENT_STATUS_H_
