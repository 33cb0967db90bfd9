// Whether a session's files are what its manifest says (docs/manifest.md): the tree is read, and
// each file that the manifest names, wherever on the disc its bytes lie.
#ifndef SERVER_MAINTENANCE_MANIFEST_CHECK_H_
#define SERVER_MAINTENANCE_MANIFEST_CHECK_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hal/base/types.h"
#include "server/fs/block_reader.h"
#include "server/image/file_tree.h"
#include "server/mastering/manifest.h"

namespace carousel {

// A session's tree with its manifest.
struct SessionManifest {
  FileTree tree;
  mastering::Manifest manifest;
};

// Reads both from the session at `start`. Nothing: it has no ISO 9660 file system, or no manifest
// of its own, which `warnings` then tell. As imapi::MakeError: E_IMAPI_BURN_VERIFICATION_FAILED
// (metadata cause file_system): the tree contradicts itself; the reader's codes;
// RESOURCE_EXHAUSTED: a limit of imports.
absl::StatusOr<std::optional<SessionManifest>> ReadSessionManifest(
    BlockReader& disc, Lba start, std::vector<std::string>& warnings);

// A file that is not what the manifest says.
struct FileFault {
  enum class Cause : uint8_t { kMissing, kUnreadable, kDifferent };
  std::string path;
  Cause cause = Cause::kMissing;
  std::optional<Lba> block;  // kUnreadable
};
// "missing".
absl::string_view FileFaultCauseName(FileFault::Cause cause);

struct FileCheck {
  int64_t files = 0;  // that were looked at
  Sectors sectors;    // that were read
  // At most kMostFaults; with as many the check ended there.
  std::vector<FileFault> faults;
};
inline constexpr size_t kMostFaults = 100;

struct FileCheckOptions {
  // Whether files are read. If not, they only have to be there.
  bool read = true;
  // Told of what was read and of what is to be, in all. Not OK: the check ends with it. May be
  // empty.
  std::function<absl::Status(Lba next, Sectors done, Sectors total)> on_piece;
};

// Looks at each file of the manifest, in the order of their places. An unreadable block is a fault
// of its file; any other error of the reader ends the check.
absl::StatusOr<FileCheck> CheckFiles(BlockReader& disc, const SessionManifest& session,
                                     const FileCheckOptions& options);

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_MANIFEST_CHECK_H_
