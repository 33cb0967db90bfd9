// ReadFile: the bytes of an image's files, from the disc and from the spool.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/fs/iso9660/image_builder.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"
#include "tests/component/streams.h"

namespace carousel::component {
namespace {

// Bytes of which no two runs are equal for long.
std::string SomeBytes(size_t size) {
  std::string bytes(size, '\0');
  uint32_t seed = 1;
  for (char& c : bytes) c = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return bytes;
}

std::vector<uint8_t> Volume() {
  iso9660::ImageBuilder image;
  image.UseRockRidge();
  image.AddFile(image.root(), "BIG.;1", SomeBytes(700'000),
                iso9660::Px(0100600) + iso9660::Nm("big"));
  image.AddFile(image.root(), "EMPTY.;1", "", iso9660::Px(0100600) + iso9660::Nm("empty"));
  image.AddDirectory(image.root(), "FOLDER", iso9660::Px(0040755, 2, 0, 0) + iso9660::Nm("folder"));
  return image.Build();
}

// A1 in drive0 holds Volume, and so does the image.
class ReadFileTest : public testing::Test {
 protected:
  void StartWith(const std::vector<std::string>& words = {}) {
    service_.AddVolume("A1", "DVD+R", 1, Volume());
    service_.AddDisc("A2", "DVD+R", 2, {"iso:192@0"}, words);
    service_.LayIntoDrive("A1", 1);
    ASSERT_OK(service_.Start());
    image_ = service_.Call(&Images::CreateImage, "")->name();
    Import();
  }
  void Import() {
    ASSERT_THAT(
        service_.Call(&Images::SetMultisessionInterfaces,
                      absl::StrCat("image: '", image_, "' multisession_interfaces { interfaces { ",
                                   "import_recorder: 'drives/drive0' sequential {} } }")),
        Succeeds());
    ASSERT_THAT(service_.End(service_.Call(&Images::ImportFileSystem,
                                           absl::StrCat("image: '", image_, "'"))),
                Succeeds());
  }
  Pieces Read(const std::string& path, const std::string& more = "") {
    return ReadAll(service_, &Images::ReadFile,
                   absl::StrCat("image: '", image_, "' path: '", path, "' ", more));
  }
  void Unload() {
    EXPECT_THAT(service_.End(service_.Call(&Robots::UnloadDisc, "drive: 'drives/drive0'")),
                Succeeds());
  }

  Service service_;
  std::string image_;
};

TEST_F(ReadFileTest, GivesTheBytesOfAnImportedFileFromTheDisc) {
  StartWith();
  const Pieces big = Read("/big");
  ASSERT_THAT(big, Succeeds());
  EXPECT_EQ(big->size(), 3u);
  EXPECT_EQ(Joined(big), SomeBytes(700'000));
  const Pieces empty = Read("/empty");
  EXPECT_THAT(empty, Succeeds());
  EXPECT_EQ(Joined(empty), "");
}

TEST_F(ReadFileTest, BeginsWhereTheClientWants) {
  StartWith();
  for (const size_t offset : {1u, 2047u, 2048u, 300'001u, 699'999u, 700'000u}) {
    const Pieces part = Read("/big", absl::StrCat("offset: ", offset));
    EXPECT_THAT(part, Succeeds());
    EXPECT_EQ(Joined(part), SomeBytes(700'000).substr(offset)) << offset;
  }
  for (const char* offset : {"-1", "700001"}) {
    EXPECT_THAT(Read("/big", absl::StrCat("offset: ", offset)),
                Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "offset"}}));
  }
}

TEST_F(ReadFileTest, GivesNoOthersThanFiles) {
  StartWith();
  EXPECT_THAT(Read("/folder"),
              Refused("FAILED_PRECONDITION", "IMAPI_E_NOT_FILE", {{"path", "/folder"}}));
  EXPECT_THAT(Read("/none"), Refused("NOT_FOUND", "IMAPI_E_ITEM_NOT_FOUND", {{"path", "/none"}}));
  EXPECT_THAT(Read("none"), Refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_PATH"));
}

TEST_F(ReadFileTest, SaysThatTheDiscIsGoneOrAnother) {
  StartWith();
  Unload();
  EXPECT_THAT(Read("/big"),
              Refused("FAILED_PRECONDITION", "IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE",
                      {{"drive", "drives/drive0"}}));
  service_.Load("A2", "drive0");
  EXPECT_THAT(Read("/big"), Refused("ABORTED", "IMAPI_E_DISC_MISMATCH"));
  Unload();
  service_.Load("A1", "drive0");
  EXPECT_EQ(Joined(Read("/big")), SomeBytes(700'000)) << "it is back";
}

TEST_F(ReadFileTest, SaysWhichBlocksCannotBeRead) {
  StartWith({"--unreadable=21-21"});
  Unload();
  service_.Load("A2", "drive0");
  image_ = service_.Call(&Images::CreateImage, "")->name();
  Import();
  const auto item =
      service_.Call(&Images::GetItem, absl::StrCat("image: '", image_, "' path: '/HELLO.TXT'"));
  EXPECT_THAT(Read("/HELLO.TXT"), Refused("DATA_LOSS", "IMAPI_E_IMPORT_READ_FAILURE",
                                          {{"block", absl::StrCat(item->extents(0).start())},
                                           {"drive", "drives/drive0"}}));
}

TEST_F(ReadFileTest, LeavesTheDriveToAnOperationThatHasIt) {
  StartWith();
  const HeldArm arm(service_);
  const auto unload = service_.Call(&Robots::UnloadDisc, "drive: 'drives/drive0'");
  ASSERT_THAT(unload, Succeeds());
  EXPECT_THAT(Read("/big"), Refused("UNAVAILABLE", "E_IMAPI_RECORDER_LOCKED",
                                    {{"owner", unload->name()}, {"drive", "drives/drive0"}}));
}

}  // namespace
}  // namespace carousel::component
