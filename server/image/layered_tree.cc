#include "server/image/layered_tree.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace carousel {
namespace {

using Id = LayeredTree::Id;

// Identifiers of imported entries are FileTree's; those of new ones begin here.
constexpr uint64_t kFirstNode = uint64_t{1} << 32;
constexpr size_t kAll = std::numeric_limits<size_t>::max();
// A link's target beyond this counts as further records.
constexpr size_t kRecordBytes = 1024;

Id Of(FileTree::Id id) { return Id{static_cast<uint32_t>(id)}; }
FileTree::Id InTree(Id id) { return FileTree::Id{static_cast<uint32_t>(id)}; }

std::shared_ptr<const FileTree> EmptyTree() {
  auto tree = std::make_shared<FileTree>();
  tree->Finish();
  return tree;
}

size_t RecordsOf(const LayeredTree::Node& node) {
  return 1 + node.data.symlink_target.size() / kRecordBytes;
}

}  // namespace

LayeredTree::LayeredTree(std::shared_ptr<const FileTree> imported)
    : has_import_(imported != nullptr),
      imported_(imported == nullptr ? EmptyTree() : std::move(imported)),
      next_node_(kFirstNode),
      root_(Of(FileTree::kRoot)) {}

bool LayeredTree::InImport(Id id) { return static_cast<uint64_t>(id) < kFirstNode; }

absl::string_view LayeredTree::name(Id id) const {
  if (!InImport(id)) return nodes_.at(id).place.name;
  const auto moved = moved_.find(id);
  return moved != moved_.end() ? moved->second.name : imported_->name(InTree(id));
}

Id LayeredTree::parent(Id id) const {
  if (!InImport(id)) return nodes_.at(id).place.parent;
  const auto moved = moved_.find(id);
  return moved != moved_.end() ? moved->second.parent : Of(imported_->parent(InTree(id)));
}

EntryType LayeredTree::type(Id id) const {
  return InImport(id) ? imported_->type(InTree(id)) : nodes_.at(id).data.type;
}

EntryData LayeredTree::data(Id id) const {
  return InImport(id) ? imported_->data(InTree(id)) : nodes_.at(id).data;
}

std::optional<mastering::ContentHandle> LayeredTree::content(Id id) const {
  return InImport(id) ? std::nullopt : nodes_.at(id).content;
}

std::string LayeredTree::Path(Id id) const {
  if (id == root_) return "/";
  std::vector<absl::string_view> names;
  for (; id != root_; id = parent(id)) names.push_back(name(id));
  std::string path;
  for (auto it = names.rbegin(); it != names.rend(); ++it) absl::StrAppend(&path, "/", *it);
  return path;
}

std::optional<Id> LayeredTree::ImportedChild(Id directory, absl::string_view name) const {
  if (!InImport(directory)) return std::nullopt;
  const absl::StatusOr<FileTree::Id> id = imported_->FindChild(InTree(directory), name);
  return id.ok() ? std::optional(Of(*id)) : std::nullopt;
}

std::optional<Id> LayeredTree::FindChild(Id directory, absl::string_view name) const {
  const Changes& changes = ChangesIn(directory);
  const auto it = changes.find(name);
  return it != changes.end() ? it->second : ImportedChild(directory, name);
}

std::optional<LayeredTree::Change> LayeredTree::FindChange(const Place& place) const {
  const Changes& changes = ChangesIn(place.parent);
  const auto it = changes.find(place.name);
  return it != changes.end() ? std::optional<Change>(std::in_place, it->second) : std::nullopt;
}

void LayeredTree::SetChange(const Place& place, std::optional<Change> change) {
  if (change.has_value()) {
    const auto [it, added] = changes_[place.parent].insert_or_assign(place.name, *change);
    if (added) ++records_;
    return;
  }
  const auto it = changes_.find(place.parent);
  if (it == changes_.end()) return;
  records_ -= it->second.erase(place.name);
  if (it->second.empty()) changes_.erase(it);
}

