// FileSystemImageService: entries of discs whose names are not UTF-8.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/fs/iso9660/image_builder.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"

namespace carousel::component {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr char kDirectory[] = "raw_directory: '/\\351t\\351'";
constexpr char kFile[] = "raw_path: '/\\351t\\351/caf\\351'";

// A directory and a file in it with names in Latin-1.
std::vector<uint8_t> Volume() {
  iso9660::ImageBuilder image;
  image.UseRockRidge();
  auto* directory =
      image.AddDirectory(image.root(), "ETE", iso9660::Px(0040755, 2) + iso9660::Nm("\xE9t\xE9"));
  image.AddFile(directory, "CAFE.;1", "x", iso9660::Px(0100644) + iso9660::Nm("caf\xE9"));
  return image.Build();
}

class RawPathsTest : public testing::Test {
 protected:
  void SetUp() override {
    service_.AddVolume("A1", "DVD+R", 1, Volume());
    service_.LayIntoDrive("A1", 1);
    ASSERT_OK(service_.Start());
    image_ = service_.Call(&Images::CreateImage, "")->name();
    ASSERT_THAT(service_.Call(&Images::SetMultisessionInterfaces,
                              OfImage("multisession_interfaces { interfaces { "
                                      "import_recorder: 'drives/drive0' sequential {} } }")),
                Succeeds());
    ASSERT_THAT(service_.End(service_.Call(&Images::ImportFileSystem, OfImage(""))), Succeeds());
  }
  std::string OfImage(const std::string& more) {
    return absl::StrCat("image: '", image_, "' ", more);
  }

  Service service_;
  std::string image_;
};

TEST_F(RawPathsTest, NameWhatListsShow) {
  const auto root = service_.Call(&Images::ListItems, OfImage(""));
  ASSERT_THAT(root->items(), SizeIs(1));
  EXPECT_EQ(root->items(0).raw_path(), "/\xE9t\xE9");
  v1::ListItemsRequest request;
  request.set_image(image_);
  request.set_raw_directory(root->items(0).raw_path());
  const auto list = service_.Call(&Images::ListItems, request);
  ASSERT_THAT(list->items(), SizeIs(1));
  EXPECT_EQ(list->items(0).raw_path(), "/\xE9t\xE9/caf\xE9");
  const auto item = service_.Call(&Images::GetItem, OfImage(kFile));
  ASSERT_THAT(item, Succeeds());
  EXPECT_EQ(item->SerializeAsString(), list->items(0).SerializeAsString());
}

TEST_F(RawPathsTest, AreMovedToPathsThatAreUtf8) {
  ASSERT_THAT(service_.Call(&Images::MoveItem,
                            OfImage(absl::StrCat(kFile, " destination: '/caf\xC3\xA9'"))),
              Succeeds());
  EXPECT_THAT(service_.Call(&Images::GetItem, OfImage("path: '/caf\xC3\xA9'")), Succeeds());
  EXPECT_THAT(service_.Call(&Images::ListItems, OfImage(kDirectory))->items(), IsEmpty());
}

TEST_F(RawPathsTest, AreRemoved) {
  ASSERT_THAT(service_.Call(&Images::RemoveItem, OfImage(kFile)), Succeeds());
  ASSERT_THAT(service_.Call(&Images::RemoveTree, OfImage("raw_path: '/\\351t\\351'")), Succeeds());
  EXPECT_THAT(service_.Call(&Images::ListItems, OfImage(""))->items(), IsEmpty());
}

TEST_F(RawPathsTest, DoNotComeWithOthers) {
  const std::string two = OfImage(absl::StrCat(kFile, " path: '/x' "));
  const auto refused = [](const std::string& field) {
    return Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", field}});
  };
  EXPECT_THAT(service_.Call(&Images::GetItem, two), refused("raw_path"));
  EXPECT_THAT(service_.Call(&Images::RemoveItem, two), refused("raw_path"));
  EXPECT_THAT(service_.Call(&Images::RemoveTree, two), refused("raw_path"));
  EXPECT_THAT(service_.Call(&Images::MoveItem, two + "destination: '/y'"), refused("raw_path"));
  EXPECT_THAT(
      service_.Call(&Images::ListItems, OfImage(absl::StrCat(kDirectory, " directory: '/x'"))),
      refused("raw_directory"));
}

}  // namespace
}  // namespace carousel::component
