#include "server/fs/iso9660/reader.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/base/status_matchers.h"
#include "server/fs/iso9660/image_builder.h"
#include "server/fs/memory_block_reader.h"
#include "server/imapi/error.h"

namespace carousel::iso9660 {
namespace {

using imapi::Hresult;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Node = ImageBuilder::Node;

constexpr uint32_t kFileMode = 0100644;
constexpr uint32_t kDirectoryMode = 0040755;
constexpr Hresult kInconsistent = Hresult::IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR;

Hresult HresultOf(const absl::Status& status) {
  const auto detail = imapi::GetDetail(status);
  return detail.has_value() ? detail->hresult : Hresult{0};
}

std::string MetadataOf(const absl::Status& status, const std::string& key) {
  const auto detail = imapi::GetDetail(status);
  if (!detail.has_value() || detail->metadata.count(key) == 0) return "";
  return detail->metadata.at(key);
}

absl::StatusOr<ReadResult> Read(BlockReader& disc, Lba session = Lba(0), Tree tree = Tree::kPrimary,
                                const Limits& limits = Limits(), Observer* observer = nullptr) {
  ASSIGN_OR_RETURN(const Identification found, Identify(disc, session));
  return ReadTree(disc, found, tree, limits, observer);
}

absl::StatusOr<ReadResult> Read(ImageBuilder& image, const Limits& limits = Limits()) {
  MemoryBlockReader disc(image.Build());
  return Read(disc, Lba(0), Tree::kPrimary, limits);
}

// All paths of a tree, with what they are.
std::vector<std::string> Paths(const FileTree& tree) {
  std::vector<std::string> paths;
  std::vector<FileTree::Id> todo = {FileTree::kRoot};
  while (!todo.empty()) {
    const FileTree::Id directory = todo.back();
    todo.pop_back();
    for (const FileTree::Id id : tree.Children(directory, 0, 1000)) {
      paths.push_back(tree.Path(id));
      if (tree.type(id) == EntryType::kDirectory) todo.push_back(id);
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

EntryData DataAt(const FileTree& tree, absl::string_view path) {
  const absl::StatusOr<FileTree::Id> id = tree.Find(path);
  EXPECT_OK(id) << path;
  return id.ok() ? tree.data(*id) : EntryData();
}

TEST(Identify, FindsNothingOnADiscOfZeros) {
  MemoryBlockReader disc(std::vector<uint8_t>(400 * kSectorSize));
  ASSERT_OK_AND_ASSIGN(const Identification found, Identify(disc, Lba(0)));
  EXPECT_FALSE(found.primary.has_value() || found.joliet.has_value() || found.udf);
  MemoryBlockReader tiny{std::vector<uint8_t>(kSectorSize)};
  EXPECT_OK(Identify(tiny, Lba(0)));
}

TEST(Identify, FindsPrimaryJolietAndRockRidge) {
  ImageBuilder image(Lba(0), /*joliet=*/true);
  image.UseRockRidge();
  MemoryBlockReader disc(image.Build());
  ASSERT_OK_AND_ASSIGN(const Identification found, Identify(disc, Lba(0)));
  ASSERT_TRUE(found.primary.has_value() && found.joliet.has_value());
  EXPECT_EQ(found.primary->volume_name, "TEST");
  EXPECT_EQ(found.joliet->volume_name, "TEST");
  EXPECT_EQ(found.joliet_level, 3);
  EXPECT_TRUE(found.rock_ridge);
  EXPECT_FALSE(found.udf);
}

TEST(Identify, LooksBehindBootRecordsAndWithoutATerminator) {
  ImageBuilder builder;
  std::vector<uint8_t> image = builder.Build();
  // A boot record where the primary descriptor was, which moves to where the terminator was.
  std::copy_n(&image[16 * kSectorSize], kSectorSize, &image[17 * kSectorSize]);
  image[16 * kSectorSize] = 0;
  MemoryBlockReader disc(std::move(image));
  ASSERT_OK_AND_ASSIGN(const Identification found, Identify(disc, Lba(0)));
  EXPECT_TRUE(found.primary.has_value());
}

TEST(Identify, SeesUdfInTheRecognitionSequenceAndAtTheAnchor) {
  ImageBuilder builder;
  std::vector<uint8_t> bridge = builder.Build();
  for (const auto& [sector, id] : std::map<int, std::string>{{18, "BEA01"}, {19, "NSR02"}})
    std::copy(id.begin(), id.end(), &bridge[sector * kSectorSize + 1]);
  MemoryBlockReader disc(std::move(bridge));
  ASSERT_OK_AND_ASSIGN(Identification found, Identify(disc, Lba(0)));
  EXPECT_TRUE(found.udf);

  std::vector<uint8_t> anchored(300 * kSectorSize);
  uint8_t* anchor = &anchored[256 * kSectorSize];
  anchor[0] = 2;
  StoreLe32(anchor + 12, 256);
  anchor[4] = 2 + 1;  // the sum of the others
  MemoryBlockReader udf(std::move(anchored));
  ASSERT_OK_AND_ASSIGN(found, Identify(udf, Lba(0)));
  EXPECT_TRUE(found.udf);
  udf.image()[256 * kSectorSize + 4] ^= 1;
  ASSERT_OK_AND_ASSIGN(found, Identify(udf, Lba(0)));
  EXPECT_FALSE(found.udf);
}

TEST(Identify, ReportsADamagedDescriptorAndIgnoresDamageBehindIt) {
  ImageBuilder builder;
  MemoryBlockReader disc(builder.Build());
  disc.FailAt(Lba(20), absl::DataLossError("scratch"));
  EXPECT_OK(Identify(disc, Lba(0)));
  disc.FailAt(Lba(16), absl::DataLossError("scratch"));
  const absl::Status status = Identify(disc, Lba(0)).status();
  EXPECT_EQ(HresultOf(status), Hresult::IMAPI_E_IMPORT_READ_FAILURE);
  EXPECT_EQ(MetadataOf(status, "block"), "16");
}

TEST(ReadTree, ReadsAPlainTreeWithoutVersions) {
  ImageBuilder image;
  Node* sub = image.AddDirectory(image.root(), "SUB");
  image.AddFile(image.root(), "A.TXT;1", "hello");
  image.AddFile(image.root(), "NOEXT.;1", "");
  image.AddFile(sub, "B;12", std::string(5000, 'b'));
  ASSERT_OK_AND_ASSIGN(const ReadResult result, Read(image));
  EXPECT_THAT(Paths(result.tree), ElementsAre("/A.TXT", "/NOEXT", "/SUB", "/SUB/B"));
  EXPECT_FALSE(result.rock_ridge);
  EXPECT_EQ(result.directories, 1);
  EXPECT_THAT(result.warnings, IsEmpty());
  const EntryData file = DataAt(result.tree, "/SUB/B");
  EXPECT_EQ(file.bytes, 5000);
  EXPECT_EQ(file.modify_time, absl::FromUnixSeconds(1'700'000'000));
  EXPECT_FALSE(file.posix.has_value());
  ASSERT_EQ(file.extents.size(), 1u);
  EXPECT_EQ(file.extents[0].bytes, 5000);
}

TEST(ReadTree, ReadsARockRidgeTree) {
  ImageBuilder image;
  image.UseRockRidge();
  Node* sub = image.AddDirectory(image.root(), "SUB",
                                 absl::StrCat(Nm("Sub directory"), Px(kDirectoryMode)));
  image.AddFile(sub, "A.;1", "x", absl::StrCat(Nm("a name"), PxWithSerial(kFileMode, 42)));
  image.AddFile(sub, "L.;1", "", absl::StrCat(Nm("link"), Px(0120777), Sl(Component("a name"))));
  image.AddFile(sub, "P.;1", "", absl::StrCat(Nm("pipe"), Px(0010600)));
  image.AddFile(sub, "NONAME.;1", "", Px(kFileMode));
  ASSERT_OK_AND_ASSIGN(const ReadResult result, Read(image));
  EXPECT_TRUE(result.rock_ridge);
  EXPECT_THAT(Paths(result.tree),
              ElementsAre("/Sub directory", "/Sub directory/NONAME", "/Sub directory/a name",
                          "/Sub directory/link", "/Sub directory/pipe"));
  EXPECT_EQ(DataAt(result.tree, "/Sub directory/a name").posix->inode, 42u);
  EXPECT_EQ(DataAt(result.tree, "/Sub directory/link").symlink_target, "a name");
  EXPECT_EQ(DataAt(result.tree, "/Sub directory/pipe").type, EntryType::kFifo);
}

TEST(ReadTree, ReadsAJolietTree) {
  ImageBuilder image(Lba(0), /*joliet=*/true);
  Node* sub = image.AddDirectory(image.root(), Utf16("Sub;1"));
  image.AddFile(sub, absl::StrCat(Utf16("a"), "\x20\xAC", Utf16(".txt;1")), "x");
  image.AddFile(sub, Utf16("dot.;1"), "x");
  MemoryBlockReader disc(image.Build());
  ASSERT_OK_AND_ASSIGN(const ReadResult result, Read(disc, Lba(0), Tree::kJoliet));
  EXPECT_THAT(Paths(result.tree), ElementsAre("/Sub;1", "/Sub;1/a\xE2\x82\xAC.txt", "/Sub;1/dot."));
}

TEST(ReadTree, ReadsAnAppendedSessionWhoseFilesLieBeforeItsStart) {
  ImageBuilder image(Lba(20'000));
  image.AddFile(image.root(), "NEW.;1", "new");
  Node* old = image.AddFile(image.root(), "OLD.;1", "");
  old->extent = 300;
  old->bytes = 700'000;
  MemoryBlockReader disc(image.Build(), Lba(20'000));
  ASSERT_OK_AND_ASSIGN(const ReadResult result, Read(disc, Lba(20'000)));
  EXPECT_THAT(DataAt(result.tree, "/OLD").extents, ElementsAre(Extent{Lba(300), 700'000}));
  EXPECT_EQ(DataAt(result.tree, "/NEW").bytes, 3);
}

TEST(ReadTree, JoinsTheSectionsOfAFile) {
  ImageBuilder image;
  image.UseRockRidge();
  for (int i = 0; i < 3; ++i) {
    Node* section = image.AddFile(image.root(), "BIG.;1", std::string(i < 2 ? 4096 : 10, 'x'),
                                  absl::StrCat(Nm("big"), Px(kFileMode)));
    if (i < 2) section->flags = 0x80;
  }
  image.AddFile(image.root(), "NEXT.;1", "", Nm("next"));
  ASSERT_OK_AND_ASSIGN(const ReadResult result, Read(image));
  EXPECT_THAT(Paths(result.tree), ElementsAre("/big", "/next"));
  const EntryData big = DataAt(result.tree, "/big");
  EXPECT_EQ(big.bytes, 2 * 4096 + 10);
  EXPECT_EQ(big.extents.size(), 3u);
}

TEST(ReadTree, RefusesSectionsThatDoNotBelongTogether) {
  for (const char* next : {"OTHER.;1", ""}) {
    ImageBuilder image;
    image.AddFile(image.root(), "BIG.;1", std::string(4096, 'x'))->flags = 0x80;
    if (*next != '\0') image.AddFile(image.root(), next, "");
    EXPECT_EQ(HresultOf(Read(image).status()), kInconsistent);
  }
  ImageBuilder image;
  image.AddFile(image.root(), "BIG.;1", std::string(4095, 'x'))->flags = 0x80;
  image.AddFile(image.root(), "BIG.;1", "x");
  EXPECT_EQ(HresultOf(Read(image).status()), kInconsistent);
}

TEST(ReadTree, IgnoresWhereEmptyFilesPoint) {
  ImageBuilder image;
  image.AddFile(image.root(), "EMPTY.;1", "")->extent = 0xFFFFFFF0;
  ASSERT_OK_AND_ASSIGN(const ReadResult result, Read(image));
  EXPECT_THAT(DataAt(result.tree, "/EMPTY").extents, IsEmpty());
}

// genisoimage's form: a placeholder with CL, the directory itself under rr_moved with RE.
struct Relocated {
  Relocated() {
    image.UseRockRidge();
    Node* moved = image.AddDirectory(image.root(), "RR_MOVED",
                                     absl::StrCat(Nm("rr_moved"), Px(kDirectoryMode)));
    target = image.AddDirectory(moved, "DEEP", absl::StrCat(Nm("deep"), Px(kDirectoryMode), Re()));
    image.SetSelf(target, absl::StrCat(Px(0040700), Entry("PL", Both(30))));
    image.AddFile(target, "LEAF.;1", "leaf", Nm("leaf"));
    Node* upper = image.AddDirectory(image.root(), "UPPER", Nm("upper"));
    placeholder = image.AddFile(upper, "DEEP.;1", "", absl::StrCat(Nm("deep"), Cl(0)));
    placeholder->extent = 0xFFFFFF00;
  }
  absl::StatusOr<ReadResult> Read() {
    image.Build();  // once for the addresses
    placeholder->system_use = absl::StrCat(Nm("deep"), Cl(link.value_or(target->start)));
    return iso9660::Read(image);
  }
  ImageBuilder image;
  Node* target;
  Node* placeholder;
  std::optional<uint32_t> link;
};

TEST(ReadTree, PutsRelocatedDirectoriesBackAndHidesWhereTheyWere) {
  Relocated relocated;
  ASSERT_OK_AND_ASSIGN(const ReadResult result, relocated.Read());
  EXPECT_THAT(Paths(result.tree), ElementsAre("/upper", "/upper/deep", "/upper/deep/leaf"));
  EXPECT_EQ(DataAt(result.tree, "/upper/deep").posix->mode, 0700u);
  EXPECT_THAT(result.warnings, IsEmpty());
}

TEST(ReadTree, WarnsOfARelocatedDirectoryThatBelongsNowhere) {
  Relocated relocated;
  relocated.image.AddDirectory(relocated.image.root(), "OTHER", Nm("other"));
  Node* moved = relocated.image.AddDirectory(relocated.image.root(), "MORE", Nm("more"));
  relocated.image.AddDirectory(moved, "LOST", absl::StrCat(Nm("lost"), Re()));
  ASSERT_OK_AND_ASSIGN(const ReadResult result, relocated.Read());
  EXPECT_THAT(result.warnings, ElementsAre(HasSubstr("belongs nowhere")));
}

TEST(ReadTree, RefusesALinkToNoDirectoryAndOneToItsOwnParent) {
  for (const uint32_t link : {uint32_t{0}, uint32_t{24}, uint32_t{0xFFFFFFFF}}) {
    Relocated relocated;
    relocated.link = link;
    EXPECT_EQ(HresultOf(relocated.Read().status()), kInconsistent) << link;
  }
}

TEST(ReadTree, KeepsTheFirstOfEntriesOfOneNameAndSaysSo) {
  ImageBuilder image;
  image.AddFile(image.root(), "A.;2", "new");
  image.AddFile(image.root(), "A.;1", "older");
  ASSERT_OK_AND_ASSIGN(const ReadResult result, Read(image));
  EXPECT_THAT(Paths(result.tree), ElementsAre("/A"));
  EXPECT_EQ(DataAt(result.tree, "/A").bytes, 3);
  EXPECT_THAT(result.warnings, ElementsAre(HasSubstr("name is there already")));
}

TEST(ReadTree, LeavesAssociatedFilesOut) {
  ImageBuilder image;
  image.AddFile(image.root(), "A.;1", "resource fork")->flags = 4;
  image.AddFile(image.root(), "A.;1", "data");
  ASSERT_OK_AND_ASSIGN(const ReadResult result, Read(image));
  EXPECT_EQ(DataAt(result.tree, "/A").bytes, 4);
  EXPECT_THAT(result.warnings, ElementsAre(HasSubstr("associated")));
}

TEST(ReadTree, RefusesNamesThatNoPathCanHold) {
  for (const std::string& name :
       {std::string("a/b"), std::string("a\0b", 3), std::string("."), std::string("..")}) {
    ImageBuilder image;
    image.UseRockRidge();
    image.AddFile(image.root(), "A.;1", "", Nm(name));
    const absl::Status status = Read(image).status();
    EXPECT_EQ(HresultOf(status), Hresult::IMAPI_E_INVALID_PATH);
    EXPECT_EQ(MetadataOf(status, "cause"), "disc");
    EXPECT_EQ(MetadataOf(status, "path"), "/");
  }
  ImageBuilder parent;
  parent.UseRockRidge();
  parent.AddFile(parent.root(), "A.;1", "", Nm("", 4));
  EXPECT_EQ(HresultOf(Read(parent).status()), Hresult::IMAPI_E_INVALID_PATH);
}

TEST(ReadTree, RefusesExtentsOutsideTheDisc) {
  ImageBuilder file;
  file.AddFile(file.root(), "A.;1", "x")->extent = 1'000'000;
  EXPECT_EQ(HresultOf(Read(file).status()), kInconsistent);
  ImageBuilder directory;
  directory.AddDirectory(directory.root(), "A")->extent = 1'000'000;
  EXPECT_EQ(HresultOf(Read(directory).status()), kInconsistent);
  ImageBuilder huge;
  huge.AddDirectory(huge.root(), "A")->bytes = 0xFFFFFFFF;
  EXPECT_EQ(HresultOf(Read(huge).status()), kInconsistent);
}

TEST(ReadTree, RefusesADirectoryThatContainsItself) {
  ImageBuilder to_root;
  to_root.AddDirectory(to_root.root(), "A")->extent = 24;
  EXPECT_EQ(HresultOf(Read(to_root).status()), kInconsistent);

  ImageBuilder longer;
  Node* a = longer.AddDirectory(longer.root(), "A");
  Node* b = longer.AddDirectory(a, "B");
  Node* back = longer.AddDirectory(b, "C");
  longer.Build();
  back->extent = a->start;
  const absl::Status status = Read(longer).status();
  EXPECT_EQ(HresultOf(status), kInconsistent);
  EXPECT_EQ(MetadataOf(status, "path"), "/A/B");
}

TEST(ReadTree, EndsADiscWhoseDirectoriesMultiply) {
  // Thirty levels of directories that each lead twice to the next: 2^30 paths and no loop.
  ImageBuilder image;
  std::vector<Node*> levels = {image.root()};
  std::vector<std::pair<Node*, size_t>> doubles;
  for (size_t i = 0; i < 30; ++i) {
    Node* upper = levels.back();
    levels.push_back(image.AddDirectory(upper, "A"));
    doubles.emplace_back(image.AddDirectory(upper, "B"), levels.size() - 1);
  }
  image.Build();
  for (const auto& [node, level] : doubles) node->extent = levels[level]->start;
  EXPECT_EQ(HresultOf(Read(image).status()), kInconsistent);
}

TEST(ReadTree, SharesADirectoryBetweenTwoPlaces) {
  ImageBuilder image;
  Node* a = image.AddDirectory(image.root(), "A");
  Node* b = image.AddDirectory(image.root(), "B");
  image.AddFile(a, "F.;1", "x");
  image.Build();
  b->extent = a->start;
  ASSERT_OK_AND_ASSIGN(const ReadResult result, Read(image));
  EXPECT_THAT(Paths(result.tree), ElementsAre("/A", "/A/F", "/B", "/B/F"));
}

TEST(ReadTree, RefusesADirectoryThatIsAFile) {
  ImageBuilder image;
  Node* file = image.AddFile(image.root(), "A.;1", std::string(2048, 'x'));
  Node* directory = image.AddDirectory(image.root(), "D");
  image.Build();
  directory->extent = file->start;
  EXPECT_EQ(HresultOf(Read(image).status()), kInconsistent);
}

// A disc with one file, whose record a test spoils.
class SpoiltRecord : public testing::Test {
 protected:
  SpoiltRecord() {
    Node* file = image_.AddFile(image_.root(), "A.TXT;1", "hello");
    disc_ = std::make_unique<MemoryBlockReader>(image_.Build());
    record_ = &disc_->image()[file->record];
  }
  absl::Status Read() { return iso9660::Read(*disc_).status(); }

  ImageBuilder image_;
  std::unique_ptr<MemoryBlockReader> disc_;
  uint8_t* record_;
};

TEST_F(SpoiltRecord, WithALengthThatLiesIsRefused) {
  const uint8_t good = record_[0];
  for (const int length : {1, 32, 33, 34}) {
    record_[0] = length;
    EXPECT_EQ(HresultOf(Read()), kInconsistent) << length;
  }
  record_[0] = good;
  for (const int name : {0, 200, 255}) {
    record_[32] = name;
    EXPECT_EQ(HresultOf(Read()), kInconsistent) << name;
  }
}

TEST_F(SpoiltRecord, WithHalvesThatDifferIsReadIfOnlyOneMakesSense) {
  StoreBe32(record_ + 6, 0);
  ASSERT_OK_AND_ASSIGN(const ReadResult result, iso9660::Read(*disc_));
  EXPECT_THAT(result.warnings, ElementsAre(HasSubstr("two forms")));
  EXPECT_EQ(DataAt(result.tree, "/A.TXT").bytes, 5);
  StoreBe32(record_ + 6, 5);
  EXPECT_EQ(HresultOf(Read()), kInconsistent);
}

TEST_F(SpoiltRecord, WhereTheRootsLengthLiesIsRefused) {
  uint8_t* root = &disc_->image()[24 * kSectorSize];
  StoreLe32(root + 10, 4096);
  StoreBe32(root + 14, 4096);
  EXPECT_EQ(HresultOf(Read()), kInconsistent);
}

TEST_F(SpoiltRecord, WithoutATimeGetsTheEpoch) {
  std::fill_n(record_ + 18, 7, uint8_t{0});
  ASSERT_OK_AND_ASSIGN(const ReadResult result, iso9660::Read(*disc_));
  EXPECT_EQ(DataAt(result.tree, "/A.TXT").modify_time, absl::UnixEpoch());
}

TEST(ReadTree, ReportsWhatCannotBeRead) {
  ImageBuilder image;
  image.AddDirectory(image.root(), "A");
  MemoryBlockReader disc(image.Build());
  const std::pair<absl::Status, Hresult> failures[] = {
      {absl::DataLossError("scratch"), Hresult::IMAPI_E_IMPORT_READ_FAILURE},
      {absl::CancelledError("cancelled"), Hresult::E_IMAPI_REQUEST_CANCELLED}};
  ASSERT_OK_AND_ASSIGN(const Identification found, Identify(disc, Lba(0)));
  for (const auto& [failure, hresult] : failures) {
    MemoryBlockReader damaged(disc.image());
    damaged.FailAt(Lba(25), failure);
    const absl::Status status =
        ReadTree(damaged, found, Tree::kPrimary, Limits(), nullptr).status();
    EXPECT_EQ(HresultOf(status), hresult);
    EXPECT_EQ(MetadataOf(status, "path"), "/A");
  }
  MemoryBlockReader spent(disc.image());
  spent.FailAt(Lba(25), absl::ResourceExhaustedError("budget"));
  EXPECT_THAT(ReadTree(spent, found, Tree::kPrimary, Limits(), nullptr),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST(ReadTree, KeepsToItsLimits) {
  ImageBuilder image;
  Node* deep = image.root();
  for (int i = 0; i < 5; ++i) deep = image.AddDirectory(deep, "D");
  for (int i = 0; i < 100; ++i) image.AddFile(deep, absl::StrCat("F", i, ".;1"), "");
  MemoryBlockReader disc(image.Build());
  const std::pair<Limits, std::string> cases[] = {
      {Limits{.max_entries = 104}, "max_entries"},
      {Limits{.max_directory_bytes = 2048}, "max_directory_bytes"},
      {Limits{.max_memory_bytes = 1000}, "max_memory_bytes"},
      {Limits{.max_depth = 4}, "max_depth"}};
  for (const auto& [limits, name] : cases) {
    const absl::Status status = Read(disc, Lba(0), Tree::kPrimary, limits).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted)) << name;
    EXPECT_EQ(MetadataOf(status, "limit"), name);
  }
  EXPECT_OK(Read(disc, Lba(0), Tree::kPrimary, Limits{.max_entries = 105, .max_depth = 5}));
}

TEST(ReadTree, EndsADiscWhoseRecordsShareContinuations) {
  // 4,000 records continue in the same 48 KiB of entries.
  ImageBuilder image;
  image.UseRockRidge();
  std::string filler;
  for (int i = 0; i < 192; ++i) filler += Entry("XX", std::string(250, 'x'));
  Node* area = image.AddFile(image.root(), "AREA.;1", filler, Nm("area"));
  std::vector<Node*> files;
  for (int i = 0; i < 4000; ++i) {
    files.push_back(
        image.AddFile(image.root(), absl::StrCat("F", i, ".;1"), "", Ce(0, 0, filler.size())));
  }
  image.Build();  // once for the addresses
  for (Node* file : files) file->system_use = Ce(area->start, 0, filler.size());
  const absl::Status status = Read(image).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(MetadataOf(status, "limit"), "continuation_bytes");
}

class StopsAfter : public Observer {
 public:
  explicit StopsAfter(int64_t directories) : directories_(directories) {}
  bool OnDirectory(absl::string_view path, int64_t done, int64_t) override {
    paths_.emplace_back(path);
    return done < directories_;
  }
  const std::vector<std::string>& paths() const { return paths_; }

 private:
  const int64_t directories_;
  std::vector<std::string> paths_;
};

TEST(ReadTree, TellsItsObserverAndStopsWhenAsked) {
  ImageBuilder image;
  for (const char* name : {"A", "B", "C"}) image.AddDirectory(image.root(), name);
  MemoryBlockReader disc(image.Build());
  StopsAfter all(100);
  ASSERT_OK(Read(disc, Lba(0), Tree::kPrimary, Limits(), &all));
  EXPECT_THAT(all.paths(), ElementsAre("/", "/A", "/B", "/C"));
  StopsAfter two(2);
  EXPECT_EQ(HresultOf(Read(disc, Lba(0), Tree::kPrimary, Limits(), &two).status()),
            Hresult::E_IMAPI_REQUEST_CANCELLED);
}

TEST(ReadTree, ReadsDirectoriesInOneSweep) {
  ImageBuilder image;
  for (int i = 0; i < 20; ++i) {
    Node* directory = image.AddDirectory(image.root(), absl::StrCat("D", 97 * i % 20));
    for (int j = 0; j < 3; ++j) image.AddDirectory(directory, absl::StrCat("E", j));
  }
  MemoryBlockReader disc(image.Build());
  ASSERT_OK_AND_ASSIGN(const Identification found, Identify(disc, Lba(0)));
  const size_t before = disc.reads().size();
  ASSERT_OK(ReadTree(disc, found, Tree::kPrimary, Limits(), nullptr));
  Lba last;
  for (size_t i = before; i < disc.reads().size(); ++i) {
    EXPECT_GT(disc.reads()[i].first, last);
    last = disc.reads()[i].first;
  }
}

TEST(ReadTree, ReadsALargeDirectoryInLargeRequests) {
  ImageBuilder image;
  for (int i = 0; i < 30'000; ++i) image.AddFile(image.root(), absl::StrCat("F", i, ".;1"), "");
  MemoryBlockReader disc(image.Build());
  ASSERT_OK_AND_ASSIGN(const Identification found, Identify(disc, Lba(0)));
  const size_t before = disc.reads().size();
  ASSERT_OK_AND_ASSIGN(const ReadResult result,
                       ReadTree(disc, found, Tree::kPrimary, Limits(), nullptr));
  EXPECT_EQ(result.tree.file_count(), 30'000);
  EXPECT_LE(disc.reads().size() - before, 2u);
}

TEST(PlanReads, CoversEveryDirectoryInFewExtents) {
  ImageBuilder image;
  std::vector<Node*> directories;
  for (int i = 0; i < 20; ++i)
    directories.push_back(image.AddDirectory(image.root(), absl::StrCat("D", i)));
  MemoryBlockReader disc(image.Build());
  ASSERT_OK_AND_ASSIGN(const Identification found, Identify(disc, Lba(0)));
  ASSERT_OK_AND_ASSIGN(const std::vector<Extent> plan, PlanReads(disc, *found.primary));
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_EQ(plan[0].start, found.primary->root);
  EXPECT_GT(plan[0].start + Sectors::Holding(plan[0].bytes), Lba(directories.back()->start));
  EXPECT_LE(plan[0].start + Sectors::Holding(plan[0].bytes), disc.end());
}

TEST(PlanReads, IsEmptyIfTheTableIsMissingOrLies) {
  ImageBuilder image;
  image.AddDirectory(image.root(), "D");
  MemoryBlockReader disc(image.Build());
  ASSERT_OK_AND_ASSIGN(const Identification found, Identify(disc, Lba(0)));
  Volume volume = *found.primary;
  volume.path_table = disc.end();
  EXPECT_THAT(PlanReads(disc, volume), IsOkAndHolds(IsEmpty()));
  volume.path_table_bytes = int64_t{1} << 40;
  EXPECT_THAT(PlanReads(disc, volume), IsOkAndHolds(IsEmpty()));
  StoreLe32(&disc.image()[19 * kSectorSize + 2], 5'000'000);
  EXPECT_THAT(PlanReads(disc, *found.primary), IsOkAndHolds(IsEmpty()));
  disc.FailAt(Lba(19), absl::DataLossError("scratch"));
  EXPECT_THAT(PlanReads(disc, *found.primary), IsOkAndHolds(IsEmpty()));
}

TEST(PlanReads, PassesCancellationOn) {
  ImageBuilder image;
  MemoryBlockReader disc(image.Build());
  ASSERT_OK_AND_ASSIGN(const Identification found, Identify(disc, Lba(0)));
  disc.FailAt(Lba(19), absl::CancelledError("cancelled"));
  EXPECT_EQ(HresultOf(PlanReads(disc, *found.primary).status()),
            Hresult::E_IMAPI_REQUEST_CANCELLED);
}

}  // namespace
}  // namespace carousel::iso9660
