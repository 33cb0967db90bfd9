// GET CONFIGURATION of a virtual drive: which features are current with which medium.
#ifndef HAL_VIRTUAL_ROBOT_CONFIGURATION_ANSWERS_H_
#define HAL_VIRTUAL_ROBOT_CONFIGURATION_ANSWERS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "hal/mmc/profile.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/drive_type.h"
#include "hal/virtual_robot/quirks.h"
#include "hal/virtual_robot/reply.h"

namespace carousel::virtual_robot {

// What a drive shows as current.
struct CurrentConfiguration {
  mmc::Profile profile = mmc::Profile::kNone;
  std::vector<uint16_t> features;  // ascending; those that are always current included
};

// With no medium.
CurrentConfiguration EmptyConfiguration();
CurrentConfiguration ConfigurationFor(const Disc& disc, const Quirks& quirks);

Reply AnswerConfiguration(const DriveType& type, const CurrentConfiguration& current,
                          absl::Span<const uint8_t> cdb);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_CONFIGURATION_ANSWERS_H_
