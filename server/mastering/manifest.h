// The manifest that a session carries: the SHA-256 of every file in it, whichever session its bytes
// are of, and where it comes from. Plain text that `sha256sum -c` checks from the disc's root
// (docs/manifest.md).
#ifndef SERVER_MASTERING_MANIFEST_H_
#define SERVER_MASTERING_MANIFEST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/digest/sha256.h"

namespace carousel::mastering {

struct Manifest {
  struct File {
    std::string path;  // from the root: "/a/b"
    Sha256Digest sha256{};
    bool operator==(const File&) const = default;
  };
  std::string session;  // the session's UUID
  std::string job;      // what had it written
  std::string program;  // which, and its version
  std::vector<File> files;

  bool operator==(const Manifest&) const = default;
};

// The manifest as text; the files stay in their order. INVALID_ARGUMENT: a line feed, carriage
// return or NUL in what is no path, or a path that does not begin with one '/'.
absl::StatusOr<std::string> FormatManifest(const Manifest& manifest);

// The manifest that `text`, of a disc and hostile, is. It is held to what FormatManifest writes;
// comments with names of a later version are passed over. INVALID_ARGUMENT, with the line's number:
// it is something else.
absl::StatusOr<Manifest> ParseManifest(absl::string_view text);

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_MANIFEST_H_
