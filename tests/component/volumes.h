// Volumes that keep a drive reading for long, or that no reader can take.
#ifndef TESTS_COMPONENT_VOLUMES_H_
#define TESTS_COMPONENT_VOLUMES_H_

#include <cstdint>
#include <vector>

#include "tests/component/service.h"

namespace carousel::component {

// An ISO 9660 volume of directories without files, each in a sector of its own: three levels of
// `fan_out` in each.
std::vector<uint8_t> ManyDirectories(int fan_out);

// A service whose drives read DVDs at a hundredth of 1x, and a volume of 20,439 directories whose
// import takes half a minute of the machine's time there: no test waits for its end.
Service::Options SlowlyReading();
const std::vector<uint8_t>& SlowVolume();

}  // namespace carousel::component

#endif  // TESTS_COMPONENT_VOLUMES_H_
