#include "server/session_import/disc_manifest.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/digest/sha256.h"
#include "server/fs/memory_block_reader.h"
#include "server/imapi/error.h"
#include "server/mastering/manifest.h"

namespace carousel::session_import {
namespace {

using mastering::DiscManifest;
using mastering::Manifest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Lba kSession(100);
constexpr Lba kManifest(130);

Sha256Digest SomeDigest() {
  Sha256Digest digest{};
  digest.fill(7);
  return digest;
}

// What a session has that names /a.
std::string GoodText() {
  const auto text = mastering::FormatManifest({.session = "0d9f3a5e-1111-8222-8333-444455556666",
                                               .job = "operations/1",
                                               .program = "carousel 1",
                                               .files = {{"/a", SomeDigest()}}});
  EXPECT_OK(text);
  return text.value_or("");
}

class DiscManifestTest : public testing::Test {
 protected:
  // A tree of /a, in an earlier session, and the manifest.
  void MakeTree(EntryData manifest) {
    ASSERT_OK(
        tree_.Add(FileTree::kRoot, "a", EntryData{.bytes = 10, .extents = {Extent{Lba(40), 10}}}));
    ASSERT_OK(tree_.Add(FileTree::kRoot, "MANIFEST", manifest));
    tree_.Finish();
  }
  void MakeTree(const std::string& text) {
    const auto bytes = static_cast<int64_t>(text.size());
    MakeTree(EntryData{.bytes = bytes, .extents = {Extent{kManifest, bytes}}});
  }
  static MemoryBlockReader Disc(const std::string& text) {
    return MemoryBlockReader({text.begin(), text.end()}, kManifest);
  }
  absl::StatusOr<std::optional<DiscManifest>> Read(BlockReader& disc, Lba session = kSession) {
    return ReadDiscManifest(disc, tree_, session, warnings_);
  }

  FileTree tree_;
  std::vector<std::string> warnings_;
};

TEST_F(DiscManifestTest, TellsWhatTheFilesOfTheSessionHold) {
  MakeTree(GoodText());
  MemoryBlockReader disc = Disc(GoodText());
  ASSERT_OK_AND_ASSIGN(const std::optional<DiscManifest> found, Read(disc));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->session, "0d9f3a5e-1111-8222-8333-444455556666");
  ASSERT_NE(found->contents, nullptr);
  EXPECT_EQ(found->contents->Find(SomeDigest(), 10), (Extent{Lba(40), 10}));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(DiscManifestTest, IsReadWholeHoweverManySectorsAndExtentsItHas) {
  Manifest manifest;
  for (int i = 0; i < 40'000; ++i) manifest.files.push_back({absl::StrCat("/", i), SomeDigest()});
  manifest.files.push_back({"/a", SomeDigest()});
  ASSERT_OK_AND_ASSIGN(const std::string text, mastering::FormatManifest(manifest));
  const auto bytes = static_cast<int64_t>(text.size());
  MakeTree(EntryData{.bytes = bytes,
                     .extents = {Extent{kManifest, Sectors(3).bytes()},
                                 Extent{kManifest + Sectors(3), bytes - Sectors(3).bytes()}}});
  MemoryBlockReader disc = Disc(text);
  ASSERT_OK_AND_ASSIGN(const std::optional<DiscManifest> found, Read(disc));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->contents->size(), 1) << "the tree has no other";
}

TEST_F(DiscManifestTest, IsMissedByNobody) {
  tree_.Finish();
  MemoryBlockReader disc = Disc("");
  ASSERT_OK_AND_ASSIGN(const std::optional<DiscManifest> found, Read(disc));
  EXPECT_FALSE(found.has_value());
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(DiscManifestTest, OfAnEarlierSessionSaysNothingOfTheFilesOfThisOne) {
  MakeTree(GoodText());
  MemoryBlockReader disc = Disc(GoodText());
  ASSERT_OK_AND_ASSIGN(const std::optional<DiscManifest> found, Read(disc, kManifest + Sectors(1)));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->contents, nullptr);
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("earlier session")));
}

TEST_F(DiscManifestTest, OfAnotherFormIsAWarning) {
  const std::string texts[] = {"", "MANIFEST of my project\n", GoodText().substr(0, 50),
                               std::string(5000, '\0')};
  for (const std::string& text : texts) {
    tree_ = FileTree();
    warnings_.clear();
    MakeTree(text);
    MemoryBlockReader disc = Disc(text);
    ASSERT_OK_AND_ASSIGN(const std::optional<DiscManifest> found, Read(disc));
    EXPECT_FALSE(found.has_value());
    EXPECT_THAT(warnings_, ElementsAre(HasSubstr("is no manifest")));
  }
}

TEST_F(DiscManifestTest, ThatIsNoFileOrTooLongOrLiesAboutItsExtentsIsAWarning) {
  const std::pair<EntryData, const char*> entries[] = {
      {{.type = EntryType::kDirectory}, "is no file"},
      {{.type = EntryType::kSymlink, .symlink_target = "a"}, "is no file"},
      {{.bytes = kMaxManifestBytes + 1, .extents = {{kManifest, kMaxManifestBytes + 1}}}, "has "},
      {{.bytes = 10, .extents = {{kManifest, int64_t{1} << 60}}}, "cannot be read"},
      {{.bytes = 10, .extents = {{Lba(1'000'000), 10}}}, "cannot be read"}};
  for (const auto& [entry, warning] : entries) {
    tree_ = FileTree();
    warnings_.clear();
    MakeTree(entry);
    MemoryBlockReader disc = Disc(GoodText());
    ASSERT_OK_AND_ASSIGN(const std::optional<DiscManifest> found, Read(disc));
    EXPECT_FALSE(found.has_value());
    EXPECT_THAT(warnings_, ElementsAre(HasSubstr(warning)));
  }
}

TEST_F(DiscManifestTest, ThatIsScratchedIsAWarningAndADriveThatFailsAnError) {
  MakeTree(GoodText());
  MemoryBlockReader scratched = Disc(GoodText());
  scratched.FailAt(kManifest, imapi::MakeError(imapi::Hresult::IMAPI_E_IMPORT_READ_FAILURE, ""));
  ASSERT_OK_AND_ASSIGN(const std::optional<DiscManifest> found, Read(scratched));
  EXPECT_FALSE(found.has_value());
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("cannot be read")));
  MemoryBlockReader cancelled = Disc(GoodText());
  cancelled.FailAt(kManifest, imapi::MakeError(imapi::Hresult::E_IMAPI_REQUEST_CANCELLED, ""));
  EXPECT_EQ(Read(cancelled).status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace carousel::session_import
