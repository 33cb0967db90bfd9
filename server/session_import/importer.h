// Imports the last session's file system from a drive: chooses the tree, plans the reads,
// prefetches on the drive's thread while the caller's parses, counts.
#ifndef SERVER_SESSION_IMPORT_IMPORTER_H_
#define SERVER_SESSION_IMPORT_IMPORTER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/types.h"
#include "hal/robot/drive_station.h"
#include "server/disc_format/media_facts.h"
#include "server/fs/iso9660/reader.h"
#include "server/image/file_system.h"
#include "server/image/file_tree.h"
#include "server/mastering/known_contents.h"
#include "server/metrics/observers.h"
#include "server/session_import/file_system_choice.h"

namespace carousel {

struct ImportOptions {
  FileSystem file_system = FileSystem::kNone;  // kNone: by preference
  ImportPreference preference = ImportPreference::kComplete;
  iso9660::Limits limits;
  absl::Duration time_limit = absl::Minutes(30);
  // Most bytes that the prefetcher holds. Beyond it directories are read in elevator order as they
  // are met.
  int64_t prefetch_bytes = int64_t{64} << 20;
  // Read every file whose digest no manifest on the disc tells, too.
  bool hash_files = false;
  // Called with all that has been done so far, from the thread of Run, at each directory. May be
  // null; must not block.
  std::function<void(const ImportWork& done)> on_work;
};

// Where an import stands. Read from any thread.
struct ImportProgress {
  FileSystem file_system = FileSystem::kNone;
  std::string current_item;
  int64_t directories_done = 0;
  std::optional<int64_t> directories_total;  // by the path table, a hint
  int64_t files_done = 0;
  int64_t bytes_read = 0;
  int64_t blocks_read = 0;
};

struct ImportResult {
  FileTree tree;
  FileSystem file_system = FileSystem::kNone;
  bool rock_ridge = false;
  std::string volume_name;
  std::optional<mastering::DiscManifest> manifest;
  std::vector<std::string> warnings;
  ImportProgress totals;
  absl::Duration took;   // of the clock given
  int64_t requests = 0;  // of at most 128 KiB to the drive: each one READ where it takes so much
};

// One import. Run once; cancel() and progress() from any thread.
class Importer {
 public:
  // All must outlive the importer. `facts` are those that the image was bound to: the disc is
  // checked against them before the first read and after the last (IMAPI_E_DISC_MISMATCH,
  // IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE when it is gone).
  Importer(DriveStation* drive, const MediaFacts& facts, ImportOptions options, Clock* clock);
  ~Importer();

  // Blocks until the tree is read, or for the time limit and one directory's parsing. Errors as
  // imapi::MakeError: those of iso9660::ReadTree, IMAPI_E_EMPTY_DISC,
  // IMAPI_E_NO_SUPPORTED_FILE_SYSTEM, IMAPI_E_FILE_SYSTEM_NOT_FOUND,
  // IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED (UDF), E_OUTOFMEMORY with metadata limit (time
  // among them), E_IMAPI_RECORDER_COMMAND_TIMEOUT (the drive hangs), the recorder's codes.
  absl::StatusOr<ImportResult> Run();

  // Makes Run end soon with E_IMAPI_REQUEST_CANCELLED.
  void Cancel();
  ImportProgress progress() const;

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

// The file systems of the last session, for IdentifyFileSystems. Blocks. Codes as Importer::Run.
absl::StatusOr<iso9660::Identification> IdentifyLastSession(DriveStation* drive,
                                                            const MediaFacts& facts);

}  // namespace carousel

#endif  // SERVER_SESSION_IMPORT_IMPORTER_H_
