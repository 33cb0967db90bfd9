#include "server/service/converters/image.h"

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "proto/status/text.h"
#include "server/errors/errors.h"
#include "server/image/file_tree.h"
#include "server/service/converters/multisession.h"
#include "server/service/converters/names.h"
#include "server/service/converters/time.h"

namespace carousel {
namespace {

constexpr size_t kMaxDisplayName = 256;

v1::Image::State StateToProto(ImageState state) {
  switch (state) {
    case ImageState::kActive:
      return v1::Image::ACTIVE;
    case ImageState::kImporting:
      return v1::Image::IMPORTING;
    case ImageState::kAdding:
      return v1::Image::ADDING;
    case ImageState::kMastering:
      return v1::Image::MASTERING;
    case ImageState::kBurning:
      return v1::Image::BURNING;
    case ImageState::kDeleting:
      return v1::Image::DELETING;
  }
  return v1::Image::STATE_UNSPECIFIED;
}

v1::MultisessionTypes TypesToProto(multisession::Types types) {
  return types == multisession::Types::kSequential
             ? v1::MULTISESSION_TYPES_SEQUENTIAL
             : v1::MULTISESSION_TYPES_SEQUENTIAL_AND_RANDOM_WRITE;
}

v1::Item::Type TypeToProto(EntryType type) {
  switch (type) {
    case EntryType::kFile:
      return v1::Item::FILE;
    case EntryType::kDirectory:
      return v1::Item::DIRECTORY;
    case EntryType::kSymlink:
      return v1::Item::SYMLINK;
    case EntryType::kFifo:
      return v1::Item::FIFO;
    case EntryType::kCharacterDevice:
      return v1::Item::CHARACTER_DEVICE;
    case EntryType::kBlockDevice:
      return v1::Item::BLOCK_DEVICE;
    case EntryType::kSocket:
      return v1::Item::SOCKET;
  }
  return v1::Item::TYPE_UNSPECIFIED;
}

v1::Warning* AddWarning(google::protobuf::RepeatedPtrField<v1::Warning>* warnings,
                        absl::string_view reason, absl::string_view message) {
  v1::Warning* warning = warnings->Add();
  warning->set_reason(std::string(reason));
  warning->set_message(ToUtf8(message));
  return warning;
}

}  // namespace

v1::FileSystem FileSystemToProto(FileSystem file_system) {
  return static_cast<v1::FileSystem>(file_system);
}

void ImageToProto(const ImageView& view, v1::Image* proto) {
  proto->set_name(NameFromId("images", view.id));
  proto->set_state(StateToProto(view.state));
  proto->set_etag(view.etag);
  *proto->mutable_create_time() = TimeToProto(view.create_time);
  *proto->mutable_update_time() = TimeToProto(view.update_time);
  *proto->mutable_expire_time() = TimeToProto(view.expire_time);
  proto->set_owner(view.owner);
  proto->set_display_name(view.properties.display_name);
  proto->set_multisession_types(TypesToProto(view.types));
  proto->set_operation(NameFromId("operations", view.operation));
  proto->set_free_media_blocks(view.free_media_blocks());
  proto->set_file_count(view.file_count);
  proto->set_directory_count(view.directory_count);
  proto->set_volume_name(view.properties.volume_name);
  proto->add_file_systems_to_create(v1::FILE_SYSTEM_ISO9660);
  if (view.properties.joliet) proto->add_file_systems_to_create(v1::FILE_SYSTEM_JOLIET);
  proto->set_iso9660_interchange_level(view.properties.interchange_level);
  proto->set_strict_file_system_compliance(view.properties.strict_compliance);
  proto->set_use_restricted_character_set(view.properties.restricted_characters);
  proto->set_change_point(view.change_point);
  proto->set_used_blocks(view.used_blocks);
  proto->set_read_only(view.read_only);
  proto->set_max_import_entries(view.properties.max_import_entries);
  if (view.bound != nullptr) {
    proto->set_import_recorder(NameFromId("drives", view.bound->decision.drive));
    proto->set_disc(NameFromId("discs", view.bound->disc));
    proto->set_session_start_block(view.bound->session_start());
  }
  if (view.imported != nullptr) {
    proto->set_imported_volume_name(ToUtf8(view.imported->volume_name));
    proto->set_imported_file_system(FileSystemToProto(view.imported->file_system));
    proto->set_imported_rock_ridge(view.imported->rock_ridge);
  }
}

absl::StatusOr<ImageOptions> ImageOptionsFromProto(const v1::Image& proto) {
  if (proto.display_name().size() > kMaxDisplayName)
    return InvalidFieldError("image.display_name", "is longer than 256 bytes");
  ImageOptions options{.display_name = proto.display_name()};
  switch (proto.multisession_types()) {
    case v1::MULTISESSION_TYPES_UNSPECIFIED:
    case v1::MULTISESSION_TYPES_SEQUENTIAL:
      return options;
    case v1::MULTISESSION_TYPES_SEQUENTIAL_AND_RANDOM_WRITE:
      options.types = multisession::Types::kSequentialAndRandomWrite;
      return options;
    default:
      return InvalidFieldError("image.multisession_types", "has a number without a meaning");
  }
}

absl::StatusOr<FileSystem> FileSystemFromProto(absl::string_view field, v1::FileSystem proto) {
  if (!v1::FileSystem_IsValid(proto))
    return InvalidFieldError(field, "has a number without a meaning");
  return static_cast<FileSystem>(proto);
}

absl::StatusOr<ImportPreference> PreferenceFromProto(v1::ImportPreference proto) {
  switch (proto) {
    case v1::IMPORT_PREFERENCE_UNSPECIFIED:
    case v1::IMPORT_PREFERENCE_COMPLETE:
      return ImportPreference::kComplete;
    case v1::IMPORT_PREFERENCE_IMAPI:
      return ImportPreference::kImapi;
    default:
      return InvalidFieldError("import_preference", "has a number without a meaning");
  }
}

void OutcomeToProto(const MultisessionBinder::Outcome& outcome,
                    v1::SetMultisessionInterfacesResponse* proto) {
  const multisession::Decision& decision = outcome.bound->decision;
  ImageToProto(outcome.image, proto->mutable_image());
  proto->set_chosen_element(static_cast<int32_t>(decision.chosen));
  ElementToProto(outcome.bound->interfaces[decision.chosen], *outcome.bound->facts,
                 proto->mutable_chosen_interface());
  proto->set_chosen_reason(decision.chosen_reason);
  for (const multisession::Verdict& verdict : decision.verdicts) {
    auto* out = proto->add_verdicts();
    out->set_supported_by_image(verdict.supported_by_image);
    out->set_supported_by_medium(verdict.supported_by_medium);
    out->set_reason(verdict.reason);
  }
  for (const multisession::Warning& warning : decision.warnings)
    AddWarning(proto->mutable_warnings(), warning.reason, warning.message);
}

void ImportReportToProto(const ImportReport& report, v1::ImportFileSystemResponse* proto) {
  ImageToProto(report.image, proto->mutable_image());
  proto->set_file_system(FileSystemToProto(report.file_system));
  proto->set_rock_ridge(report.rock_ridge);
  proto->set_entry_count(report.entries);
  for (const std::string& warning : report.warnings)
    AddWarning(proto->mutable_warnings(), "DISC_IRREGULARITY", warning);
}

void ImportProgressToProto(const ImportProgress& progress, v1::ImportFileSystemMetadata* proto) {
  proto->set_file_system(FileSystemToProto(progress.file_system));
  proto->set_current_item(ToUtf8(progress.current_item));
  proto->set_directories_done(progress.directories_done);
  if (progress.directories_total.has_value())
    proto->set_directories_total(*progress.directories_total);
  proto->set_files_done(progress.files_done);
  proto->set_bytes_read(progress.bytes_read);
  proto->set_blocks_read(progress.blocks_read);
}

void ItemToProto(const TreeEditor& tree, TreeEditor::Id id, v1::Item* proto) {
  std::string path = tree.tree().Path(id);
  const EntryData data = tree.data(id);
  if (IsUtf8(path)) {
    proto->set_path(std::move(path));
  } else {
    proto->set_path(ToUtf8(path));
    proto->set_raw_path(std::move(path));
  }
  proto->set_type(TypeToProto(data.type));
  proto->set_size_bytes(data.bytes);
  *proto->mutable_modify_time() = TimeToProto(data.modify_time);
  if (data.posix.has_value()) {
    proto->set_mode(data.posix->mode);
    proto->set_uid(data.posix->uid);
    proto->set_gid(data.posix->gid);
  }
  proto->set_symlink_target(ToUtf8(data.symlink_target));
  for (const Extent& extent : data.extents) {
    auto* out = proto->add_extents();
    out->set_start(extent.start.value());
    out->set_size_bytes(extent.bytes);
  }
  proto->set_imported(tree.tree().IsImported(id));
}

}  // namespace carousel
