#include "server/app/build_info.h"

namespace carousel {

// build_stamp.cc
extern const char kBuildRevision[];

namespace {

constexpr char kVersion[] = "0.1.0";

#if defined(__clang__)
constexpr char kCompiler[] = "clang " __clang_version__;
#else
constexpr char kCompiler[] = "gcc " __VERSION__;
#endif

// What Bazel puts in place of a revision in programs that are not stamped: tests.
constexpr char kRedacted[] = "redacted";

}  // namespace

BuildInfo GetBuildInfo() {
  std::string revision = kBuildRevision;
  if (revision.empty() || revision == "0" || revision == kRedacted) revision = "unknown";
  return {.version = kVersion,
          .revision = revision,
          .compiler = kCompiler,
          .compilation_mode = CAROUSEL_COMPILATION_MODE};
}

}  // namespace carousel
