#include "server/session_import/content_hash.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "hal/base/types.h"
#include "server/digest/sha256.h"
#include "server/image/extent_bytes.h"
#include "server/imapi/error.h"
#include "server/mastering/tree_walk.h"

namespace carousel::session_import {
namespace {

struct Unknown {
  FileTree::Id id;
  Lba start;
};

std::vector<Unknown> UnknownFiles(const FileTree& tree, const mastering::KnownContents* known) {
  std::vector<Unknown> files;
  mastering::WalkTree(tree, [&](FileTree::Id id) {
    if (tree.type(id) != EntryType::kFile) return;
    const EntryData file = tree.data(id);
    if (file.bytes == 0 || file.extents.empty()) return;
    if (known != nullptr && known->DigestOf(file).has_value()) return;
    files.push_back({id, file.extents.front().start});
  });
  std::stable_sort(files.begin(), files.end(),
                   [](const Unknown& a, const Unknown& b) { return a.start < b.start; });
  return files;
}

absl::StatusOr<Sha256Digest> Hash(BlockReader& disc, const EntryData& file) {
  Sha256Hasher hasher;
  RETURN_IF_ERROR(ReadExtents(disc, file.extents, [&](absl::Span<const uint8_t> bytes, Lba) {
    hasher.Update(bytes);
    return absl::OkStatus();
  }));
  return hasher.Finish();
}

// Of the disc; what is wrong with the drive is the import's affair.
bool IsUnreadable(const absl::Status& status) {
  if (absl::IsOutOfRange(status)) return true;
  const auto detail = imapi::GetDetail(status);
  return detail.has_value() && detail->hresult == imapi::Hresult::IMAPI_E_IMPORT_READ_FAILURE;
}

}  // namespace

absl::StatusOr<std::vector<mastering::Manifest::File>> HashUnknownFiles(
    BlockReader& disc, const FileTree& tree, const mastering::KnownContents* known,
    absl::FunctionRef<bool(absl::string_view path)> on_file, std::vector<std::string>& warnings) {
  std::vector<mastering::Manifest::File> hashed;
  // Hard links follow one another.
  std::vector<Extent> last;
  int64_t unreadable = 0;
  for (const Unknown& unknown : UnknownFiles(tree, known)) {
    const EntryData file = tree.data(unknown.id);
    const std::string path = tree.Path(unknown.id);
    if (!hashed.empty() && file.extents == last) {
      hashed.push_back({.path = path, .sha256 = hashed.back().sha256});
      continue;
    }
    if (!on_file(path)) {
      return imapi::MakeError(imapi::Hresult::E_IMAPI_REQUEST_CANCELLED,
                              "the import was cancelled");
    }
    const absl::StatusOr<Sha256Digest> digest = Hash(disc, file);
    if (IsUnreadable(digest.status())) {
      if (unreadable++ == 0) {
        warnings.push_back(
            absl::StrCat(path, " cannot be read: ", absl::string_view(digest.status().message())));
      }
      continue;
    }
    RETURN_IF_ERROR(digest.status());
    hashed.push_back({.path = path, .sha256 = *digest});
    last = file.extents;
  }
  if (unreadable > 1) warnings.push_back(absl::StrCat(unreadable, " files cannot be read"));
  return hashed;
}

}  // namespace carousel::session_import
