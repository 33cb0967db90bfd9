#include "server/service/access.h"

#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "grpc/grpc_security_constants.h"
#include "server/errors/errors.h"

namespace carousel {
namespace {

struct Row {
  absl::string_view path;
  Role least;
  bool changes = false;
};

constexpr Row Reads(absl::string_view path, Role least = Role::kViewer) { return {path, least}; }
constexpr Row Writes(absl::string_view path, Role least) { return {path, least, true}; }

// A new method is here, or nobody may call it.
constexpr Row kRows[] = {
    Reads("carousel.v1.RobotService/GetRobot"),
    Reads("carousel.v1.RobotService/ListDrives"),
    Reads("carousel.v1.RobotService/GetDrive"),
    Reads("carousel.v1.RobotService/ListSlots"),
    Reads("carousel.v1.RobotService/ListImportExportSlots"),
    Reads("carousel.v1.RobotService/ListDiscs"),
    Reads("carousel.v1.RobotService/WatchRobot"),
    Writes("carousel.v1.RobotService/LoadDisc", Role::kOperator),
    Writes("carousel.v1.RobotService/UnloadDisc", Role::kOperator),
    Writes("carousel.v1.RobotService/MoveDisc", Role::kOperator),
    Writes("carousel.v1.RobotService/ExchangeDisc", Role::kOperator),
    Writes("carousel.v1.RobotService/ImportDisc", Role::kOperator),
    Writes("carousel.v1.RobotService/ExportDisc", Role::kOperator),
    Writes("carousel.v1.RobotService/TakeInventory", Role::kOperator),
    Reads("carousel.v1.DiscFormatService/GetDiscFormat"),
    Reads("carousel.v1.DiscFormatService/GetMultisessionInterfaces"),
    Reads("carousel.v1.DiscFormatService/DescribeDisc"),
    Writes("carousel.v1.DiscFormatService/VerifySession", Role::kOperator),
    Writes("carousel.v1.DiscFormatService/WriteImage", Role::kArchivist),
    Writes("carousel.v1.DiscFormatService/EraseMedia", Role::kAdmin),
    Writes("carousel.v1.DiscFormatService/CloseDisc", Role::kAdmin),
    Writes("carousel.v1.DiscFormatService/RepairDisc", Role::kAdmin),
    Writes("carousel.v1.DiscFormatService/AcknowledgeDisc", Role::kAdmin),
    Reads("carousel.v1.FileSystemImageService/GetImage"),
    Reads("carousel.v1.FileSystemImageService/ListImages"),
    Reads("carousel.v1.FileSystemImageService/GetMultisessionInterfaces"),
    Reads("carousel.v1.FileSystemImageService/IdentifyFileSystems"),
    Reads("carousel.v1.FileSystemImageService/GetDefaultFileSystemForImport"),
    Reads("carousel.v1.FileSystemImageService/ListItems"),
    Reads("carousel.v1.FileSystemImageService/GetItem"),
    Reads("carousel.v1.FileSystemImageService/GetUpload"),
    Reads("carousel.v1.FileSystemImageService/CalculateDiscIdentifier"),
    Reads("carousel.v1.FileSystemImageService/GetProgressItems"),
    // Contents of the archive.
    Reads("carousel.v1.FileSystemImageService/ReadFile", Role::kArchivist),
    Reads("carousel.v1.FileSystemImageService/ReadResultImage", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/CreateImage", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/DeleteImage", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/UpdateImage", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/SetMultisessionInterfaces", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/ImportFileSystem", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/UploadFile", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/AddDirectory", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/AddSymlink", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/AddTree", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/RemoveItem", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/RemoveTree", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/MoveItem", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/LockInChangePoint", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/RollbackToChangePoint", Role::kArchivist),
    Writes("carousel.v1.FileSystemImageService/CreateResultImage", Role::kArchivist),
    Reads("google.longrunning.Operations/GetOperation"),
    Reads("google.longrunning.Operations/ListOperations"),
    Reads("google.longrunning.Operations/WaitOperation"),
    Writes("google.longrunning.Operations/CancelOperation", Role::kOperator),
    Writes("google.longrunning.Operations/DeleteOperation", Role::kAdmin),
};

const Row* FindRow(absl::string_view path) {
  if (absl::StartsWith(path, "/")) path.remove_prefix(1);
  for (const Row& row : kRows) {
    if (row.path == path) return &row;
  }
  return nullptr;
}

}  // namespace

std::optional<Role> LeastRole(absl::string_view path) {
  const Row* const row = FindRow(path);
  return row == nullptr ? std::nullopt : std::optional(row->least);
}

bool Changes(absl::string_view path) {
  const Row* const row = FindRow(path);
  return row != nullptr && row->changes;
}

absl::StatusOr<std::string> Access::Admit(absl::string_view path, std::optional<Role> least,
                                          const grpc::AuthContext& caller) const {
  std::string named;
  for (const char* property : {GRPC_PEER_URI_PROPERTY_NAME, GRPC_PEER_DNS_PROPERTY_NAME}) {
    for (const grpc::string_ref& value : caller.FindPropertyValues(property)) {
      const absl::string_view name(value.data(), value.size());
      if (named.empty()) named = std::string(name);
      const auto principal = principals_.find(name);
      if (principal == principals_.end()) continue;
      if (least.has_value() && principal->second >= *least) return std::string(name);
      return PermissionDeniedError(name, RoleName(principal->second), path);
    }
  }
  return UnauthenticatedError(named);
}

}  // namespace carousel
