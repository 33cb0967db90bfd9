// Random edits beside a std::map from path to what is there.
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/image/file_tree.h"
#include "server/image/mastering_input.h"
#include "server/image/tree_editor.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/mastering/content.h"

namespace carousel {
namespace {

using imapi::Hresult;
using mastering::ContentHandle;

// What is at a path: "directory", "file 7" (its content), "old 12" (its imported bytes).
using Model = std::map<std::string, std::string>;

constexpr char kNone[] = "";

using Outcome = std::optional<Hresult>;
constexpr Outcome kOk;

class Edits {
 public:
  explicit Edits(uint64_t seed) : chance_(seed), editor_(Imported()), states_({model_}) {}

  void Step() {
    const std::string path = Path();
    switch (Below(12)) {
      case 0:
      case 1:
      case 2:
        return Check(AddCode(path), Code(editor_.AddDirectory(path, {}).status()), path,
                     [&] { model_[path] = "directory"; });
      case 3:
      case 4:
      case 5: {
        const uint64_t content = Below(30);
        return Check(AddCode(path),
                     Code(editor_.AddFile(path, ContentHandle{content}, 1, {}).status()), path,
                     [&] { model_[path] = absl::StrCat("file ", content); });
      }
      case 6:
      case 7:
        return Check(RemoveItemCode(path), Code(editor_.RemoveItem(path)), path,
                     [&] { model_.erase(path); });
      case 8:
        return RemoveTree(Below(20) == 0 ? "/" : path);
      case 9:
        return Rollback();
      default:
        return Move(path, Path());
    }
  }

  void Compare() {
    EXPECT_EQ(Listed(), model_);
    EXPECT_EQ(editor_.file_count() + editor_.directory_count(),
              static_cast<int64_t>(model_.size()));
    for (const auto& [path, what] : model_) EXPECT_OK(editor_.FindItem(path));
    EXPECT_EQ(Mastered(), model_);
    std::set<std::string> contents;
    for (const auto& [path, what] : model_) {
      if (absl::StartsWith(what, "file ")) contents.insert(what);
    }
    EXPECT_EQ(editor_.new_blocks(), static_cast<int64_t>(contents.size()));
    EXPECT_EQ(editor_.change_point(), locked_ + static_cast<int64_t>(states_.size()) - 1);
  }

  // However the edits went, nothing of them is left once all was removed for good.
  void RemoveAll() {
    RemoveTree("/");
    Compare();
    editor_.LockInChangePoint();
    EXPECT_EQ(editor_.records(), 1u);  // the new root
  }

 private:
  uint64_t Below(uint64_t bound) { return chance_() % bound; }

  std::string Path() {
    std::string path;
    const uint64_t depth = 1 + Below(3);
    for (uint64_t i = 0; i < depth; ++i) path += {'/', static_cast<char>('a' + Below(4))};
    return path;
  }

  // Imports a random tree, and describes it.
  std::shared_ptr<const FileTree> Imported() {
    auto tree = std::make_shared<FileTree>();
    for (int i = 0; i < 12; ++i) {
      const std::string path = Path();
      const std::string parent = Parent(path);
      if (model_.contains(path) || (!parent.empty() && WhatIs(parent) != "directory")) continue;
      const bool is_directory = Below(2) == 0;
      tree->Finish();
      EXPECT_OK(
          tree->Add(*tree->Find(parent.empty() ? "/" : parent), path.substr(path.size() - 1),
                    {.type = is_directory ? EntryType::kDirectory : EntryType::kFile, .bytes = i}));
      model_[path] = is_directory ? "directory" : absl::StrCat("old ", i);
    }
    tree->Finish();
    return tree;
  }

  static std::string Parent(const std::string& path) { return path.substr(0, path.rfind('/')); }
  std::string WhatIs(const std::string& path) const {
    const auto it = model_.find(path);
    return it != model_.end() ? it->second : kNone;
  }
  bool HasEntries(const std::string& path) const {
    const auto it = model_.lower_bound(path + "/");
    return it != model_.end() && absl::StartsWith(it->first, path + "/");
  }

  Outcome AddCode(const std::string& path) const {
    for (size_t end = 2; end < path.size(); end += 2) {
      const std::string what = WhatIs(path.substr(0, end));
      if (what == kNone) return Hresult::IMAPI_E_DIR_NOT_FOUND;
      if (what != "directory") return Hresult::IMAPI_E_NOT_DIR;
    }
    return model_.contains(path) ? Hresult::IMAPI_E_DUP_NAME : kOk;
  }
  Outcome RemoveItemCode(const std::string& path) const {
    if (!model_.contains(path)) return Hresult::IMAPI_E_ITEM_NOT_FOUND;
    return HasEntries(path) ? Hresult::IMAPI_E_DIR_NOT_EMPTY : kOk;
  }

