// What a drive says of the tracks of a disc: READ TRACK INFORMATION, and the numbers that other
// answers share with it. Pure functions; the allocation length is cut by the caller.
#ifndef HAL_VIRTUAL_ROBOT_TRACK_ANSWERS_H_
#define HAL_VIRTUAL_ROBOT_TRACK_ANSWERS_H_

#include <cstdint>

#include "absl/types/span.h"
#include "hal/mmc/read_track_information.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/quirks.h"
#include "hal/virtual_robot/reply.h"

namespace carousel::virtual_robot {

// Tracks as a drive counts them: the one that would be next is one of them, and an overwritable
// medium is one track.
uint16_t TrackCount(const Disc& disc);

// `number` is from 1 to TrackCount.
mmc::TrackInformation DescribeTrack(const Disc& disc, const Quirks& quirks, uint16_t number);

// 0 if the disc has no such session.
uint16_t FirstTrackOfSession(const Disc& disc, uint32_t session);

Reply AnswerTrackInformation(const Disc& disc, const Quirks& quirks, absl::Span<const uint8_t> cdb);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_TRACK_ANSWERS_H_
