// CreateResultImage, and what is read of a result image: its blocks and what lies where.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "server/fs/iso9660/image_builder.h"
#include "server/fs/iso9660/reader.h"
#include "server/fs/memory_block_reader.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"
#include "tests/component/streams.h"

namespace carousel::component {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr size_t kBlock = 2048;
constexpr size_t kPiece = 256 << 10;

// A Rock Ridge volume: /photos with 20 files, /readme.
std::vector<uint8_t> Volume() {
  iso9660::ImageBuilder image;
  image.UseRockRidge();
  auto* photos = image.AddDirectory(image.root(), "PHOTOS",
                                    iso9660::Px(0040755, 2, 0, 0) + iso9660::Nm("photos"));
  for (int i = 100; i < 120; ++i) {
    image.AddFile(photos, absl::StrCat("F", i, ".;1"), "jpg",
                  iso9660::Px(0100644) + iso9660::Nm(absl::StrCat("photo-", i, ".jpg")));
  }
  image.AddFile(image.root(), "README.;1", "hello", iso9660::Px(0100600) + iso9660::Nm("readme"));
  return image.Build();
}

// One with a file that has the manifest's name.
std::vector<uint8_t> VolumeWithItsOwnManifest() {
  iso9660::ImageBuilder image;
  image.UseRockRidge();
  image.AddFile(image.root(), "MANIFEST.;1", "my own",
                iso9660::Px(0100600) + iso9660::Nm("MANIFEST"));
  return image.Build();
}

// A1 in drive0 holds Volume, A2 in slot2 VolumeWithItsOwnManifest.
class ResultImagesTest : public testing::Test {
 protected:
  void SetUp() override {
    service_.AddVolume("A1", "DVD+R", 1, Volume());
    service_.AddVolume("A2", "DVD+R", 2, VolumeWithItsOwnManifest());
    service_.LayIntoDrive("A1", 1);
    ASSERT_OK(service_.Start());
  }
  std::string NewImage() { return service_.Call(&Images::CreateImage, "")->name(); }
  std::string ImportedImage(const std::string& more = "") {
    const std::string image = NewImage();
    EXPECT_THAT(
        service_.Call(&Images::SetMultisessionInterfaces,
                      absl::StrCat("image: '", image, "' multisession_interfaces { interfaces { ",
                                   "import_recorder: 'drives/drive0' sequential {} } }")),
        Succeeds());
    EXPECT_THAT(service_.End(service_.Call(&Images::ImportFileSystem, Of(image, more))),
                Succeeds());
    return image;
  }
  static std::string Of(const std::string& image, const std::string& more = "") {
    return absl::StrCat("image: '", image, "' ", more);
  }
  Answer<Operation> Start(const std::string& image, const std::string& more = "") {
    return service_.Call(&Images::CreateResultImage, Of(image, more));
  }
  v1::CreateResultImageResponse Create(const std::string& image, const std::string& more = "") {
    const Operation ended = service_.End(Start(image, more));
    v1::CreateResultImageResponse response;
    EXPECT_TRUE(ended.response().UnpackTo(&response)) << ended.ShortDebugString();
    return response;
  }
  Pieces Read(const std::string& image, const std::string& more = "") {
    return ReadAll(service_, &Images::ReadResultImage, Of(image, more));
  }
  Answer<v1::GetProgressItemsResponse> Items(const std::string& image,
                                             const std::string& more = "") {
    return service_.Call(&Images::GetProgressItems, Of(image, more));
  }

