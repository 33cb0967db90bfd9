// What this program was built from and how.
#ifndef SERVER_APP_BUILD_INFO_H_
#define SERVER_APP_BUILD_INFO_H_

#include <string>

namespace carousel {

struct BuildInfo {
  std::string version;           // "0.1.0"
  std::string revision;          // commit, "-dirty" behind it if files differed; "unknown"
  std::string compiler;          // "gcc 12.2.0"
  std::string compilation_mode;  // "opt", "fastbuild" or "dbg"
};

// The revision is that of the moment when the program was linked.
BuildInfo GetBuildInfo();

}  // namespace carousel

#endif  // SERVER_APP_BUILD_INFO_H_
