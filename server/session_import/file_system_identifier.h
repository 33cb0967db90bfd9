// IFileSystemImage::IdentifyFileSystemsOnDisc as the service does it: from a drive by its id, or
// from the one that the image is bound to, without holding the caller's thread.
#ifndef SERVER_SESSION_IMPORT_FILE_SYSTEM_IDENTIFIER_H_
#define SERVER_SESSION_IMPORT_FILE_SYSTEM_IDENTIFIER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/robot/drive_station.h"
#include "server/disc_format/drive_media.h"
#include "server/disc_format/media_facts.h"
#include "server/fs/iso9660/reader.h"
#include "server/image/file_system.h"
#include "server/image/file_system_image.h"
#include "server/operations/task_lanes.h"
#include "server/session_import/importer.h"

namespace carousel {

struct IdentifiedFileSystems {
  std::vector<FileSystem> file_systems;  // by their numbers
  bool rock_ridge = false;
};

// Thread-safe. What it is given must outlive it and every call that runs.
class FileSystemIdentifier {
 public:
  // Reads the last session's descriptors; blocks. IdentifyLastSession.
  using Identify = std::function<absl::StatusOr<iso9660::Identification>(DriveStation* drive,
                                                                         const MediaFacts& facts)>;
  using Done = absl::AnyInvocable<void(absl::StatusOr<IdentifiedFileSystems>)>;

  // `lanes` has one for each drive's id.
  FileSystemIdentifier(const DriveMedia* media, TaskLanes* lanes, Identify identify);

  // Calls `done` once, from any thread. `drive` empty: the drive that the image is bound to.
  // IMAPI_E_MULTISESSION_NOT_SET: there is none. IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, cause
  // E_IMAPI_RECORDER_MEDIA_NO_MEDIA: the drive is empty. IMAPI_E_EMPTY_DISC: nothing is written.
  // Other codes of DriveMedia::Get and IdentifyLastSession.
  void Run(const FileSystemImage& image, absl::string_view drive, Done done);

 private:
  void OnMedium(absl::StatusOr<DriveMedium> medium, Done done);

  const DriveMedia* const media_;
  TaskLanes* const lanes_;
  const Identify identify_;
};

// GetDefaultFileSystemForImport. IMAPI_E_NO_SUPPORTED_FILE_SYSTEM: none of them is imported.
absl::StatusOr<FileSystem> DefaultFileSystemForImport(const IdentifiedFileSystems& found,
                                                      ImportPreference preference);

}  // namespace carousel

#endif  // SERVER_SESSION_IMPORT_FILE_SYSTEM_IDENTIFIER_H_
