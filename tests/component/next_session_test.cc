// A disc from its first session to its second, as a client makes both: uploads, result images, and
// what the second takes over from the first by its manifest.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "server/fs/iso9660/reader.h"
#include "server/fs/memory_block_reader.h"
#include "server/image/file_tree.h"
#include "server/mastering/manifest.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"
#include "tests/component/streams.h"

namespace carousel::component {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Bytes of which no two runs are equal for long.
std::string SomeBytes(size_t size, uint32_t seed) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return bytes;
}

class NextSessionTest : public testing::Test {
 protected:
  // B1 in drive0 has the session of an image with these files.
  void SetUp() override {
    ASSERT_OK(service_.Start());
    const std::string image = NewImage();
    ASSERT_THAT(Upload(service_, image, "/a", a_), Succeeds());
    ASSERT_THAT(Upload(service_, image, "/b", b_), Succeeds());
    first_ = Blocks(image, Create(image));
    service_.Stop();
    service_.AddVolume("B1", "DVD+R", 1, {first_.begin(), first_.end()});
    service_.LayIntoDrive("B1", 1);
    ASSERT_OK(service_.Start());
  }
  std::string NewImage() { return service_.Call(&Images::CreateImage, "")->name(); }
  std::string ImportedImage() {
    const std::string image = NewImage();
    EXPECT_THAT(
        service_.Call(&Images::SetMultisessionInterfaces,
                      absl::StrCat("image: '", image, "' multisession_interfaces { interfaces { ",
                                   "import_recorder: 'drives/drive0' sequential {} } }")),
        Succeeds());
    const Operation ended = service_.End(
        service_.Call(&Images::ImportFileSystem, absl::StrCat("image: '", image, "'")));
    v1::ImportFileSystemResponse response;
    EXPECT_TRUE(ended.response().UnpackTo(&response)) << ended.ShortDebugString();
    EXPECT_THAT(response.warnings(), IsEmpty());
    return image;
  }
  v1::CreateResultImageResponse Create(const std::string& image, const std::string& more = "") {
    const Operation ended = service_.End(
        service_.Call(&Images::CreateResultImage, absl::StrCat("image: '", image, "' ", more)));
    v1::CreateResultImageResponse response;
    EXPECT_TRUE(ended.response().UnpackTo(&response)) << ended.ShortDebugString();
    return response;
  }
  std::string Blocks(const std::string& image, const v1::CreateResultImageResponse& made) {
    const std::string blocks =
        Joined(ReadAll(service_, &Images::ReadResultImage, absl::StrCat("image: '", image, "'")));
    EXPECT_EQ(blocks.size(), static_cast<size_t>(made.total_blocks() * kSectorSize));
    return blocks;
  }
  std::string File(const std::string& image, const std::string& path) {
    const Pieces pieces = ReadAll(service_, &Images::ReadFile,
                                  absl::StrCat("image: '", image, "' path: '", path, "'"));
    EXPECT_THAT(pieces, Succeeds());
    return Joined(pieces);
  }

  const std::string a_ = SomeBytes(300'000, 1), b_ = SomeBytes(5000, 2);
  Service service_;
  std::string first_;
};

// The disc once a second session is on it.
class Disc {
 public:
  Disc(const std::string& first, const std::string& second, Lba start)
      : bytes_(first.begin(), first.end()), start_(start) {
    bytes_.resize(static_cast<size_t>((start - Lba(0)).bytes()));
    bytes_.insert(bytes_.end(), second.begin(), second.end());
  }
  absl::StatusOr<FileTree> Import() const {
    MemoryBlockReader disc(bytes_);
    const auto found = iso9660::Identify(disc, start_);
    if (!found.ok()) return found.status();
    auto read = iso9660::ReadTree(disc, *found, iso9660::Tree::kPrimary, {}, nullptr);
    if (!read.ok()) return read.status();
    return std::move(read->tree);
  }
  std::string File(const FileTree& tree, const std::string& path) const {
    const auto id = tree.Find(path);
    EXPECT_OK(id);
    std::string text;
    if (!id.ok()) return text;
    for (const Extent& extent : tree.data(*id).extents) {
      const auto begin = bytes_.begin() + (extent.start - Lba(0)).bytes();
      text.append(begin, begin + extent.bytes);
    }
    return text;
  }

 private:
  std::vector<uint8_t> bytes_;
  const Lba start_;
};

TEST_F(NextSessionTest, HasWhatTheFirstHadAndRefersToItsContents) {
  const std::string image = ImportedImage(), c = SomeBytes(7000, 3);
  ASSERT_THAT(Upload(service_, image, "/copy of a", a_), Succeeds());
  ASSERT_THAT(Upload(service_, image, "/c", c), Succeeds());
  const v1::CreateResultImageResponse made = Create(image);
  EXPECT_EQ(made.referring_file_count(), 1);
  EXPECT_EQ(made.bytes_not_written(), 300'000);
  EXPECT_THAT(made.warnings(), IsEmpty());
  const Disc disc(first_, Blocks(image, made), Lba(made.session_start_block()));
  ASSERT_OK_AND_ASSIGN(const FileTree tree, disc.Import());
  EXPECT_EQ(disc.File(tree, "/a"), a_);
  EXPECT_EQ(disc.File(tree, "/b"), b_);
  EXPECT_EQ(disc.File(tree, "/c"), c);
  EXPECT_EQ(disc.File(tree, "/copy of a"), a_);
  ASSERT_OK_AND_ASSIGN(const mastering::Manifest manifest,
                       mastering::ParseManifest(disc.File(tree, "/MANIFEST")));
  EXPECT_THAT(manifest.files, SizeIs(4));
  EXPECT_EQ(manifest.session, made.session_id());
}

TEST_F(NextSessionTest, WritesEqualFilesAgainWhereTheClientWantsIt) {
  const std::string refers = ImportedImage(), writes = ImportedImage();
  for (const std::string& image : {refers, writes})
    ASSERT_THAT(Upload(service_, image, "/copy of a", a_), Succeeds());
  const v1::CreateResultImageResponse less = Create(refers);
  const v1::CreateResultImageResponse more = Create(writes, "refer_to_equal_files: false");
  EXPECT_EQ(more.referring_file_count(), 0);
  EXPECT_EQ(more.bytes_not_written(), 0);
  EXPECT_GE(more.total_blocks() - less.total_blocks(), 300'000 / kSectorSize - 16);
}

TEST_F(NextSessionTest, GivesTheBytesOfOldAndNewFilesBeforeItIsMade) {
  const std::string image = ImportedImage(), c = SomeBytes(700'000, 3);
  ASSERT_THAT(Upload(service_, image, "/c", c), Succeeds());
  EXPECT_EQ(File(image, "/a"), a_) << "from the disc";
  EXPECT_EQ(File(image, "/c"), c) << "from the spool";
}

}  // namespace
}  // namespace carousel::component
