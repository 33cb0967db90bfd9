// Finds the manifest that a session carries (docs/manifest.md), for what the next session is told
// by it. An import goes well without one.
#ifndef SERVER_SESSION_IMPORT_DISC_MANIFEST_H_
#define SERVER_SESSION_IMPORT_DISC_MANIFEST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hal/base/types.h"
#include "server/fs/block_reader.h"
#include "server/image/file_tree.h"
#include "server/mastering/known_contents.h"
#include "server/mastering/manifest.h"

namespace carousel::session_import {

// A manifest of some 600,000 files.
inline constexpr int64_t kMaxManifestBytes = int64_t{64} << 20;

// The manifest in the root of a tree.
struct FoundManifest {
  mastering::Manifest manifest;
  // It is of the session itself, and not of an earlier one whose file the session keeps.
  bool of_session = false;
};

// Looks for it in `tree`, which is what was read from the session at `session`. Nothing, and
// `warnings` tell why, as ReadDiscManifest; its codes.
absl::StatusOr<std::optional<FoundManifest>> FindManifest(BlockReader& disc, const FileTree& tree,
                                                          Lba session,
                                                          std::vector<std::string>& warnings);

// Reads the manifest in the root of `tree`, which is what was imported from the session at
// `session`. Nothing: there is none, or what is there is not one, too long or cannot be read, which
// `warnings` then tell; also that it is of an earlier session. Every byte is hostile. Blocks; the
// errors of BlockReader::Read but IMAPI_E_IMPORT_READ_FAILURE.
absl::StatusOr<std::optional<mastering::DiscManifest>> ReadDiscManifest(
    BlockReader& disc, const FileTree& tree, Lba session, std::vector<std::string>& warnings);

}  // namespace carousel::session_import

#endif  // SERVER_SESSION_IMPORT_DISC_MANIFEST_H_
