#include "server/session_import/disc_manifest.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "server/image/extent_bytes.h"
#include "server/imapi/error.h"
#include "server/mastering/manifest.h"

namespace carousel::session_import {
namespace {

using imapi::Hresult;
using mastering::DiscManifest;
using mastering::KnownContents;
using mastering::Manifest;

// A scratch, or extents that lie; what is wrong with the drive or the disc is the import's affair.
bool IsItsOwnFault(const absl::Status& status) {
  if (absl::IsInvalidArgument(status) || absl::IsOutOfRange(status)) return true;
  const auto detail = imapi::GetDetail(status);
  return detail.has_value() && detail->hresult == Hresult::IMAPI_E_IMPORT_READ_FAILURE;
}

absl::StatusOr<std::string> ReadText(BlockReader& disc, const EntryData& file) {
  int64_t left = kMaxManifestBytes;
  for (const Extent& extent : file.extents) {
    if (extent.bytes > left) return absl::InvalidArgumentError("its extents are longer than it is");
    left -= extent.bytes;
  }
  std::string text;
  RETURN_IF_ERROR(ReadExtents(disc, file.extents, [&](absl::Span<const uint8_t> bytes, Lba) {
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return absl::OkStatus();
  }));
  return text;
}

// Whether the session that begins at `session` has written it.
bool IsOf(Lba session, const EntryData& file) {
  return std::all_of(file.extents.begin(), file.extents.end(),
                     [session](const Extent& extent) { return extent.start >= session; });
}

}  // namespace

absl::StatusOr<std::optional<FoundManifest>> FindManifest(BlockReader& disc, const FileTree& tree,
                                                          Lba session,
                                                          std::vector<std::string>& warnings) {
  const auto warn = [&warnings](absl::string_view what) {
    warnings.push_back(absl::StrCat("/", DiscManifest::kName, " ", what));
    return std::optional<FoundManifest>();
  };
  const absl::StatusOr<FileTree::Id> id = tree.FindChild(FileTree::kRoot, DiscManifest::kName);
  if (!id.ok()) return std::nullopt;
  const EntryData file = tree.data(*id);
  if (file.type != EntryType::kFile) return warn("is no file, so no manifest");
  if (file.bytes > kMaxManifestBytes) {
    return warn(
        absl::StrCat("has ", file.bytes, " bytes; a manifest is read up to ", kMaxManifestBytes));
  }
  const absl::StatusOr<std::string> text = ReadText(disc, file);
  if (IsItsOwnFault(text.status()))
    return warn(absl::StrCat("cannot be read: ", text.status().message()));
  if (!text.ok()) return text.status();
  absl::StatusOr<Manifest> manifest = mastering::ParseManifest(*text);
  if (!manifest.ok()) return warn(absl::StrCat("is no manifest: ", manifest.status().message()));
  return FoundManifest{.manifest = *std::move(manifest), .of_session = IsOf(session, file)};
}

absl::StatusOr<std::optional<DiscManifest>> ReadDiscManifest(BlockReader& disc,
                                                             const FileTree& tree, Lba session,
                                                             std::vector<std::string>& warnings) {
  ASSIGN_OR_RETURN(std::optional<FoundManifest> text, FindManifest(disc, tree, session, warnings));
  if (!text.has_value()) return std::nullopt;
  DiscManifest found{.session = std::move(text->manifest.session)};
  if (!text->of_session) {
    warnings.push_back(absl::StrCat("/", DiscManifest::kName,
                                    " is of an earlier session, so it does not tell what the files "
                                    "of this one hold"));
    return found;
  }
  found.contents = std::make_shared<KnownContents>(text->manifest, tree);
  return found;
}

}  // namespace carousel::session_import
