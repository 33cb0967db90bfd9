// Images, their items and what is done with them, on the wire.
#ifndef SERVER_SERVICE_CONVERTERS_IMAGE_H_
#define SERVER_SERVICE_CONVERTERS_IMAGE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "carousel/v1/common.pb.h"
#include "carousel/v1/image.pb.h"
#include "server/image/file_system.h"
#include "server/image/image_view.h"
#include "server/image/multisession_binder.h"
#include "server/image/tree_editor.h"
#include "server/session_import/import_jobs.h"
#include "server/session_import/importer.h"

namespace carousel {

void ImageToProto(const ImageView& view, v1::Image* proto);

// INVALID_ARGUMENT (INVALID_FIELD): a display name above 256 bytes, an unknown number.
absl::StatusOr<ImageOptions> ImageOptionsFromProto(const v1::Image& proto);
absl::StatusOr<FileSystem> FileSystemFromProto(absl::string_view field, v1::FileSystem proto);
absl::StatusOr<ImportPreference> PreferenceFromProto(v1::ImportPreference proto);

v1::FileSystem FileSystemToProto(FileSystem file_system);
void OutcomeToProto(const MultisessionBinder::Outcome& outcome,
                    v1::SetMultisessionInterfacesResponse* proto);
void ImportReportToProto(const ImportReport& report, v1::ImportFileSystemResponse* proto);
// The progress part of the metadata.
void ImportProgressToProto(const ImportProgress& progress, v1::ImportFileSystemMetadata* proto);
void ItemToProto(const TreeEditor& tree, TreeEditor::Id id, v1::Item* proto);

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_IMAGE_H_
