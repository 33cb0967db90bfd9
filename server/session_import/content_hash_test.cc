#include "server/session_import/content_hash.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "server/digest/sha256.h"
#include "server/fs/memory_block_reader.h"
#include "server/imapi/error.h"

namespace carousel::session_import {
namespace {

using mastering::KnownContents;
using mastering::Manifest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int64_t kSectors = 8;

// A disc of eight sectors, each full of its own number.
class ContentHashTest : public testing::Test {
 protected:
  ContentHashTest() {
    for (int64_t i = 0; i < kSectors * kSectorSize; ++i)
      bytes_.push_back(static_cast<uint8_t>(i / kSectorSize));
  }
  void AddFile(const std::string& name, std::vector<Extent> extents) {
    int64_t bytes = 0;
    for (const Extent& extent : extents) bytes += extent.bytes;
    ASSERT_OK(tree_.Add(FileTree::kRoot, name, EntryData{.bytes = bytes, .extents = extents}));
  }
  Sha256Digest DigestOf(size_t from, size_t bytes) const {
    return Sha256(absl::MakeConstSpan(bytes_).subspan(from * kSectorSize, bytes));
  }
  absl::StatusOr<std::vector<Manifest::File>> Hash(const KnownContents* known = nullptr) {
    tree_.Finish();
    MemoryBlockReader disc(bytes_, Lba(0));
    return HashUnknownFiles(
        disc, tree_, known,
        [this](absl::string_view path) {
          read_.emplace_back(path);
          return read_.size() <= most_;
        },
        warnings_);
  }

  std::vector<uint8_t> bytes_;
  FileTree tree_;
  std::vector<std::string> read_;
  std::vector<std::string> warnings_;
  size_t most_ = 100;
};

TEST_F(ContentHashTest, HashesFilesInTheOrderOfTheDiscWhateverTheirNames) {
  AddFile("a", {{Lba(5), 10}});
  AddFile("b", {{Lba(2), 3000}});
  ASSERT_OK_AND_ASSIGN(const std::vector<Manifest::File> hashed, Hash());
  EXPECT_THAT(hashed, ElementsAre(Manifest::File{"/b", DigestOf(2, 3000)},
                                  Manifest::File{"/a", DigestOf(5, 10)}));
  EXPECT_THAT(read_, ElementsAre("/b", "/a"));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(ContentHashTest, HashesAFileOfSeveralPiecesAsOne) {
  AddFile("a", {{Lba(1), kSectorSize}, {Lba(2), 100}});
  ASSERT_OK_AND_ASSIGN(const std::vector<Manifest::File> hashed, Hash());
  EXPECT_THAT(hashed, ElementsAre(Manifest::File{"/a", DigestOf(1, kSectorSize + 100)}));
}

TEST_F(ContentHashTest, ReadsWhatTwoNamesHaveOnce) {
  AddFile("a", {{Lba(1), 10}});
  AddFile("b", {{Lba(1), 10}});
  ASSERT_OK_AND_ASSIGN(const std::vector<Manifest::File> hashed, Hash());
  EXPECT_EQ(hashed.size(), 2u);
  EXPECT_THAT(read_, ElementsAre("/a"));
}

TEST_F(ContentHashTest, ReadsNothingThatIsKnownAndNothingThatHasNoBytes) {
  AddFile("a", {{Lba(1), 10}});
  AddFile("b", {{Lba(2), 10}});
  AddFile("empty", {});
  tree_.Finish();
  const KnownContents known(Manifest{.files = {{"/a", DigestOf(1, 10)}}}, tree_);
  ASSERT_OK_AND_ASSIGN(const std::vector<Manifest::File> hashed, Hash(&known));
  EXPECT_THAT(read_, ElementsAre("/b"));
  const KnownContents all(Manifest{.files = hashed}, tree_, &known);
  EXPECT_EQ(all.Find(DigestOf(1, 10), 10), (Extent{Lba(1), 10}));
  EXPECT_EQ(all.Find(DigestOf(2, 10), 10), (Extent{Lba(2), 10}));
}

TEST_F(ContentHashTest, LeavesOutWhatCannotBeReadAndSaysSo) {
  AddFile("a", {{Lba(1), 10}});
  AddFile("beyond", {{Lba(kSectors), 10}});
  AddFile("far", {{Lba(kSectors + 1), 10}});
  ASSERT_OK_AND_ASSIGN(const std::vector<Manifest::File> hashed, Hash());
  EXPECT_THAT(hashed, ElementsAre(Manifest::File{"/a", DigestOf(1, 10)}));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("/beyond cannot be read"),
                                     HasSubstr("2 files cannot be read")));
}

TEST_F(ContentHashTest, EndsWhenItIsNoLongerWanted) {
  AddFile("a", {{Lba(1), 10}});
  AddFile("b", {{Lba(2), 10}});
  most_ = 1;
  const auto detail = imapi::GetDetail(Hash().status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, imapi::Hresult::E_IMAPI_REQUEST_CANCELLED);
}

}  // namespace
}  // namespace carousel::session_import
