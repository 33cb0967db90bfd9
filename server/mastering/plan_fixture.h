// A tree, its contents and a disc for tests of plans.
#ifndef SERVER_MASTERING_PLAN_FIXTURE_H_
#define SERVER_MASTERING_PLAN_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/imapi/error.h"
#include "server/mastering/memory_contents.h"
#include "server/mastering/plan.h"
#include "server/mastering/test_disc.h"

namespace carousel::mastering {

inline imapi::Hresult CodeOf(const absl::Status& status) {
  const auto detail = imapi::GetDetail(status);
  return detail.has_value() ? detail->hresult : imapi::Hresult::E_FAIL;
}

inline std::string MetadataOf(const absl::Status& status, const std::string& key) {
  const auto detail = imapi::GetDetail(status);
  return detail.has_value() && detail->metadata.contains(key) ? detail->metadata.at(key) : "";
}

class PlanTest : public testing::Test {
 protected:
  FileTree::Id AddDirectory(FileTree::Id parent, const std::string& name) {
    const auto id = tree_.Add(parent, name, EntryData{.type = EntryType::kDirectory});
    EXPECT_OK(id);
    return id.value_or(FileTree::kRoot);
  }
  FileTree::Id AddFile(FileTree::Id parent, const std::string& name, const std::string& bytes) {
    const auto id = tree_.Add(parent, name, EntryData{.bytes = static_cast<int64_t>(bytes.size())});
    EXPECT_OK(id);
    new_files_.push_back(NewFile{id.value_or(FileTree::kRoot), contents_.Add(bytes)});
    return id.value_or(FileTree::kRoot);
  }
  // A file of an earlier session.
  void AddOldFile(const std::string& name, int64_t bytes, std::vector<Extent> extents) {
    EXPECT_OK(
        tree_.Add(FileTree::kRoot, name, EntryData{.bytes = bytes, .extents = std::move(extents)}));
  }
  absl::StatusOr<std::unique_ptr<const Plan>> Make() {
    tree_.Finish();
    return Plan::Make(tree_, new_files_, options_);
  }
  imapi::Hresult Refusal() { return CodeOf(Make().status()); }

  FileTree tree_;
  MemoryContents contents_;
  std::vector<NewFile> new_files_;
  Options options_;
  TestDisc disc_;
};

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_PLAN_FIXTURE_H_
