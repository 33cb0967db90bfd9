#include "server/mastering/known_contents.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel::mastering {
namespace {

class KnownContentsTest : public testing::Test {
 protected:
  void AddFile(const std::string& name, std::vector<Extent> extents) {
    EntryData data;
    for (const Extent& extent : extents) data.bytes += extent.bytes;
    data.extents = std::move(extents);
    ASSERT_OK(tree_.Add(FileTree::kRoot, name, data));
  }
  void Say(const std::string& name, uint8_t digest) {
    manifest_.files.push_back({.path = "/" + name, .sha256 = Digest(digest)});
  }
  static Sha256Digest Digest(uint8_t number) {
    Sha256Digest digest{};
    digest[0] = number;
    return digest;
  }
  EntryData DataOf(const std::string& name) {
    const auto id = tree_.FindChild(FileTree::kRoot, name);
    EXPECT_OK(id);
    return tree_.data(id.value_or(FileTree::kRoot));
  }
  KnownContents Known() {
    tree_.Finish();
    return KnownContents(manifest_, tree_);
  }

  FileTree tree_;
  Manifest manifest_;
};

TEST_F(KnownContentsTest, FindsAFileByWhatItHoldsAndByWhereItLies) {
  AddFile("a", {{Lba(100), 5000}});
  AddFile("b", {{Lba(103), 5000}});
  Say("a", 1);
  Say("b", 2);
  const KnownContents known = Known();
  EXPECT_EQ(known.Find(Digest(2), 5000), (Extent{Lba(103), 5000}));
  EXPECT_EQ(known.Find(Digest(1), 4999), std::nullopt) << "another length";
  EXPECT_EQ(known.Find(Digest(3), 5000), std::nullopt);
  EXPECT_EQ(known.DigestOf(DataOf("a")), Digest(1));
  EXPECT_EQ(known.DigestOf(DataOf("b")), Digest(2));
}

TEST_F(KnownContentsTest, KnowsTheDigestOfAFileWithoutBytesWhateverTheManifestSays) {
  AddFile("empty", {});
  Say("empty", 1);
  const KnownContents known = Known();
  EXPECT_EQ(known.size(), 0);
  EXPECT_EQ(known.DigestOf(DataOf("empty")), Sha256({}));
}

TEST_F(KnownContentsTest, TakesSectionsThatFollowOneAnotherForOnePiece) {
  AddFile("sections", {{Lba(100), 4096}, {Lba(102), 100}});
  AddFile("pieces", {{Lba(200), 4096}, {Lba(300), 100}});
  Say("sections", 1);
  Say("pieces", 2);
  const KnownContents known = Known();
  EXPECT_EQ(known.Find(Digest(1), 4196), (Extent{Lba(100), 4196}));
  EXPECT_EQ(known.DigestOf(DataOf("sections")), Digest(1));
  EXPECT_EQ(known.Find(Digest(2), 4196), std::nullopt);
  EXPECT_EQ(known.DigestOf(DataOf("pieces")), std::nullopt);
}

TEST_F(KnownContentsTest, PassesOverWhatTheTreeDoesNotHaveAsAFile) {
  ASSERT_OK(tree_.Add(FileTree::kRoot, "directory", EntryData{.type = EntryType::kDirectory}));
  AddFile("a", {{Lba(100), 5000}});
  for (const char* name : {"directory", "gone", "..", "a/b", "a/", "/"}) Say(name, 1);
  EXPECT_EQ(Known().size(), 0);
}

TEST_F(KnownContentsTest, BelievesNothingOfAPlaceOfWhichItHearsTwoThings) {
  AddFile("a", {{Lba(100), 5000}});
  AddFile("link", {{Lba(100), 5000}});
  AddFile("b", {{Lba(200), 5000}});
  AddFile("other", {{Lba(200), 5000}});
  Say("a", 1);
  Say("link", 1);
  Say("b", 2);
  Say("other", 3);
  const KnownContents known = Known();
  EXPECT_EQ(known.size(), 1);
  EXPECT_EQ(known.DigestOf(DataOf("link")), Digest(1));
  EXPECT_EQ(known.DigestOf(DataOf("b")), std::nullopt);
  EXPECT_EQ(known.Find(Digest(2), 5000), std::nullopt);
  EXPECT_EQ(known.Find(Digest(3), 5000), std::nullopt);
}

TEST_F(KnownContentsTest, OfEqualFilesTakesTheFirstOnTheDisc) {
  AddFile("a", {{Lba(300), 5000}});
  AddFile("b", {{Lba(100), 5000}});
  Say("a", 1);
  Say("b", 1);
  EXPECT_EQ(Known().Find(Digest(1), 5000), (Extent{Lba(100), 5000}));
}

}  // namespace
}  // namespace carousel::mastering