void LayeredTree::Vacate(const Place& place) {
  SetChange(place, ImportedChild(place.parent, place.name).has_value()
                       ? std::optional<Change>(std::in_place, std::nullopt)
                       : std::nullopt);
}

Id LayeredTree::NewNode(Node node) {
  const Id id{next_node_++};
  records_ += RecordsOf(node);
  nodes_.emplace(id, std::move(node));
  return id;
}

void LayeredTree::EraseNode(Id id) {
  const auto it = nodes_.find(id);
  if (it == nodes_.end()) return;
  records_ -= RecordsOf(it->second);
  nodes_.erase(it);
}

void LayeredTree::SetPlace(Id id, Place place) {
  if (!InImport(id)) {
    nodes_.at(id).place = std::move(place);
    return;
  }
  const FileTree::Id imported = InTree(id);
  if (place.parent == Of(imported_->parent(imported)) && place.name == imported_->name(imported)) {
    records_ -= moved_.erase(id);
  } else {
    const auto [it, added] = moved_.insert_or_assign(id, std::move(place));
    if (added) ++records_;
  }
}

void LayeredTree::Forget(Id id) {
  std::vector<Id> left = {id};
  while (!left.empty()) {
    const Id entry = left.back();
    left.pop_back();
    if (type(entry) == EntryType::kDirectory) {
      const std::vector<Id> children = Children(entry, 0, kAll);
      left.insert(left.end(), children.begin(), children.end());
      if (const auto changes = changes_.find(entry); changes != changes_.end()) {
        records_ -= changes->second.size();
        changes_.erase(changes);
      }
    }
    EraseNode(entry);
    records_ -= moved_.erase(entry);
  }
}

const LayeredTree::Changes& LayeredTree::ChangesIn(Id directory) const {
  static const Changes& none = *new Changes;  // lives as long as the process
  const auto it = changes_.find(directory);
  return it != changes_.end() ? it->second : none;
}

size_t LayeredTree::ImportedCount(Id directory) const {
  return InImport(directory) ? imported_->child_count(InTree(directory)) : 0;
}

size_t LayeredTree::ImportedBelow(Id directory, absl::string_view name) const {
  size_t low = 0;
  for (size_t high = ImportedCount(directory); low < high;) {
    const size_t middle = low + (high - low) / 2;
    const FileTree::Id child = imported_->Children(InTree(directory), middle, 1).front();
    const bool below = imported_->name(child) < name;
    (below ? low : high) = below ? middle + 1 : middle;
  }
  return low;
}

size_t LayeredTree::child_count(Id directory) const {
  size_t count = ImportedCount(directory);
  for (const auto& [name, change] : ChangesIn(directory)) {
    if (change.has_value()) ++count;
    if (ImportedChild(directory, name).has_value()) --count;
  }
  return count;
}

// Runs of imported children between changes are passed over or copied as a whole: a page of a large
// directory costs its own length and the changes before it.
std::vector<Id> LayeredTree::Children(Id directory, size_t first, size_t limit) const {
  std::vector<Id> ids;
  size_t at = 0;  // the next imported child
  const auto take_imported = [&](size_t end) {
    const size_t passed = std::min(first, end - at);
    first -= passed;
    at += passed;
    const size_t count = std::min(limit - ids.size(), end - at);
    if (count != 0) {
      for (const FileTree::Id id : imported_->Children(InTree(directory), at, count))
        ids.push_back(Of(id));
    }
    at = end;
  };
  for (const auto& [name, change] : ChangesIn(directory)) {
    if (ids.size() >= limit) break;
    take_imported(ImportedBelow(directory, name));
    if (ImportedChild(directory, name).has_value()) ++at;
    if (!change.has_value()) continue;
    if (first != 0) {
      --first;
    } else if (ids.size() < limit) {
      ids.push_back(*change);
    }
  }
  take_imported(ImportedCount(directory));
  return ids;
}

}  // namespace carousel
