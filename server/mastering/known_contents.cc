#include "server/mastering/known_contents.h"

#include <algorithm>
#include <tuple>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace carousel::mastering {
namespace {

// One run of sectors that holds all bytes; nothing if there is none.
std::optional<Extent> InOnePiece(const EntryData& file) {
  if (file.type != EntryType::kFile || file.bytes <= 0 || file.extents.empty()) return std::nullopt;
  Extent whole{file.extents.front().start, 0};
  for (const Extent& extent : file.extents) {
    if (whole.bytes % kSectorSize != 0) return std::nullopt;
    if (extent.start != whole.start + Sectors(whole.bytes / kSectorSize)) return std::nullopt;
    whole.bytes += extent.bytes;
  }
  if (whole.bytes != file.bytes) return std::nullopt;
  return whole;
}

bool IsBefore(const Extent& a, const Extent& b) {
  return std::tuple(a.start.value(), a.bytes) < std::tuple(b.start.value(), b.bytes);
}

}  // namespace

KnownContents::KnownContents(const Manifest& manifest, const FileTree& tree,
                             const KnownContents* also) {
  if (also != nullptr) files_ = also->files_;
  for (const Manifest::File& file : manifest.files) {
    const absl::StatusOr<FileTree::Id> id = tree.Find(file.path);
    if (!id.ok()) continue;
    if (const std::optional<Extent> place = InOnePiece(tree.data(*id)); place.has_value())
      files_.push_back({.place = *place, .sha256 = file.sha256});
  }
  DropContradictions();
  by_content_.resize(files_.size());
  for (uint32_t i = 0; i < by_content_.size(); ++i) by_content_[i] = i;
  const auto key = [this](uint32_t i) { return std::tie(files_[i].sha256, files_[i].place.bytes); };
  std::stable_sort(by_content_.begin(), by_content_.end(),
                   [&key](uint32_t a, uint32_t b) { return key(a) < key(b); });
  by_content_.erase(std::unique(by_content_.begin(), by_content_.end(),
                                [&key](uint32_t a, uint32_t b) { return key(a) == key(b); }),
                    by_content_.end());
}

// Hard links name one place more than once, by the same digest.
void KnownContents::DropContradictions() {
  std::stable_sort(files_.begin(), files_.end(),
                   [](const File& a, const File& b) { return IsBefore(a.place, b.place); });
  auto kept = files_.begin();
  for (auto group = files_.begin(); group != files_.end();) {
    auto end = group;
    bool agree = true;
    for (; end != files_.end() && end->place == group->place; ++end)
      agree = agree && end->sha256 == group->sha256;
    if (agree) *kept++ = *group;
    group = end;
  }
  files_.erase(kept, files_.end());
}

std::optional<Sha256Digest> KnownContents::DigestOf(const EntryData& file) const {
  if (file.type == EntryType::kFile && file.bytes == 0) return Sha256({});
  const std::optional<Extent> place = InOnePiece(file);
  if (!place.has_value()) return std::nullopt;
  const auto found = std::lower_bound(
      files_.begin(), files_.end(), *place,
      [](const File& known, const Extent& wanted) { return IsBefore(known.place, wanted); });
  if (found == files_.end() || found->place != *place) return std::nullopt;
  return found->sha256;
}

std::optional<Extent> KnownContents::Find(const Sha256Digest& digest, int64_t bytes) const {
  const auto found = std::lower_bound(
      by_content_.begin(), by_content_.end(), std::tie(digest, bytes),
      [this](uint32_t i, const std::tuple<const Sha256Digest&, const int64_t&>& wanted) {
        return std::tie(files_[i].sha256, files_[i].place.bytes) < wanted;
      });
  if (found == by_content_.end()) return std::nullopt;
  const File& file = files_[*found];
  if (file.sha256 != digest || file.place.bytes != bytes) return std::nullopt;
  return file.place;
}

}  // namespace carousel::mastering
