#include "server/mastering/tree_layout.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/fs/iso9660/path_table_record.h"
#include "server/imapi/error.h"
#include "server/mastering/errors.h"

namespace carousel::mastering {
namespace {

using imapi::Hresult;
namespace path_table = iso9660::path_table;

constexpr int kMaxLevels = 8;  // ECMA-119 clause 6.8.2.1
constexpr int64_t kMaxDirectoryBytes = std::numeric_limits<uint32_t>::max();

}  // namespace

absl::StatusOr<TreeLayout> TreeLayout::Make(const Sources& sources, const TreeRules& rules) {
  TreeLayout layout(sources, rules);
  DirectoryRenderer renderer(sources, rules);
  layout.AddDirectory(FileTree::kRoot, 0, absl::string_view("\0", 1));
  for (size_t number = 0; number < layout.directories_.size(); ++number)
    RETURN_IF_ERROR(layout.Measure(number, renderer));
  layout.records_ = {};
  layout.continuations_ = {};
  return layout;
}

void TreeLayout::AddDirectory(FileTree::Id id, size_t parent, absl::string_view identifier) {
  Directory directory = {.id = id,
                         .parent = static_cast<uint32_t>(parent),
                         .table_offset = static_cast<uint32_t>(path_table_bytes_),
                         .identifier = static_cast<uint32_t>(identifiers_.size()),
                         .identifier_bytes = static_cast<uint8_t>(identifier.size())};
  if (!directories_.empty())
    directory.depth = static_cast<uint16_t>(directories_[parent].depth + 1);
  directories_.push_back(directory);
  identifiers_.append(identifier.data(), identifier.size());
  path_table_bytes_ += static_cast<int64_t>(path_table::RecordBytes(identifier.size()));
}

absl::Status TreeLayout::CheckParent(size_t number) const {
  const Directory& directory = directories_[number];
  // Numbers in the path table are from 1.
  if (number >= path_table::kMaxParent)
    return EntryError(
        Hresult::IMAPI_E_TOO_MANY_DIRS, *sources_.tree, directory.id,
        absl::StrCat("only the first ", path_table::kMaxParent, " directories can hold others"));
  if (!rules_.deep_directories && directory.depth >= kMaxLevels)
    return EntryError(Hresult::IMAPI_E_ISO9660_LEVELS, *sources_.tree, directory.id,
                      absl::StrCat("directories below the level ", kMaxLevels));
  if (directory.depth == std::numeric_limits<uint16_t>::max())
    return EntryError(Hresult::IMAPI_E_ISO9660_LEVELS, *sources_.tree, FileTree::kRoot,
                      "directories are too deep");
  return absl::OkStatus();
}

absl::Status TreeLayout::Measure(size_t number, DirectoryRenderer& renderer) {
  const FileTree::Id id = directories_[number].id;
  ASSIGN_OR_RETURN(const std::vector<ListedEntry> entries,
                   ListDirectory(*sources_.tree, id, rules_));
  const auto nowhere = [](size_t) { return Extent(); };
  RETURN_IF_ERROR(renderer.Render(id, entries, Surroundings{Extent(), Extent(), Lba(), nowhere},
                                  records_, continuations_));
  Directory& directory = directories_[number];
  const auto record_bytes = static_cast<int64_t>(records_.size());
  if (record_bytes > kMaxDirectoryBytes)
    return EntryError(Hresult::IMAPI_E_DATA_TOO_BIG, *sources_.tree, id,
                      "the directory has too many entries");
  directory.start = static_cast<uint32_t>(sectors_.value());
  directory.record_sectors = static_cast<uint32_t>(record_bytes / kSectorSize);
  directory.first_child = static_cast<uint32_t>(directories_.size());
  sectors_ += Sectors::Holding(record_bytes) +
              Sectors::Holding(static_cast<int64_t>(continuations_.size()));
  bool checked = false;
  for (const ListedEntry& entry : entries) {
    if (entry.type != EntryType::kDirectory) continue;
    if (!checked) RETURN_IF_ERROR(CheckParent(number));
    checked = true;
    AddDirectory(entry.id, number, entry.identifier);
  }
  return absl::OkStatus();
}

absl::string_view TreeLayout::IdentifierOf(const Directory& directory) const {
  return absl::string_view(identifiers_).substr(directory.identifier, directory.identifier_bytes);
}

Extent TreeLayout::RecordsOf(size_t number) const {
  const Directory& directory = directories_[number];
  return Extent{first_ + Sectors(directory.start), Sectors(directory.record_sectors).bytes()};
}

size_t TreeLayout::NumberAt(Lba at) const {
  const int64_t sector = (at - first_).value();
  const auto next = std::upper_bound(
      directories_.begin(), directories_.end(), sector,
      [](int64_t key, const Directory& directory) { return key < int64_t{directory.start}; });
  return static_cast<size_t>(next - directories_.begin()) - 1;
}

Lba TreeLayout::EndOf(size_t number) const {
  return number + 1 < directories_.size() ? RecordsOf(number + 1).start : first_ + sectors_;
}

absl::Status TreeLayout::ChangedError(size_t number) const {
  return EntryError(Hresult::IMAPI_E_FSI_INTERNAL_ERROR, *sources_.tree, directories_[number].id,
                    "the directory is not what was measured");
}

absl::Status TreeLayout::Render(size_t number, std::vector<uint8_t>& out) const {
  const Directory& directory = directories_[number];
  ASSIGN_OR_RETURN(const std::vector<ListedEntry> entries,
                   ListDirectory(*sources_.tree, directory.id, rules_));
  // Addresses of children are by their number: one more, or less, would shift them all.
  const size_t children_end =
      number + 1 < size() ? directories_[number + 1].first_child : directories_.size();
  const auto children = static_cast<size_t>(
      std::count_if(entries.begin(), entries.end(),
                    [](const ListedEntry& entry) { return entry.type == EntryType::kDirectory; }));
  if (directory.first_child + children != children_end) return ChangedError(number);
  const Extent self = RecordsOf(number);
  const auto child = [&](size_t i) { return RecordsOf(directory.first_child + i); };
  std::vector<uint8_t> continuations;
  DirectoryRenderer renderer(sources_, rules_);
  RETURN_IF_ERROR(renderer.Render(directory.id, entries,
                                  Surroundings{self, RecordsOf(directory.parent),
                                               self.start + Sectors::Holding(self.bytes), child},
                                  out, continuations));
  out.insert(out.end(), continuations.begin(), continuations.end());
  if (static_cast<int64_t>(out.size()) != (EndOf(number) - self.start).bytes())
    return ChangedError(number);
  return absl::OkStatus();
}

void TreeLayout::RenderPathTable(bool big_endian, int64_t offset, absl::Span<uint8_t> out) const {
  std::fill(out.begin(), out.end(), uint8_t{0});
  const auto next = std::upper_bound(directories_.begin(), directories_.end(), offset,
                                     [](int64_t key, const Directory& directory) {
                                       return key < int64_t{directory.table_offset};
                                     });
  std::vector<uint8_t> record;
  const auto end = offset + static_cast<int64_t>(out.size());
  for (auto it = next - 1; it != directories_.end() && it->table_offset < end; ++it) {
    record.clear();
    const size_t number = static_cast<size_t>(it - directories_.begin());
    path_table::AppendRecord(IdentifierOf(*it),
                             static_cast<uint32_t>(RecordsOf(number).start.value()),
                             static_cast<uint16_t>(it->parent + 1), big_endian, record);
    for (size_t i = 0; i < record.size(); ++i) {
      const int64_t at = int64_t{it->table_offset} + static_cast<int64_t>(i) - offset;
      if (at >= 0 && at < static_cast<int64_t>(out.size())) out[at] = record[i];
    }
  }
}

}  // namespace carousel::mastering