  Service service_;
};

TEST_F(ResultImagesTest, AreTheNextSessionOfTheirDiscWithItsManifest) {
  const std::string image = ImportedImage();
  const v1::CreateResultImageResponse made = Create(image);
  EXPECT_EQ(made.block_size(), 2048);
  EXPECT_EQ(made.session_start_block(), made.image().session_start_block());
  EXPECT_GT(made.session_start_block(), 0);
  EXPECT_EQ(made.total_blocks() % 16, 0) << "whole units of a DVD";
  EXPECT_EQ(made.image().state(), v1::Image::ACTIVE);
  ASSERT_THAT(made.warnings(), SizeIs(1)) << "the disc has no manifest";
  EXPECT_EQ(made.warnings(0).reason(), "DIGESTS_UNKNOWN");
  const Pieces pieces = Read(image);
  ASSERT_THAT(pieces, Succeeds());
  const std::string blocks = Joined(pieces);
  ASSERT_EQ(blocks.size(), made.total_blocks() * kBlock) << "as announced";
  MemoryBlockReader disc({blocks.begin(), blocks.end()}, Lba(made.session_start_block()));
  ASSERT_OK_AND_ASSIGN(const iso9660::Identification found,
                       iso9660::Identify(disc, Lba(made.session_start_block())));
  EXPECT_TRUE(found.joliet.has_value());
  EXPECT_EQ(found.primary->volume_name, made.volume_name());
  ASSERT_OK_AND_ASSIGN(const iso9660::ReadResult read,
                       iso9660::ReadTree(disc, found, iso9660::Tree::kPrimary, {}, nullptr));
  EXPECT_EQ(read.tree.file_count(), 22) << "what was imported, and the manifest";
  ASSERT_OK_AND_ASSIGN(const FileTree::Id manifest, read.tree.Find("/MANIFEST"));
  const EntryData data = read.tree.data(manifest);
  const std::string text =
      blocks.substr((data.extents[0].start - Lba(made.session_start_block())).bytes(), data.bytes);
  EXPECT_THAT(text, HasSubstr(absl::StrCat("# session: ", made.session_id(), "\n")));
}

TEST_F(ResultImagesTest, NameEveryFileOfADiscWithoutAManifestThatTheImportHasHashed) {
  const std::string image = ImportedImage("hash_files: true");
  const v1::CreateResultImageResponse made = Create(image);
  EXPECT_THAT(made.warnings(), IsEmpty());
  EXPECT_THAT(
      Joined(Read(image)),
      HasSubstr(absl::StrCat("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                             "  ./readme")))
      << "the digest of \"hello\"";
}

TEST_F(ResultImagesTest, KeepAForeignFileOfTheManifestsNameAlsoWhenItWasHashed) {
  service_.End(service_.Call(&Robots::UnloadDisc, "drive: 'drives/drive0'"));
  service_.Load("A2", "drive0");
  EXPECT_THAT(service_.End(Start(ImportedImage("hash_files: true"))),
              Refused("ALREADY_EXISTS", "IMAPI_E_DUP_NAME"));
}

TEST_F(ResultImagesTest, OfNothingAreASessionOfTheirOwn) {
  const std::string image = NewImage();
  const v1::CreateResultImageResponse made = Create(image, "job: 'nightly 7'");
  EXPECT_EQ(made.session_start_block(), 0);
  EXPECT_THAT(made.warnings(), IsEmpty());
  EXPECT_THAT(Joined(Read(image)), HasSubstr("# job: nightly 7\n"));
}

TEST_F(ResultImagesTest, TellWhatTheyAreInTheirOperation) {
  const std::string image = NewImage();
  const Operation ended = service_.End(Start(image));
  v1::CreateResultImageMetadata metadata;
  ASSERT_TRUE(ended.metadata().UnpackTo(&metadata)) << ended.ShortDebugString();
  EXPECT_EQ(metadata.robot_id(), kRobotId);
  EXPECT_EQ(metadata.image(), image);
  EXPECT_EQ(metadata.step(), v1::CreateResultImageMetadata::DONE);
  EXPECT_TRUE(metadata.has_end_time());
  const auto listed = service_.Call(&Operations::ListOperations,
                                    "name: 'operations' filter: 'kind = \"create_result_image\"'");
  ASSERT_THAT(listed->operations(), SizeIs(1));
  EXPECT_EQ(listed->operations(0).name(), ended.name());
}

TEST_F(ResultImagesTest, AreReadInPiecesOf256KiBAndInParts) {
  const std::string image = NewImage();
  const v1::CreateResultImageResponse made = Create(image);
  const Pieces all = Read(image);
  const std::string blocks = Joined(all);
  ASSERT_GT(blocks.size(), kPiece);
  for (size_t i = 0; i + 1 < all->size(); ++i) EXPECT_EQ(all.value[i].size(), kPiece);
  EXPECT_EQ(Joined(Read(image, "offset_blocks: 16 count_blocks: 3")),
            blocks.substr(16 * kBlock, 3 * kBlock));
  EXPECT_EQ(Joined(Read(image, "offset_blocks: 100")), blocks.substr(100 * kBlock));
  const Pieces none = Read(image, absl::StrCat("offset_blocks: ", made.total_blocks()));
  EXPECT_THAT(none, Succeeds());
  EXPECT_THAT(none.value, IsEmpty());
  for (const std::string& wrong :
       {std::string("offset_blocks: -1"), absl::StrCat("offset_blocks: ", made.total_blocks() + 1),
        std::string("count_blocks: -1"), absl::StrCat("count_blocks: ", made.total_blocks() + 1),
        absl::StrCat("offset_blocks: 1 count_blocks: ", made.total_blocks()),
        std::string("offset_blocks: 9223372036854775807 count_blocks: 9223372036854775807")}) {
    EXPECT_THAT(Read(image, wrong), Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "*"}}))
        << wrong;
  }
}

TEST_F(ResultImagesTest, AreLeftByAClientThatHasEnough) {
  const std::string image = NewImage();
  Create(image);
  grpc::ClientContext context;
  const auto stub = v1::FileSystemImageService::NewStub(service_.channel());
  const auto reader = stub->ReadResultImage(&context, Text<v1::ReadResultImageRequest>(Of(image)));
  v1::ReadResultImageResponse response;
  EXPECT_TRUE(reader->Read(&response));
  context.TryCancel();
  while (reader->Read(&response)) {
  }
  EXPECT_THAT(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_THAT(Read(image), Succeeds()) << "others read it";
}

TEST_F(ResultImagesTest, AreTheSameForTheSameTimeAndJob) {
  const std::string same = "creation_time { seconds: 1700000000 } job: 'j'";
  const std::string first = ImportedImage(), second = ImportedImage(), later = ImportedImage();
  const v1::CreateResultImageResponse made = Create(first, same);
  EXPECT_EQ(Create(second, same).session_id(), made.session_id());
  EXPECT_NE(Create(later, "creation_time { seconds: 1700000001 } job: 'j'").session_id(),
            made.session_id());
  EXPECT_EQ(Joined(Read(first)), Joined(Read(second)));
  EXPECT_NE(Joined(Read(first)), Joined(Read(later)));
}

TEST_F(ResultImagesTest, SayWhatLiesWhere) {
  const std::string image = NewImage();
  const v1::CreateResultImageResponse made = Create(image);
  const auto items = Items(image);
  ASSERT_THAT(items, Succeeds());
  int64_t next = 0;
  std::vector<std::string> descriptions;
  for (const v1::ProgressItem& item : items->items()) {
    EXPECT_EQ(item.first_block(), next);
    EXPECT_EQ(item.block_count(), item.last_block() - item.first_block() + 1);
    next = item.last_block() + 1;
    descriptions.push_back(item.description());
  }
  EXPECT_EQ(next, made.total_blocks()) << "without gaps";
  EXPECT_THAT(descriptions,
              testing::IsSupersetOf({"[volume descriptors]", "[directories]",
                                     "[directories of Joliet]", "/MANIFEST", "[padding]"}));
}

TEST_F(ResultImagesTest, SayWhatLiesWherePageByPage) {
  const std::string image = NewImage();
  Create(image);
  const auto whole = Items(image);
  std::string token;
  int count = 0;
  do {
    const auto page = Items(image, absl::StrCat("page_size: 2 page_token: '", token, "'"));
    ASSERT_THAT(page, Succeeds());
    for (const v1::ProgressItem& item : page->items())
      EXPECT_EQ(item.description(), whole->items(count++).description());
    token = page->next_page_token();
  } while (!token.empty());
  EXPECT_EQ(count, whole->items_size());
}

TEST_F(ResultImagesTest, AreMissedByTheirReadersBeforeTheyAreMade) {
  const std::string image = NewImage();
  const Refusal none{"FAILED_PRECONDITION", "IMAPI_E_IMAGEMANAGER_NO_IMAGE", {{"resource", image}}};
  EXPECT_THAT(Read(image), IsRefusal(none));
  EXPECT_THAT(Items(image), IsRefusal(none));
}

TEST_F(ResultImagesTest, AreMadeOnceAndThenTheImageIsReadOnly) {
  const std::string image = NewImage();
  const std::string uuid = "request_id: '8d4ad5b5-0000-4000-8000-000000000001' ";
  EXPECT_THAT(Start(image, "etag: '\"none\"'"), Refused("ABORTED", "ETAG_MISMATCH"));
  const auto first = Start(image, uuid);
  EXPECT_THAT(service_.End(first), Succeeds());
  EXPECT_EQ(Start(image, uuid)->name(), first->name());
  EXPECT_THAT(Start(image, uuid + "job: 'other'"), Refused("ALREADY_EXISTS", "REQUEST_ID_REUSED"));
  EXPECT_THAT(Start(image), Refused("FAILED_PRECONDITION", "IMAPI_E_READONLY"));
}

TEST_F(ResultImagesTest, AreNotMadeOfRequestsThatMakeNoSense) {
  const std::string image = NewImage();
  for (const auto& [request, field] : std::vector<std::pair<std::string, std::string>>{
           {"creation_time { seconds: 1 nanos: -1 }", "creation_time"},
           {"creation_time { seconds: 999999999999999 }", "creation_time"},
           {"job: 'a\\nb'", "job"},
           {absl::StrCat("job: '", std::string(257, 'j'), "'"), "job"}}) {
    EXPECT_THAT(Start(image, request),
                Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", field}}))
        << request;
  }
}

TEST_F(ResultImagesTest, LeaveTheImageAsItWasWhereItCannotBeWritten) {
  EXPECT_THAT(service_.End(service_.Call(&Robots::UnloadDisc, "drive: 'drives/drive0'")),
              Succeeds());
  service_.Load("A2", "drive0");
  const std::string image = ImportedImage();
  EXPECT_THAT(service_.End(Start(image)),
              Refused("ALREADY_EXISTS", "IMAPI_E_DUP_NAME", {{"path", "/MANIFEST"}}));
  EXPECT_THAT(Read(image), Refused("FAILED_PRECONDITION", "IMAPI_E_IMAGEMANAGER_NO_IMAGE"));
  EXPECT_THAT(service_.Call(&Images::GetImage, absl::StrCat("name: '", image, "'"))->state(),
              v1::Image::ACTIVE);
}

}  // namespace
}  // namespace carousel::component
