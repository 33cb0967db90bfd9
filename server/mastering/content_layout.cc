#include "server/mastering/content_layout.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/imapi/error.h"
#include "server/mastering/errors.h"
#include "server/mastering/tree_walk.h"

namespace carousel::mastering {
namespace {

using imapi::Hresult;

// A section's length has 32 bits, and all but the last are of whole sectors.
constexpr int64_t kMaxSectionBytes = 0xFFFFF800;
constexpr int kLevelOfSections = 3;  // ECMA-119 clause 10.3

void Split(const Extent& extent, std::vector<Extent>& sections) {
  for (int64_t done = 0; done < extent.bytes; done += kMaxSectionBytes) {
    sections.push_back(Extent{extent.start + Sectors(done / kSectorSize),
                              std::min(kMaxSectionBytes, extent.bytes - done)});
  }
}

// Whether extents of an earlier session are what an entry can refer to.
bool HoldBytes(const EntryData& data, Lba session_start) {
  int64_t total = 0;
  for (size_t i = 0; i < data.extents.size(); ++i) {
    const Extent& extent = data.extents[i];
    if (extent.bytes <= 0 || extent.start < Lba(0)) return false;
    if (i + 1 < data.extents.size() && extent.bytes % kSectorSize != 0) return false;
    if (extent.start + Sectors::Holding(extent.bytes) > session_start) return false;
    total += extent.bytes;
  }
  return total == data.bytes;
}

}  // namespace

const ContentLayout::File* ContentLayout::Find(FileTree::Id id) const {
  const auto it =
      std::lower_bound(files_.begin(), files_.end(), id,
                       [](const File& file, FileTree::Id key) { return file.id < key; });
  return it != files_.end() && it->id == id ? &*it : nullptr;
}

absl::StatusOr<ContentLayout> ContentLayout::Make(const FileTree& tree,
                                                  absl::Span<const NewFile> new_files) {
  ContentLayout layout;
  for (const NewFile& file : new_files)
    layout.files_.push_back(File{.id = file.file, .handle = file.content});
  const auto by_id = [](const File& a, const File& b) { return a.id < b.id; };
  std::sort(layout.files_.begin(), layout.files_.end(), by_id);
  const auto same = [](const File& a, const File& b) { return a.id == b.id; };
  if (std::adjacent_find(layout.files_.begin(), layout.files_.end(), same) != layout.files_.end())
    return absl::InvalidArgumentError("a new file is named twice");

  absl::flat_hash_map<ContentHandle, uint32_t> indices;
  size_t seen = 0;
  absl::Status status;
  WalkTree(tree, [&](FileTree::Id id) {
    if (tree.type(id) != EntryType::kFile) return;
    const File* file = layout.Find(id);
    if (file == nullptr) return;
    ++seen;
    const int64_t bytes = tree.data(id).bytes;
    if (bytes == 0) return;
    const auto [it, is_new] = indices.try_emplace(file->handle, layout.contents_.size());
    if (is_new) {
      layout.contents_.push_back(Content{.handle = file->handle, .bytes = bytes, .start = Lba()});
      layout.sectors_ += Sectors::Holding(bytes);
    } else if (layout.contents_[it->second].bytes != bytes) {
      status = EntryError(Hresult::IMAPI_E_DATA_STREAM_INCONSISTENCY, tree, id,
                          "the file's size is not that of its contents");
    }
    layout.files_[file - layout.files_.data()].content = it->second;
  });
  RETURN_IF_ERROR(status);
  if (seen != layout.files_.size())
    return absl::InvalidArgumentError("a new file is no file of the tree");
  return layout;
}

const ContentLayout::Content* ContentLayout::ContentOf(FileTree::Id id) const {
  const File* file = Find(id);
  return file != nullptr && file->content != kNone ? &contents_[file->content] : nullptr;
}

void ContentLayout::Place(Lba first, Lba empty) {
  empty_ = empty;
  for (Content& content : contents_) {
    content.start = first;
    first += Sectors::Holding(content.bytes);
  }
}

absl::Status ContentLayout::SectionsOf(const FileTree& tree, FileTree::Id id, const EntryData& data,
                                       int level, Lba session_start,
                                       std::vector<Extent>& sections) const {
  sections.clear();
  if (data.bytes == 0) {
    sections.push_back(Extent{empty_, 0});
    return absl::OkStatus();
  }
  if (const Content* content = ContentOf(id); content != nullptr) {
    Split(Extent{content->start, data.bytes}, sections);
  } else if (data.extents.empty()) {
    return EntryError(Hresult::IMAPI_E_DATA_STREAM_CREATE_FAILURE, tree, id,
                      "the file has neither contents nor a place on the disc");
  } else if (!HoldBytes(data, session_start)) {
    return EntryError(Hresult::IMAPI_E_INCOMPATIBLE_PREVIOUS_SESSION, tree, id,
                      "the file's extents do not hold it, or lie where the session will");
  } else {
    for (const Extent& extent : data.extents) Split(extent, sections);
  }
  if (sections.size() > 1 && level < kLevelOfSections)
    return EntryError(Hresult::IMAPI_E_DATA_TOO_BIG, tree, id,
                      absl::StrCat("a file of several sections needs level 3, not ", level));
  return absl::OkStatus();
}

}  // namespace carousel::mastering
