// Reads ISO 9660 (ECMA-119) with Joliet and Rock Ridge from a session of a disc into a FileTree.
// Every byte is hostile: each address, length and name is checked before use, and every loop has a
// limit.
#ifndef SERVER_FS_ISO9660_READER_H_
#define SERVER_FS_ISO9660_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/types.h"
#include "server/fs/block_reader.h"
#include "server/fs/iso9660/volume_descriptor.h"
#include "server/image/file_tree.h"

namespace carousel::iso9660 {

// Which of a session's trees to read.
enum class Tree : uint8_t { kPrimary, kJoliet };

// The file systems of a session.
struct Identification {
  std::optional<Volume> primary;
  std::optional<Volume> joliet;
  int joliet_level = 0;
  bool rock_ridge = false;  // SP in the primary root's "." record
  bool udf = false;         // NSR02 or NSR03 in the volume recognition sequence, or an anchor
};

// Bounds of an import (configuration). Exceeding one is RESOURCE_EXHAUSTED with metadata limit.
struct Limits {
  int64_t max_entries = 20'000'000;
  int64_t max_directory_bytes = int64_t{1} << 30;  // of one directory
  int64_t max_memory_bytes = int64_t{4} << 30;     // FileTree::MemoryUse
  int max_depth = 1024;
};

// Told of progress, on the caller's thread.
class Observer {
 public:
  virtual ~Observer() = default;
  // After each directory. False: stop; the read ends with E_IMAPI_REQUEST_CANCELLED.
  virtual bool OnDirectory(absl::string_view path, int64_t directories_done,
                           int64_t files_done) = 0;
};

struct ReadResult {
  FileTree tree;
  bool rock_ridge = false;
  int64_t directories = 0;
  // What the caller should know: fields that disagree, entries that were left out and why. At most
  // 100.
  std::vector<std::string> warnings;
};

// Looks for descriptors at session_start + 16 .. + 99.
// Errors as imapi::MakeError: IMAPI_E_IMPORT_READ_FAILURE (metadata block),
// IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR. No file system at all is OK and an empty
// Identification.
absl::StatusOr<Identification> Identify(BlockReader& disc, Lba session_start);

// Where the directories of `volume` lie by its L path table, ascending, merged: a hint for
// prefetching and nothing else. Empty if the table is missing or lies. Never fails for what it
// finds; only CANCELLED and RESOURCE_EXHAUSTED pass. `directories`, if given, gets the number of
// the table's records, the root's among them.
absl::StatusOr<std::vector<Extent>> PlanReads(BlockReader& disc, const Volume& volume,
                                              int64_t* directories = nullptr);

// Reads the tree of `volume` in elevator order: directories by ascending address, one turn after
// another, so that a prefetcher's sweep is met in order. All or nothing. Errors as
// imapi::MakeError: IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR (loops, lengths that lie, extents
// outside [0, disc.end())), IMAPI_E_INVALID_PATH with cause disc (names with '/', NUL, or ".."),
// IMAPI_E_IMPORT_READ_FAILURE, E_IMAPI_REQUEST_CANCELLED; limits as above.
absl::StatusOr<ReadResult> ReadTree(BlockReader& disc, const Identification& found, Tree tree,
                                    const Limits& limits, Observer* observer);

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_READER_H_
