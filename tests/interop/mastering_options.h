// Words of a command line that say how a session is to be mastered. For tests.
#ifndef TESTS_INTEROP_MASTERING_OPTIONS_H_
#define TESTS_INTEROP_MASTERING_OPTIONS_H_

#include "absl/strings/string_view.h"
#include "server/mastering/options.h"

namespace carousel {

// For usage lines.
inline constexpr char kMasteringOptions[] =
    "[--level=N] [--rock_ridge=1.12|1.10|none] [--joliet=N] [--time=SECONDS]";

// Takes `argument`, without its "--", into `options`. --joliet: characters of a name, 0 for no
// Joliet. False: it is none of these.
bool ParseMasteringOption(absl::string_view argument, mastering::Options& options);

}  // namespace carousel

#endif  // TESTS_INTEROP_MASTERING_OPTIONS_H_
