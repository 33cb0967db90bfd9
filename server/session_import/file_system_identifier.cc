#include "server/session_import/file_system_identifier.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using imapi::Hresult;

IdentifiedFileSystems FromIdentification(const iso9660::Identification& found) {
  IdentifiedFileSystems result{.rock_ridge = found.rock_ridge};
  if (found.primary.has_value()) result.file_systems.push_back(FileSystem::kIso9660);
  if (found.joliet.has_value()) result.file_systems.push_back(FileSystem::kJoliet);
  if (found.udf) result.file_systems.push_back(FileSystem::kUdf);
  return result;
}

// An empty drive, in the words of import: IMAPI's answer when there is no medium.
absl::Status AsImportError(const absl::Status& status) {
  const auto detail = imapi::GetDetail(status);
  if (!detail.has_value() || detail->hresult != Hresult::E_IMAPI_RECORDER_MEDIA_NO_MEDIA)
    return status;
  imapi::Metadata metadata = detail->metadata;
  metadata["cause"] = "E_IMAPI_RECORDER_MEDIA_NO_MEDIA";
  return imapi::MakeError(Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, status.message(),
                          std::move(metadata));
}

}  // namespace

FileSystemIdentifier::FileSystemIdentifier(const DriveMedia* media, TaskLanes* lanes,
                                           Identify identify)
    : media_(media), lanes_(lanes), identify_(std::move(identify)) {}

void FileSystemIdentifier::Run(const FileSystemImage& image, absl::string_view drive, Done done) {
  std::string id(drive);
  if (id.empty()) {
    const std::shared_ptr<const BoundDisc> bound = image.bound();
    if (bound == nullptr) {
      done(imapi::MakeError(Hresult::IMAPI_E_MULTISESSION_NOT_SET,
                            absl::StrCat("images/", image.id(),
                                         " has no multi-session interfaces, and no drive is named"),
                            {{"resource", absl::StrCat("images/", image.id())}}));
      return;
    }
    id = bound->decision.drive;
  }
  media_->Get(id, [this, done = std::move(done)](absl::StatusOr<DriveMedium> medium) mutable {
    OnMedium(std::move(medium), std::move(done));
  });
}

void FileSystemIdentifier::OnMedium(absl::StatusOr<DriveMedium> medium, Done done) {
  if (!medium.ok()) {
    done(AsImportError(medium.status()));
    return;
  }
  if (!medium->facts->newest_session().has_value()) {
    done(imapi::MakeError(Hresult::IMAPI_E_EMPTY_DISC,
                          absl::StrCat("the disc in ", medium->drive, " is empty"),
                          {{"drive", absl::StrCat("drives/", medium->drive)}}));
    return;
  }
  // Shared, since a task that the lane refuses is destroyed with what it owns.
  auto shared = std::make_shared<Done>(std::move(done));
  const absl::Status posted = lanes_->Post(medium->drive, [this, medium = *medium, shared] {
    absl::StatusOr<iso9660::Identification> found = identify_(medium.station, *medium.facts);
    if (found.ok())
      (*shared)(FromIdentification(*found));
    else
      (*shared)(imapi::WithMetadata(imapi::FromDevice(found.status()), "drive",
                                    absl::StrCat("drives/", medium.drive)));
  });
  if (!posted.ok()) (*shared)(posted);
}

absl::StatusOr<FileSystem> DefaultFileSystemForImport(const IdentifiedFileSystems& found,
                                                      ImportPreference preference) {
  const auto has = [&](FileSystem file_system) {
    return std::find(found.file_systems.begin(), found.file_systems.end(), file_system) !=
           found.file_systems.end();
  };
  const FileSystem chosen = DefaultFileSystem(has(FileSystem::kIso9660), has(FileSystem::kJoliet),
                                              has(FileSystem::kUdf), found.rock_ridge, preference);
  if (chosen != FileSystem::kNone) return chosen;
  return imapi::MakeError(Hresult::IMAPI_E_NO_SUPPORTED_FILE_SYSTEM,
                          "none of the file systems can be imported");
}

}  // namespace carousel
