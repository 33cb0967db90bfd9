// What the words on carousel-disc's command line mean: text to DiscRequest.
#ifndef HAL_VIRTUAL_ROBOT_DISC_ARGUMENTS_H_
#define HAL_VIRTUAL_ROBOT_DISC_ARGUMENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hal/virtual_robot/disc_plan.h"

namespace carousel::virtual_robot {

// As typed.
struct DiscArguments {
  std::string store;
  std::string barcode;
  std::string media;
  std::vector<std::string> sessions;    // FILE[@LBA], audio:SECTORS[@LBA], zeros:SECTORS[@LBA]
  std::vector<std::string> states;      // --state, several
  std::vector<std::string> unreadable;  // FIRST-LAST
  std::string slot;                     // N, "none", or empty
  std::string background_format;
  bool closed = false;
  bool intermediate = false;
  bool minimally_blanked = false;
  bool spares = false;
  std::optional<int64_t> capacity;
  std::optional<int64_t> formatted;
};

struct ParsedArguments {
  DiscRequest request;
  // The file of each session of the request; empty for sessions without one.
  std::vector<std::string> files;
};

// Looks at the files' sizes. INVALID_ARGUMENT: a word that is not understood; NOT_FOUND,
// PERMISSION_DENIED: an image.
absl::StatusOr<ParsedArguments> ParseArguments(const DiscArguments& arguments);

// The names that `--media` takes, in one line.
std::string MediaNames();

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_DISC_ARGUMENTS_H_