  static Outcome Code(const absl::Status& status) {
    if (status.ok()) return kOk;
    const auto detail = imapi::GetDetail(status);
    return detail.has_value() ? detail->hresult : Hresult::E_FAIL;
  }

  template <typename Change>
  void Check(Outcome expected, Outcome actual, const std::string& path, Change change) {
    EXPECT_EQ(expected, actual) << path;
    if (expected != kOk) return;
    change();
    states_.push_back(model_);
  }

  void RemoveTree(const std::string& path) {
    const bool is_there = path == "/" || model_.contains(path);
    Check(is_there ? kOk : Hresult::IMAPI_E_ITEM_NOT_FOUND, Code(editor_.RemoveTree(path)), path,
          [&] {
            const std::string below = path == "/" ? path : path + "/";
            std::erase_if(model_, [&](const auto& entry) {
              return entry.first == path || absl::StartsWith(entry.first, below);
            });
          });
  }

  Outcome MoveCode(const std::string& path, const std::string& destination) const {
    if (!model_.contains(path)) return Hresult::IMAPI_E_ITEM_NOT_FOUND;
    if (const Outcome code = AddCode(destination); code != kOk) return code;
    return absl::StartsWith(destination, path + "/") ? Outcome(Hresult::IMAPI_E_INVALID_PARAM)
                                                     : kOk;
  }

  void Move(const std::string& path, const std::string& destination) {
    Check(MoveCode(path, destination), Code(editor_.MoveItem(path, destination)),
          absl::StrCat(path, " to ", destination), [&] {
            Model moved;
            for (const auto& [from, what] : model_) {
              const bool moves = from == path || absl::StartsWith(from, path + "/");
              moved[moves ? destination + from.substr(path.size()) : from] = what;
            }
            model_ = std::move(moved);
          });
  }

  void Rollback() {
    if (Below(3) == 0) {
      editor_.LockInChangePoint();
      locked_ += static_cast<int64_t>(states_.size()) - 1;
      states_ = {model_};
      return;
    }
    const size_t kept = 1 + Below(states_.size());
    EXPECT_OK(editor_.RollbackToChangePoint(locked_ + static_cast<int64_t>(kept) - 1));
    states_.resize(kept);
    model_ = states_.back();
  }

  // The whole tree, in pages of three.
  Model Listed() const {
    Model listed;
    std::vector<std::pair<TreeEditor::Id, std::string>> left = {{editor_.root(), ""}};
    while (!left.empty()) {
      const auto [directory, path] = left.back();
      left.pop_back();
      const size_t count = editor_.child_count(directory);
      std::string last;
      for (size_t first = 0; first < count; first += 3) {
        for (const TreeEditor::Id id : editor_.Children(directory, first, 3)) {
          EXPECT_LT(last, editor_.name(id));
          last = std::string(editor_.name(id));
          const std::string child = absl::StrCat(path, "/", last);
          const auto content = editor_.content(id);
          listed[child] = editor_.type(id) == EntryType::kDirectory ? "directory"
                          : content.has_value()
                              ? absl::StrCat("file ", static_cast<uint64_t>(*content))
                              : absl::StrCat("old ", editor_.data(id).bytes);
          if (editor_.type(id) == EntryType::kDirectory) left.emplace_back(id, child);
        }
      }
    }
    return listed;
  }

  // What mastering is given.
  Model Mastered() const {
    Model mastered;
    const auto input = MakeMasteringInput(editor_);
    EXPECT_OK(input);
    if (!input.ok()) return mastered;
    const FileTree& tree = input->tree;
    std::vector<FileTree::Id> left = {FileTree::kRoot};
    while (!left.empty()) {
      const FileTree::Id directory = left.back();
      left.pop_back();
      for (const FileTree::Id id : tree.Children(directory, 0, tree.child_count(directory))) {
        const bool is_directory = tree.type(id) == EntryType::kDirectory;
        mastered[tree.Path(id)] =
            is_directory ? "directory" : absl::StrCat("old ", tree.data(id).bytes);
        if (is_directory) left.push_back(id);
      }
    }
    for (const mastering::NewFile& file : input->new_files)
      mastered[tree.Path(file.file)] = absl::StrCat("file ", static_cast<uint64_t>(file.content));
    return mastered;
  }

  std::mt19937_64 chance_;
  Model model_;
  TreeEditor editor_;
  std::vector<Model> states_;  // since the last lock, the present one last
  int64_t locked_ = 0;
};

TEST(TreeEditorModelTest, RandomEditsAndRollbacksDoWhatTheyDoToAMap) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Edits edits(seed);
    for (int step = 0; step < 120; ++step) {
      edits.Step();
      if (step % 4 == 0) edits.Compare();
      if (testing::Test::HasFailure()) return;
    }
    edits.Compare();
    edits.RemoveAll();
  }
}

}  // namespace
}  // namespace carousel
