// Compiled anew at each link, and only then: Bazel puts the revision, which tools/lib/build_status
// tells, into a header before it. A new commit alone makes no link, so nothing is built for it.
namespace carousel {

extern const char kBuildRevision[];
const char kBuildRevision[] = BUILD_SCM_REVISION;

}  // namespace carousel
