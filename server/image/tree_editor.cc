#include "server/image/tree_editor.h"

#include <algorithm>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/image/path_error.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using imapi::Hresult;
using Id = TreeEditor::Id;
using Place = LayeredTree::Place;

constexpr size_t kAll = std::numeric_limits<size_t>::max();

absl::Status ParameterError(absl::string_view parameter, absl::string_view what) {
  return imapi::MakeError(Hresult::IMAPI_E_INVALID_PARAM, absl::StrCat(parameter, " ", what),
                          {{"parameter", std::string(parameter)}});
}

absl::Status ReadOnlyError() {
  return imapi::MakeError(Hresult::IMAPI_E_READONLY, "a result image was made of the image");
}

// IMAPI_E_INVALID_PATH unless it is "/" or "/" and names with a "/" between each two.
absl::Status CheckPath(absl::string_view path, absl::string_view field = "path") {
  if (path == "/") return absl::OkStatus();
  bool valid = !path.empty() && path[0] == '/';
  for (absl::string_view rest = path; valid && !rest.empty();) {
    rest.remove_prefix(1);
    const size_t end = std::min(rest.find('/'), rest.size());
    valid = FileTree::IsValidName(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  if (valid) return absl::OkStatus();
  return PathError(Hresult::IMAPI_E_INVALID_PATH, path, "is no absolute path of valid names",
                   field);
}

// Of a directory at `path`.
size_t LevelOf(absl::string_view path) { return 1 + std::count(path.begin(), path.end(), '/'); }

}  // namespace

absl::StatusOr<Id> TreeEditor::AddDirectory(absl::string_view path, const Attributes& attributes) {
  return Add(path, {.data = {.type = EntryType::kDirectory}}, attributes);
}

absl::StatusOr<Id> TreeEditor::AddFile(absl::string_view path, mastering::ContentHandle content,
                                       int64_t bytes, const Attributes& attributes) {
  if (bytes < 0) return ParameterError("bytes", "is below 0");
  return Add(path, {.data = {.type = EntryType::kFile, .bytes = bytes}, .content = content},
             attributes);
}

absl::StatusOr<Id> TreeEditor::AddSymlink(absl::string_view path, absl::string_view target,
                                          const Attributes& attributes) {
  if (target.empty() || target.size() > FileTree::kMaxTargetBytes ||
      target.find('\0') != absl::string_view::npos)
    return ParameterError("target", "is empty, too long or has a NUL");
  return Add(path, {.data = {.type = EntryType::kSymlink, .symlink_target = std::string(target)}},
             attributes);
}

absl::StatusOr<Place> TreeEditor::FindPlace(absl::string_view path, absl::string_view field) const {
  RETURN_IF_ERROR(CheckPath(path, field));
  const size_t slash = path.rfind('/');
  Place place = {.parent = root(), .name = std::string(path.substr(slash + 1))};
  for (absl::string_view rest = path.substr(0, slash); !rest.empty();) {
    rest.remove_prefix(1);
    const size_t end = std::min(rest.find('/'), rest.size());
    const std::optional<Id> child = FindChild(place.parent, rest.substr(0, end));
    if (!child.has_value())
      return PathError(Hresult::IMAPI_E_DIR_NOT_FOUND, path, "is in no directory of the image",
                       field);
    if (type(*child) != EntryType::kDirectory)
      return PathError(Hresult::IMAPI_E_NOT_DIR, path, "is below what is no directory", field);
    place.parent = *child;
    rest.remove_prefix(end);
  }
  if (place.name.empty() || FindChild(place.parent, place.name).has_value())
    return PathError(Hresult::IMAPI_E_DUP_NAME, path, "is in the image already", field);
  RETURN_IF_ERROR(CheckName(rules_, path, place.name, field));
  return place;
}

absl::StatusOr<Id> TreeEditor::Add(absl::string_view path, LayeredTree::Node node,
                                   const Attributes& attributes) {
  if (read_only_) return ReadOnlyError();
  ASSIGN_OR_RETURN(node.place, FindPlace(path, "path"));
  const bool is_directory = node.data.type == EntryType::kDirectory;
  if (is_directory) RETURN_IF_ERROR(CheckLevel(rules_, path, LevelOf(path), "path"));
  if (node.content.has_value()) {
    RETURN_IF_ERROR(CheckSize(rules_, path, node.data.bytes));
    RETURN_IF_ERROR(CheckSpace(rules_, path, uses_.BlocksWith(*node.content, node.data.bytes)));
  }
  RETURN_IF_ERROR(CheckRecords(rules_, records()));
  node.data.modify_time = attributes.modify_time;
  node.data.posix = attributes.posix;
  if (node.data.posix.has_value()) {
    node.data.posix->links = is_directory ? 2 : 1;
    node.data.posix->inode = 0;  // imported numbers are not the client's
    node.data.posix->device = 0;
  }
  if (node.content.has_value()) uses_.Add(*node.content, node.data.bytes);
  const Place place = node.place;
  const Id id = tree_.NewNode(std::move(node));
  Record(place).added = id;
  tree_.SetChange(place, id);
  ++(is_directory ? counts_.directories : counts_.files);
  return id;
}

absl::Status TreeEditor::RemoveItem(absl::string_view path) {
  if (read_only_) return ReadOnlyError();
  ASSIGN_OR_RETURN(const Id id, FindItem(path));
  if (id == root()) return ParameterError("path", "is the root");
  if (type(id) == EntryType::kDirectory && child_count(id) != 0)
    return PathError(Hresult::IMAPI_E_DIR_NOT_EMPTY, path, "has entries");
  RETURN_IF_ERROR(CheckRecords(rules_, records()));
  Remove(id);
  return absl::OkStatus();
}

absl::Status TreeEditor::RemoveTree(absl::string_view path) {
  if (read_only_) return ReadOnlyError();
  ASSIGN_OR_RETURN(const Id id, FindItem(path));
  RETURN_IF_ERROR(CheckRecords(rules_, records()));
  if (id != root()) {
    Remove(id);
    return absl::OkStatus();
  }
  // Another root in place of the old one, so that a rollback finds all as it was.
  TreeUndo& undo = Record(std::nullopt);
  undo.uses = std::make_shared<const ContentUses>(std::exchange(uses_, {}));
  undo.added = tree_.NewNode({.data = data(id)});
  tree_.set_root(*undo.added);
  counts_ = {};
  return absl::OkStatus();
}

void TreeEditor::Remove(Id id) {
  const Place place = {.parent = tree_.parent(id), .name = std::string(name(id))};
  Record(place);
  Walk(id, [&](Id entry) {
    --(type(entry) == EntryType::kDirectory ? counts_.directories : counts_.files);
    if (const auto content = tree_.content(entry); content.has_value()) uses_.Remove(*content);
  });
  tree_.Vacate(place);
}

absl::Status TreeEditor::MoveItem(absl::string_view path, absl::string_view destination) {
  if (read_only_) return ReadOnlyError();
  ASSIGN_OR_RETURN(const Id id, FindItem(path));
  if (id == root()) return ParameterError("path", "is the root");
  ASSIGN_OR_RETURN(const Place to, FindPlace(destination, "destination"));
  if (IsBelow(to.parent, id)) return ParameterError("destination", "is below the entry itself");
  if (type(id) == EntryType::kDirectory && rules_.properties.strict_compliance) {
    RETURN_IF_ERROR(
        CheckLevel(rules_, destination, LevelOf(destination) + LevelsBelow(id), "destination"));
  }
  RETURN_IF_ERROR(CheckRecords(rules_, records()));
  const Place from = {.parent = tree_.parent(id), .name = std::string(name(id))};
  Record(to).moved = std::make_shared<const TreeUndo::Moved>(
      TreeUndo::Moved{.id = id, .from = from, .change = tree_.FindChange(from)});
  tree_.Vacate(from);
  tree_.SetPlace(id, to);
  tree_.SetChange(to, id);
  return absl::OkStatus();
}

// Keeps what the next change, at `place`, will take away.
TreeUndo& TreeEditor::Record(std::optional<Place> place) {
  TreeUndo undo = {.root = root(), .counts = counts_};
  if (place.has_value()) undo.change = tree_.FindChange(*place);
  undo.place = std::move(place);
  journal_.push_back(std::move(undo));
  ++change_point_;
  return journal_.back();
}

absl::Status TreeEditor::RollbackToChangePoint(int64_t change_point) {
  if (read_only_) return ReadOnlyError();
  const int64_t locked = change_point_ - static_cast<int64_t>(journal_.size());
  if (change_point < locked || change_point > change_point_) {
    return ParameterError("change_point",
                          absl::StrCat("is none of ", locked, " to ", change_point_));
  }
  for (; change_point_ > change_point; --change_point_) {
    TakeBack(journal_.back());
    journal_.pop_back();
  }
  return absl::OkStatus();
}

void TreeEditor::TakeBack(TreeUndo& undo) {
  tree_.set_root(undo.root);
  counts_ = undo.counts;
  if (undo.uses != nullptr) uses_ = *undo.uses;
  if (undo.place.has_value()) tree_.SetChange(*undo.place, undo.change);
  if (undo.moved != nullptr) {
    tree_.SetPlace(undo.moved->id, undo.moved->from);
    tree_.SetChange(undo.moved->from, undo.moved->change);
  } else if (undo.added.has_value()) {
    if (const auto content = tree_.content(*undo.added); content.has_value())
      uses_.Remove(*content);
    tree_.EraseNode(*undo.added);
  } else if (undo.place.has_value()) {
    Walk(*FindChild(undo.place->parent, undo.place->name), [&](Id entry) {
      if (const auto content = tree_.content(entry); content.has_value())
        uses_.Add(*content, data(entry).bytes);
    });
  }
}

// Whatever was removed inside of something before that was removed itself has its own place in the
// journal, and an earlier one.
void TreeEditor::LockInChangePoint() {
  for (const TreeUndo& undo : journal_) {
    if (!undo.place.has_value()) {
      tree_.Forget(undo.root);
    } else if (!undo.added.has_value() && undo.moved == nullptr) {
      const std::optional<Id> removed =
          undo.change.has_value() ? *undo.change
                                  : tree_.ImportedChild(undo.place->parent, undo.place->name);
      if (removed.has_value()) tree_.Forget(*removed);
    }
  }
  journal_.clear();
  journal_.shrink_to_fit();
}

void TreeEditor::Walk(Id id, absl::FunctionRef<void(Id)> visit) const {
  std::vector<Id> left = {id};
  while (!left.empty()) {
    const Id entry = left.back();
    left.pop_back();
    visit(entry);
    if (type(entry) != EntryType::kDirectory) continue;
    const std::vector<Id> children = Children(entry, 0, kAll);
    left.insert(left.end(), children.begin(), children.end());
  }
}

size_t TreeEditor::LevelsBelow(Id id) const {
  size_t most = 0;
  std::vector<std::pair<Id, size_t>> left = {{id, 0}};
  while (!left.empty()) {
    const auto [directory, levels] = left.back();
    left.pop_back();
    most = std::max(most, levels);
    for (const Id child : Children(directory, 0, kAll)) {
      if (type(child) == EntryType::kDirectory) left.emplace_back(child, levels + 1);
    }
  }
  return most;
}

bool TreeEditor::IsBelow(Id id, Id above) const {
  for (; id != root(); id = tree_.parent(id)) {
    if (id == above) return true;
  }
  return false;
}

absl::StatusOr<Id> TreeEditor::FindItem(absl::string_view path) const {
  RETURN_IF_ERROR(CheckPath(path));
  Id id = root();
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

}  // namespace carousel
