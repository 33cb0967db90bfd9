// The text file of a virtual disc (README.md, "A disc's text"). Hand-written files are welcome, so
// every line is checked and nothing is guessed.
#ifndef HAL_VIRTUAL_ROBOT_DISC_TEXT_H_
#define HAL_VIRTUAL_ROBOT_DISC_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/virtual_robot/disc.h"

namespace carousel::virtual_robot {

// INVALID_ARGUMENT with the line's number: a line that is not understood, a key that is repeated or
// missing; or what Validate finds.
absl::StatusOr<Disc> ParseDisc(absl::string_view text);

// ParseDisc(FormatDisc(disc)) gives `disc` again, for every disc that Validate accepts.
std::string FormatDisc(const Disc& disc);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_DISC_TEXT_H_
