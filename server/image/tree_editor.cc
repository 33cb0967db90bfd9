#include "server/image/tree_editor.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/image/path_error.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using imapi::Hresult;
using Id = TreeEditor::Id;

// Identifiers of imported entries are FileTree's; those of new ones begin here.
constexpr uint64_t kFirstNode = uint64_t{1} << 32;
constexpr size_t kAll = std::numeric_limits<size_t>::max();

bool IsImported(Id id) { return static_cast<uint64_t>(id) < kFirstNode; }
Id Of(FileTree::Id id) { return Id{static_cast<uint32_t>(id)}; }
FileTree::Id InTree(Id id) { return FileTree::Id{static_cast<uint32_t>(id)}; }

absl::Status ParameterError(absl::string_view parameter, absl::string_view what) {
  return imapi::MakeError(Hresult::IMAPI_E_INVALID_PARAM, absl::StrCat(parameter, " ", what),
                          {{"parameter", std::string(parameter)}});
}

absl::Status ReadOnlyError() {
  return imapi::MakeError(Hresult::IMAPI_E_READONLY, "a result image was made of the image");
}

// IMAPI_E_INVALID_PATH unless it is "/" or "/" and names with a "/" between each two.
absl::Status CheckPath(absl::string_view path) {
  if (path == "/") return absl::OkStatus();
  bool valid = !path.empty() && path[0] == '/';
  for (absl::string_view rest = path; valid && !rest.empty();) {
    rest.remove_prefix(1);
    const size_t end = std::min(rest.find('/'), rest.size());
    valid = FileTree::IsValidName(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  if (valid) return absl::OkStatus();
  return PathError(Hresult::IMAPI_E_INVALID_PATH, path, "is no absolute path of valid names");
}

}  // namespace

TreeEditor::TreeEditor(std::shared_ptr<const FileTree> imported)
    : imported_(std::move(imported)), next_node_(kFirstNode), root_(Of(FileTree::kRoot)) {
  if (imported_ == nullptr) {
    auto empty = std::make_shared<FileTree>();
    empty->Finish();
    imported_ = std::move(empty);
  }
  counts_ = {.files = imported_->file_count(), .directories = imported_->directory_count()};
}

absl::StatusOr<Id> TreeEditor::AddDirectory(absl::string_view path, const Attributes& attributes) {
  return Add(path, Node{.data = {.type = EntryType::kDirectory}}, attributes);
}

absl::StatusOr<Id> TreeEditor::AddFile(absl::string_view path, mastering::ContentHandle content,
                                       int64_t bytes, const Attributes& attributes) {
  if (bytes < 0) return ParameterError("bytes", "is below 0");
  return Add(path, Node{.data = {.type = EntryType::kFile, .bytes = bytes}, .content = content},
             attributes);
}

absl::StatusOr<Id> TreeEditor::AddSymlink(absl::string_view path, absl::string_view target,
                                          const Attributes& attributes) {
  if (target.empty() || target.size() > FileTree::kMaxTargetBytes ||
      target.find('\0') != absl::string_view::npos)
    return ParameterError("target", "is empty, too long or has a NUL");
  return Add(path,
             Node{.data = {.type = EntryType::kSymlink, .symlink_target = std::string(target)}},
             attributes);
}

absl::StatusOr<Id> TreeEditor::FindPlace(absl::string_view path, absl::string_view parent,
                                         absl::string_view name) const {
  Id id = root_;
  while (!parent.empty()) {
    parent.remove_prefix(1);
    const size_t end = std::min(parent.find('/'), parent.size());
    const std::optional<Id> child = FindChild(id, parent.substr(0, end));
    if (!child.has_value())
      return PathError(Hresult::IMAPI_E_DIR_NOT_FOUND, path, "is in no directory of the image");
    if (type(*child) != EntryType::kDirectory)
      return PathError(Hresult::IMAPI_E_NOT_DIR, path, "is below what is no directory");
    id = *child;
    parent.remove_prefix(end);
  }
  if (name.empty() || FindChild(id, name).has_value())
    return PathError(Hresult::IMAPI_E_DUP_NAME, path, "is in the image already");
  return id;
}

absl::StatusOr<Id> TreeEditor::Add(absl::string_view path, Node node,
                                   const Attributes& attributes) {
  if (read_only_) return ReadOnlyError();
  RETURN_IF_ERROR(CheckPath(path));
  const size_t slash = path.rfind('/');
  node.name = std::string(path.substr(slash + 1));
  ASSIGN_OR_RETURN(node.parent, FindPlace(path, path.substr(0, slash), node.name));
  node.data.modify_time = attributes.modify_time;
  node.data.posix = attributes.posix;
  const bool is_directory = node.data.type == EntryType::kDirectory;
  if (node.data.posix.has_value()) {
    node.data.posix->links = is_directory ? 2 : 1;
    node.data.posix->inode = 0;  // imported numbers are not the client's
    node.data.posix->device = 0;
  }
  Key key(node.parent, node.name);
  const Id id = NewNode(std::move(node));
  Record(key, id);
  SetChange(key, id);
  ++(is_directory ? counts_.directories : counts_.files);
  return id;
}

absl::Status TreeEditor::RemoveItem(absl::string_view path) {
  if (read_only_) return ReadOnlyError();
  ASSIGN_OR_RETURN(const Id id, FindItem(path));
  if (id == root_) return ParameterError("path", "is the root");
  if (type(id) == EntryType::kDirectory && child_count(id) != 0)
    return PathError(Hresult::IMAPI_E_DIR_NOT_EMPTY, path, "has entries");
  Remove(id);
  return absl::OkStatus();
}

absl::Status TreeEditor::RemoveTree(absl::string_view path) {
  if (read_only_) return ReadOnlyError();
  ASSIGN_OR_RETURN(const Id id, FindItem(path));
  if (id == root_) {
    Clear();
  } else {
    Remove(id);
  }
  return absl::OkStatus();
}

void TreeEditor::Remove(Id id) {
  Key key(parent(id), name(id));
  Record(key, std::nullopt);
  const Counts below = CountBelow(id);
  const bool is_directory = type(id) == EntryType::kDirectory;
  counts_.files -= below.files + (is_directory ? 0 : 1);
  counts_.directories -= below.directories + (is_directory ? 1 : 0);
  if (ImportedChild(key.first, key.second).has_value()) {
    SetChange(key, std::nullopt);
  } else {
    EraseChange(key);
  }
}

// Another root in place of the old one, so that a rollback finds all as it was.
void TreeEditor::Clear() {
  const Id id = NewNode(Node{.data = data(root_)});
  Record(std::nullopt, id);
  root_ = id;
  counts_ = {};
}

Id TreeEditor::NewNode(Node node) {
  const Id id{next_node_++};
  nodes_.emplace(id, std::move(node));
  return id;
}

// Keeps what the next change, at `key`, will take away.
void TreeEditor::Record(std::optional<Key> key, std::optional<Id> added) {
  Undo undo = {.root = root_, .counts = counts_, .added = added, .key = std::move(key)};
  if (undo.key.has_value()) {
    const Changes& changes = ChangesIn(undo.key->first);
    const auto it = changes.find(undo.key->second);
    undo.was_changed = it != changes.end();
    if (undo.was_changed) undo.change = it->second;
  }
  journal_.push_back(std::move(undo));
  ++change_point_;
}

absl::Status TreeEditor::RollbackToChangePoint(int64_t change_point) {
  if (read_only_) return ReadOnlyError();
  const int64_t locked = change_point_ - static_cast<int64_t>(journal_.size());
  if (change_point < locked || change_point > change_point_) {
    return ParameterError("change_point",
                          absl::StrCat("is none of ", locked, " to ", change_point_));
  }
  for (; change_point_ > change_point; --change_point_) {
    const Undo& undo = journal_.back();
    root_ = undo.root;
    counts_ = undo.counts;
    if (undo.key.has_value()) {
      if (undo.was_changed) {
        SetChange(*undo.key, undo.change);
      } else {
        EraseChange(*undo.key);
      }
    }
    if (undo.added.has_value()) nodes_.erase(*undo.added);
    journal_.pop_back();
  }
  return absl::OkStatus();
}

// Whatever was removed inside of something before that was removed itself has its own place in the
// journal, and an earlier one.
void TreeEditor::LockInChangePoint() {
  for (const Undo& undo : journal_) {
    if (!undo.key.has_value()) {
      Forget(undo.root);
    } else if (!undo.added.has_value()) {
      const auto& [directory, name] = *undo.key;
      const std::optional<Id> removed =
          undo.was_changed ? undo.change : ImportedChild(directory, name);
      if (removed.has_value()) Forget(*removed);
    }
  }
  journal_.clear();
  journal_.shrink_to_fit();
}

// Drops what edits hold of a removed entry and what was below it.
void TreeEditor::Forget(Id id) {
  std::vector<Id> left = {id};
  while (!left.empty()) {
    const Id entry = left.back();
    left.pop_back();
    if (type(entry) == EntryType::kDirectory) {
      const std::vector<Id> children = Children(entry, 0, kAll);
      left.insert(left.end(), children.begin(), children.end());
      changes_.erase(entry);
    }
    nodes_.erase(entry);
  }
}

void TreeEditor::SetChange(const Key& key, std::optional<Id> change) {
  changes_[key.first][key.second] = change;
}

void TreeEditor::EraseChange(const Key& key) {
  const auto it = changes_.find(key.first);
  if (it == changes_.end()) return;
  it->second.erase(key.second);
  if (it->second.empty()) changes_.erase(it);
}

size_t TreeEditor::records() const {
  size_t records = nodes_.size() + journal_.size();
  for (const auto& [directory, changes] : changes_) records += changes.size();
  return records;
}

absl::string_view TreeEditor::name(Id id) const {
  return IsImported(id) ? imported_->name(InTree(id)) : nodes_.at(id).name;
}

EntryType TreeEditor::type(Id id) const {
  return IsImported(id) ? imported_->type(InTree(id)) : nodes_.at(id).data.type;
}

EntryData TreeEditor::data(Id id) const {
  return IsImported(id) ? imported_->data(InTree(id)) : nodes_.at(id).data;
}

Id TreeEditor::parent(Id id) const {
  return IsImported(id) ? Of(imported_->parent(InTree(id))) : nodes_.at(id).parent;
}

std::optional<mastering::ContentHandle> TreeEditor::content(Id id) const {
  return IsImported(id) ? std::nullopt : nodes_.at(id).content;
}

TreeEditor::Counts TreeEditor::CountBelow(Id id) const {
  Counts counts;
  std::vector<Id> left = {id};
  while (!left.empty()) {
    const Id directory = left.back();
    left.pop_back();
    for (const Id child : Children(directory, 0, kAll)) {
      const bool is_directory = type(child) == EntryType::kDirectory;
      ++(is_directory ? counts.directories : counts.files);
      if (is_directory) left.push_back(child);
    }
  }
  return counts;
}

std::optional<Id> TreeEditor::ImportedChild(Id directory, absl::string_view name) const {
  if (!IsImported(directory)) return std::nullopt;
  const absl::StatusOr<FileTree::Id> id = imported_->FindChild(InTree(directory), name);
  return id.ok() ? std::optional(Of(*id)) : std::nullopt;
}

std::optional<Id> TreeEditor::FindChild(Id directory, absl::string_view name) const {
  const Changes& changes = ChangesIn(directory);
  const auto it = changes.find(name);
  return it != changes.end() ? it->second : ImportedChild(directory, name);
}

absl::StatusOr<Id> TreeEditor::FindItem(absl::string_view path) const {
  RETURN_IF_ERROR(CheckPath(path));
  Id id = root_;
  for (absl::string_view rest = path.substr(1); !rest.empty();) {
    const size_t end = std::min(rest.find('/'), rest.size());
    const std::optional<Id> child = FindChild(id, rest.substr(0, end));
    if (!child.has_value())
      return PathError(Hresult::IMAPI_E_ITEM_NOT_FOUND, path, "is not in the image");
    id = *child;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return id;
}

const TreeEditor::Changes& TreeEditor::ChangesIn(Id directory) const {
  static const Changes& none = *new Changes;  // lives as long as the process
  const auto it = changes_.find(directory);
  return it != changes_.end() ? it->second : none;
}

size_t TreeEditor::ImportedCount(Id directory) const {
  return IsImported(directory) ? imported_->child_count(InTree(directory)) : 0;
}

size_t TreeEditor::ImportedBelow(Id directory, absl::string_view name) const {
  size_t low = 0;
  for (size_t high = ImportedCount(directory); low < high;) {
    const size_t middle = low + (high - low) / 2;
    const FileTree::Id child = imported_->Children(InTree(directory), middle, 1).front();
    const bool below = imported_->name(child) < name;
    (below ? low : high) = below ? middle + 1 : middle;
  }
  return low;
}

size_t TreeEditor::child_count(Id directory) const {
  size_t count = ImportedCount(directory);
  for (const auto& [name, change] : ChangesIn(directory)) {
    if (change.has_value()) ++count;
    if (ImportedChild(directory, name).has_value()) --count;
  }
  return count;
}

// Runs of imported children between changes are passed over or copied as a whole: a page of a large
// directory costs its own length and the changes before it.
std::vector<Id> TreeEditor::Children(Id directory, size_t first, size_t limit) const {
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
