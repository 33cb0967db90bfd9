#include "server/session_import/file_system_choice.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

using imapi::Hresult;

imapi::Metadata Naming(FileSystem file_system) {
  return {{"file_system", std::string(FileSystemName(file_system))}};
}

bool IsThere(const iso9660::Identification& found, FileSystem file_system) {
  switch (file_system) {
    case FileSystem::kIso9660:
      return found.primary.has_value();
    case FileSystem::kJoliet:
      return found.joliet.has_value();
    case FileSystem::kUdf:
      return found.udf;
    case FileSystem::kNone:
      return false;
  }
  return false;
}

}  // namespace

absl::string_view FileSystemName(FileSystem file_system) {
  switch (file_system) {
    case FileSystem::kIso9660:
      return "ISO9660";
    case FileSystem::kJoliet:
      return "JOLIET";
    case FileSystem::kUdf:
      return "UDF";
    case FileSystem::kNone:
      break;
  }
  return "NONE";
}

FileSystem DefaultFileSystem(bool iso9660, bool joliet, bool udf, bool rock_ridge,
                             ImportPreference preference) {
  if (preference == ImportPreference::kImapi && udf) return FileSystem::kUdf;
  if (preference == ImportPreference::kComplete && iso9660 && rock_ridge) {
    return FileSystem::kIso9660;
  }
  if (joliet) return FileSystem::kJoliet;
  if (iso9660) return FileSystem::kIso9660;
  return udf ? FileSystem::kUdf : FileSystem::kNone;
}

absl::StatusOr<FileSystem> ChooseFileSystem(const iso9660::Identification& found,
                                            FileSystem requested, ImportPreference preference) {
  FileSystem chosen = requested;
  if (requested == FileSystem::kNone) {
    chosen = DefaultFileSystem(found.primary.has_value(), found.joliet.has_value(), found.udf,
                               found.rock_ridge, preference);
    if (chosen == FileSystem::kNone) {
      return imapi::MakeError(Hresult::IMAPI_E_NO_SUPPORTED_FILE_SYSTEM,
                              "the last session holds no file system that can be imported");
    }
  } else if (!IsThere(found, requested)) {
    return imapi::MakeError(
        Hresult::IMAPI_E_FILE_SYSTEM_NOT_FOUND,
        absl::StrCat("the last session holds no ", FileSystemName(requested), " file system"),
        Naming(requested));
  }
  if (chosen == FileSystem::kUdf) {
    return imapi::MakeError(Hresult::IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED,
                            "UDF is recognised but not imported", Naming(chosen));
  }
  return chosen;
}

}  // namespace carousel
