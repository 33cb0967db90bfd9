// What a virtual drive says of itself and of the disc's lead-in: INQUIRY, MODE SENSE(10), GET
// PERFORMANCE, READ DISC STRUCTURE.
#ifndef HAL_VIRTUAL_ROBOT_DEVICE_ANSWERS_H_
#define HAL_VIRTUAL_ROBOT_DEVICE_ANSWERS_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "hal/mmc/mode_sense.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/drive_type.h"
#include "hal/virtual_robot/reply.h"

namespace carousel::virtual_robot {

Reply AnswerInquiry(const DriveType& type, const std::string& serial,
                    absl::Span<const uint8_t> cdb);
// Page 05h of a drive that was switched on.
mmc::ModePage DefaultWriteParametersPage();
// How the drive would write.
struct WriteSettings {
  mmc::ModePage page05 = DefaultWriteParametersPage();
  double speed = 0;  // in multiples of 1x; 0: the fastest
};
// `disc` is null while there is none; `locked`: removal is prevented.
Reply AnswerModeSense(const DriveType& type, const Disc* disc, const WriteSettings& settings,
                      bool locked, absl::Span<const uint8_t> cdb);
Reply AnswerPerformance(const DriveType& type, const Disc& disc, absl::Span<const uint8_t> cdb);
Reply AnswerDiscStructure(const Disc& disc, absl::Span<const uint8_t> cdb);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_DEVICE_ANSWERS_H_
