// FileSystemImageService: what a client changes of an image, its tree and its properties.
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
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

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// /photos/a.jpg of 5 bytes, /readme.
std::vector<uint8_t> Volume() {
  iso9660::ImageBuilder image;
  image.UseRockRidge();
  auto* photos =
      image.AddDirectory(image.root(), "PHOTOS", iso9660::Px(0040755, 2) + iso9660::Nm("photos"));
  image.AddFile(photos, "A.JPG;1", "hello", iso9660::Px(0100644) + iso9660::Nm("a.jpg"));
  image.AddFile(image.root(), "README.;1", "hello", iso9660::Px(0100644) + iso9660::Nm("readme"));
  return image.Build();
}

class ImageEditsTest : public testing::Test {
 protected:
  void SetUp() override {
    service_.AddVolume("A1", "DVD+R", 1, Volume());
    service_.LayIntoDrive("A1", 1);
    ASSERT_OK(service_.Start());
    image_ = service_.Call(&Images::CreateImage, "")->name();
  }
  Operation Import() {
    EXPECT_THAT(service_.Call(&Images::SetMultisessionInterfaces,
                              OfImage("multisession_interfaces { interfaces { "
                                      "import_recorder: 'drives/drive0' sequential {} } }")),
                Succeeds());
    return service_.End(service_.Call(&Images::ImportFileSystem, OfImage()));
  }
  std::string OfImage(const std::string& more = "") {
    return absl::StrCat("image: '", image_, "' ", more);
  }
  v1::Image Image() { return *service_.Call(&Images::GetImage, "name: '" + image_ + "'"); }

  Answer<v1::Image> AddDirectory(const std::string& path, const std::string& more = "") {
    return service_.Call(&Images::AddDirectory, OfImage("path: '" + path + "' " + more));
  }
  Answer<v1::Image> AddSymlink(const std::string& path, const std::string& target) {
    return service_.Call(&Images::AddSymlink,
                         OfImage("path: '" + path + "' target: '" + target + "'"));
  }
  Answer<v1::Image> RemoveItem(const std::string& path) {
    return service_.Call(&Images::RemoveItem, OfImage("path: '" + path + "'"));
  }
  Answer<v1::Image> RemoveTree(const std::string& path) {
    return service_.Call(&Images::RemoveTree, OfImage("path: '" + path + "'"));
  }
  Answer<v1::Image> Move(const std::string& path, const std::string& destination) {
    return service_.Call(&Images::MoveItem,
                         OfImage("path: '" + path + "' destination: '" + destination + "'"));
  }
  Answer<v1::Image> Lock() { return service_.Call(&Images::LockInChangePoint, OfImage()); }
  Answer<v1::Image> Rollback(int64_t change_point) {
    return service_.Call(&Images::RollbackToChangePoint,
                         OfImage(absl::StrCat("change_point: ", change_point)));
  }
  Answer<v1::Image> Update(const std::string& fields, const std::string& mask = "") {
    return service_.Call(&Images::UpdateImage,
                         absl::StrCat("image { name: '", image_, "' ", fields, " } ", mask));
  }
  Answer<v1::Item> Item(const std::string& path) {
    return service_.Call(&Images::GetItem, OfImage("path: '" + path + "'"));
  }
  std::vector<std::string> Paths(const std::string& directory) {
    std::vector<std::string> paths;
    const auto list = service_.Call(&Images::ListItems, OfImage("directory: '" + directory + "'"));
    EXPECT_THAT(list, Succeeds());
    for (const v1::Item& item : list->items()) paths.push_back(item.path());
    return paths;
  }
  // What every edit answers now.
  std::vector<Answer<v1::Image>> Edits() {
    return {AddDirectory("/x"), AddSymlink("/x", "y"),     RemoveItem("/readme"),
            RemoveTree("/"),    Move("/readme", "/new"),   Lock(),
            Rollback(0),        Update("volume_name: 'X'")};
  }

  Service service_;
  std::string image_;
};

TEST_F(ImageEditsTest, AddsDirectoriesWithTheirAttributes) {
  const auto image = AddDirectory("/new",
                                  "attributes { modify_time { seconds: 1700000000 } mode: 0700 "
                                  "uid: 3 gid: 4 }");
  ASSERT_THAT(image, Succeeds());
  EXPECT_EQ(image->directory_count(), 1);
  EXPECT_EQ(image->change_point(), 1);
  EXPECT_EQ(image->etag(), Image().etag());
  const auto item = Item("/new");
  EXPECT_EQ(item->type(), v1::Item::DIRECTORY);
  EXPECT_EQ(item->modify_time().seconds(), 1'700'000'000);
  EXPECT_EQ(item->mode(), 0700u);
  EXPECT_EQ(item->uid(), 3u);
  EXPECT_EQ(item->gid(), 4u);
  EXPECT_FALSE(item->imported());
  ASSERT_THAT(AddDirectory("/new/inner"), Succeeds());
  EXPECT_FALSE(Item("/new/inner")->has_mode());
  EXPECT_GE(Item("/new/inner")->modify_time().seconds(), image->create_time().seconds())
      << "made now";
}

TEST_F(ImageEditsTest, AddsLinksThatItDoesNotFollow) {
  ASSERT_THAT(AddSymlink("/link", "../../etc/passwd"), Succeeds());
  EXPECT_EQ(Item("/link")->type(), v1::Item::SYMLINK);
  EXPECT_EQ(Item("/link")->symlink_target(), "../../etc/passwd");
  EXPECT_THAT(AddDirectory("/link/x"), Refused("FAILED_PRECONDITION", "IMAPI_E_NOT_DIR"));
}

TEST_F(ImageEditsTest, RefusesImpossibleAttributesAndTargets) {
  for (const char* attributes :
       {"mode: 010000", "modify_time { seconds: -99999999999 }", "modify_time { nanos: -1 }"}) {
    EXPECT_THAT(AddDirectory("/x", absl::StrCat("attributes { ", attributes, " }")),
                Refused("INVALID_ARGUMENT", "INVALID_FIELD"));
    EXPECT_THAT(service_.Call(&Images::AddSymlink,
                              OfImage(absl::StrCat("path: '/x' target: 'y' attributes { ",
                                                   attributes, " }"))),
                Refused("INVALID_ARGUMENT", "INVALID_FIELD"));
  }
  for (const std::string& target : {std::string(), std::string(65'001, 't'), std::string("a\\000")})
    EXPECT_THAT(AddSymlink("/x", target),
                Refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_PARAM", {{"parameter", "target"}}));
  EXPECT_THAT(Paths("/"), IsEmpty());
}

TEST_F(ImageEditsTest, RefusesPlacesThatAreNone) {
  Import();
  for (const auto& [path, code, reason] :
       std::vector<std::tuple<const char*, const char*, const char*>>{
           {"/readme", "ALREADY_EXISTS", "IMAPI_E_DUP_NAME"},
           {"/", "ALREADY_EXISTS", "IMAPI_E_DUP_NAME"},
           {"/none/x", "NOT_FOUND", "IMAPI_E_DIR_NOT_FOUND"},
           {"/readme/x", "FAILED_PRECONDITION", "IMAPI_E_NOT_DIR"},
           {"x", "INVALID_ARGUMENT", "IMAPI_E_INVALID_PATH"},
           {"/photos/../x", "INVALID_ARGUMENT", "IMAPI_E_INVALID_PATH"},
           {"", "INVALID_ARGUMENT", "IMAPI_E_INVALID_PATH"}}) {
    EXPECT_THAT(AddDirectory(path), Refused(code, reason, {{"field", "path"}})) << path;
    EXPECT_THAT(AddSymlink(path, "x"), Refused(code, reason, {{"field", "path"}})) << path;
    EXPECT_THAT(Move("/photos/a.jpg", path), Refused(code, reason, {{"field", "destination"}}))
        << path;
  }
}

TEST_F(ImageEditsTest, RemovesEntriesOfTheDiscFromTheNextSession) {
  Import();
  EXPECT_THAT(RemoveItem("/photos"), Refused("FAILED_PRECONDITION", "IMAPI_E_DIR_NOT_EMPTY"));
  ASSERT_THAT(RemoveItem("/photos/a.jpg"), Succeeds());
  const auto image = RemoveItem("/photos");
  ASSERT_THAT(image, Succeeds());
  EXPECT_EQ(image->file_count(), 1);
  EXPECT_EQ(image->directory_count(), 0);
  EXPECT_THAT(Paths("/"), ElementsAre("/readme"));
}

TEST_F(ImageEditsTest, RemovesTreesAndClearsTheImageByItsRoot) {
  Import();
  ASSERT_THAT(RemoveTree("/photos"), Succeeds());
  EXPECT_THAT(Paths("/"), ElementsAre("/readme"));
  const auto image = RemoveTree("/");
  EXPECT_EQ(image->file_count() + image->directory_count(), 0);
  EXPECT_THAT(Paths("/"), IsEmpty());
}

TEST_F(ImageEditsTest, RemovesAndMovesOnlyWhatThereIs) {
  for (const auto& answer : {RemoveItem("/none"), RemoveTree("/none"), Move("/none", "/x")})
    EXPECT_THAT(answer, Refused("NOT_FOUND", "IMAPI_E_ITEM_NOT_FOUND", {{"path", "/none"}}));
  for (const auto& answer : {RemoveItem("x"), RemoveTree("x"), Move("x", "/y")})
    EXPECT_THAT(answer, Refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_PATH", {{"path", "x"}}));
  for (const auto& answer : {RemoveItem("/"), Move("/", "/x")})
    EXPECT_THAT(answer,
                Refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_PARAM", {{"parameter", "path"}}));
}

TEST_F(ImageEditsTest, MovesEntriesWithTheirExtents) {
  Import();
  const v1::Item before = *Item("/photos/a.jpg");
  ASSERT_THAT(AddDirectory("/albums"), Succeeds());
  ASSERT_THAT(Move("/photos", "/albums/2024"), Succeeds());
  auto after = Item("/albums/2024/a.jpg");
  ASSERT_THAT(after, Succeeds());
  EXPECT_TRUE(after->imported());
  EXPECT_THAT(after->extents(), SizeIs(1));
  after.value.set_path(before.path());
  EXPECT_EQ(after->SerializeAsString(), before.SerializeAsString());
  EXPECT_THAT(Move("/albums", "/albums/2024/x"),
              Refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_PARAM", {{"parameter", "destination"}}));
}

TEST_F(ImageEditsTest, RollsBackToWhatItWasAndNoFurtherThanALock) {
  Import();
  const int64_t imported = Image().change_point();
  ASSERT_THAT(RemoveTree("/"), Succeeds());
  ASSERT_THAT(AddDirectory("/new"), Succeeds());
  const auto image = Rollback(imported);
  ASSERT_THAT(image, Succeeds());
  EXPECT_EQ(image->change_point(), imported);
  EXPECT_THAT(Paths("/"), ElementsAre("/photos", "/readme"));
  ASSERT_THAT(Move("/readme", "/README"), Succeeds());
  EXPECT_EQ(Lock()->change_point(), imported + 1);
  for (const int64_t change_point : {imported, imported + 2, int64_t{-1}}) {
    EXPECT_THAT(Rollback(change_point), Refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_PARAM",
                                                {{"parameter", "change_point"}}));
  }
  EXPECT_THAT(Paths("/"), ElementsAre("/README", "/photos"));
}

TEST_F(ImageEditsTest, ChangesTheEtagWithEachEdit) {
  const std::string first = Image().etag();
  const auto changed = AddDirectory("/a", absl::StrCat("etag: '", first, "'"));
  ASSERT_THAT(changed, Succeeds());
  EXPECT_THAT(AddDirectory("/b", absl::StrCat("etag: '", first, "'")),
              Refused("ABORTED", "ETAG_MISMATCH", {{"actual", changed->etag()}}));
  EXPECT_THAT(Update(absl::StrCat("etag: '", first, "' volume_name: 'X'")),
              Refused("ABORTED", "ETAG_MISMATCH"));
  EXPECT_THAT(Update(absl::StrCat("etag: '", changed->etag(), "' volume_name: 'X'")), Succeeds());
}

TEST_F(ImageEditsTest, UpdatesWhatTheMaskNamesAndNothingElse) {
  ASSERT_THAT(Update("volume_name: 'ONE' display_name: 'mine'"), Succeeds());
  const auto image = Update(
      "volume_name: 'TWO' iso9660_interchange_level: 2 file_systems_to_create: FILE_SYSTEM_ISO9660 "
      "free_media_blocks: 0 strict_file_system_compliance: true",
      "update_mask { paths: 'iso9660_interchange_level' paths: 'file_systems_to_create' "
      "paths: 'free_media_blocks' }");
  ASSERT_THAT(image, Succeeds());
  EXPECT_EQ(image->volume_name(), "ONE");
  EXPECT_EQ(image->display_name(), "mine");
  EXPECT_EQ(image->iso9660_interchange_level(), 2);
  EXPECT_THAT(image->file_systems_to_create(), ElementsAre(v1::FILE_SYSTEM_ISO9660));
  EXPECT_EQ(image->free_media_blocks(), 0);
  EXPECT_FALSE(image->strict_file_system_compliance());
  const auto all = Update("", "update_mask { paths: '*' }");
  ASSERT_THAT(all, Succeeds());
  EXPECT_EQ(all->volume_name(), "");
  EXPECT_EQ(all->iso9660_interchange_level(), 3);
  EXPECT_THAT(all->file_systems_to_create(), SizeIs(2));
}

TEST_F(ImageEditsTest, RefusesMasksThatNameOtherFields) {
  for (const char* path : {"state", "etag", "none", "", "image.volume_name", "file_count"}) {
    EXPECT_THAT(Update("volume_name: 'X'", absl::StrCat("update_mask { paths: '", path, "' }")),
                Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "update_mask"}}))
        << path;
  }
  EXPECT_THAT(Update(absl::StrCat("display_name: '", std::string(257, 'a'), "'")),
              Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "image.display_name"}}));
  EXPECT_THAT(service_.Call(&Images::UpdateImage, "image { name: 'x' }"),
              Refused("INVALID_ARGUMENT", "INVALID_NAME", {{"field", "image.name"}}));
  EXPECT_THAT(service_.Call(&Images::UpdateImage, "image { name: 'images/none' }"),
              Refused("NOT_FOUND", "NOT_FOUND"));
  EXPECT_EQ(Image().volume_name(), "");
}

TEST_F(ImageEditsTest, RefusesPropertiesThatNoImageHas) {
  EXPECT_THAT(Update("volume_name: '" + std::string(33, 'A') + "'"),
              Refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_VOLUME_NAME"));
  for (const auto& [fields, parameter] : std::vector<std::pair<const char*, const char*>>{
           {"file_systems_to_create: FILE_SYSTEM_JOLIET", "file_systems_to_create"},
           {"file_systems_to_create: FILE_SYSTEM_ISO9660 file_systems_to_create: FILE_SYSTEM_UDF",
            "file_systems_to_create"},
           {"iso9660_interchange_level: 4", "interchange_level"},
           {"free_media_blocks: -1", "free_media_blocks"}}) {
    EXPECT_THAT(Update(absl::StrCat("volume_name: 'NEW' ", fields)),
                Refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_PARAM", {{"parameter", parameter}}))
        << fields;
  }
  EXPECT_EQ(Image().volume_name(), "") << "all or nothing";
}

TEST_F(ImageEditsTest, KeepsStrictAndRestrictedTreesSo) {
  ASSERT_THAT(Update("strict_file_system_compliance: true use_restricted_character_set: true"),
              Succeeds());
  std::string path;
  for (int level = 2; level <= 8; ++level) {
    path += "/d";
    ASSERT_THAT(AddDirectory(path), Succeeds());
  }
  ASSERT_THAT(AddDirectory("/e"), Succeeds());
  EXPECT_THAT(AddDirectory(path + "/d"), Refused("FAILED_PRECONDITION", "IMAPI_E_ISO9660_LEVELS"));
  EXPECT_THAT(Move("/d", "/e/d"), Refused("FAILED_PRECONDITION", "IMAPI_E_ISO9660_LEVELS"));
  const std::string accent = "/\xC3\xA9";
  for (const auto& answer : {AddDirectory(accent), AddSymlink(accent, "x"), Move("/d", accent)})
    EXPECT_THAT(answer, Refused("INVALID_ARGUMENT", "IMAPI_E_RESTRICTED_NAME_VIOLATION"));
  ASSERT_THAT(Update("", "update_mask { paths: 'strict_file_system_compliance' }"), Succeeds());
  ASSERT_THAT(AddDirectory(path + "/d"), Succeeds());
  EXPECT_THAT(Update("strict_file_system_compliance: true"),
              Refused("FAILED_PRECONDITION", "IMAPI_E_ISO9660_LEVELS"));
}

TEST_F(ImageEditsTest, KeepsItsOwnEntriesWhenItImports) {
  ASSERT_THAT(AddSymlink("/readme", "photos/a.jpg"), Succeeds());
  ASSERT_THAT(AddDirectory("/photos"), Succeeds());
  ASSERT_THAT(Import(), Succeeds());
  EXPECT_EQ(Item("/readme")->type(), v1::Item::SYMLINK);
  EXPECT_FALSE(Item("/readme")->imported());
  EXPECT_THAT(Paths("/photos"), ElementsAre("/photos/a.jpg"));
}

TEST_F(ImageEditsTest, ImportsNoFileOverADirectory) {
  ASSERT_THAT(AddDirectory("/readme"), Succeeds());
  EXPECT_THAT(Import(),
              Refused("ALREADY_EXISTS", "IMAPI_E_IMPORT_TYPE_COLLISION_FILE_EXISTS_AS_DIRECTORY",
                      {{"path", "/readme"}}));
  EXPECT_THAT(Paths("/"), ElementsAre("/readme"));
  ASSERT_THAT(RemoveItem("/readme"), Succeeds());
  EXPECT_THAT(service_.End(service_.Call(&Images::ImportFileSystem, OfImage())), Succeeds());
}

TEST_F(ImageEditsTest, ImportsNoDirectoryOverAFile) {
  ASSERT_THAT(AddSymlink("/photos", "x"), Succeeds());
  EXPECT_THAT(Import(),
              Refused("ALREADY_EXISTS", "IMAPI_E_IMPORT_TYPE_COLLISION_DIRECTORY_EXISTS_AS_FILE",
                      {{"path", "/photos"}}));
}

TEST_F(ImageEditsTest, RefusesAllOfADeletedImage) {
  service_.Call(&Images::DeleteImage, "name: '" + image_ + "'");
  for (const Answer<v1::Image>& answer : Edits())
    EXPECT_THAT(answer, Refused("NOT_FOUND", "NOT_FOUND", {{"resource", image_}}));
}

TEST_F(ImageEditsTest, RefusesAllOnceItHasAResult) {
  ASSERT_THAT(AddDirectory("/new"), Succeeds());
  ASSERT_THAT(service_.End(service_.Call(&Images::CreateResultImage, OfImage())), Succeeds());
  EXPECT_TRUE(Image().read_only());
  for (const Answer<v1::Image>& answer : Edits())
    EXPECT_THAT(answer, Refused("FAILED_PRECONDITION", "IMAPI_E_READONLY", {{"resource", image_}}));
  EXPECT_THAT(Paths("/"), ElementsAre("/new"));
}

TEST(ImageEditLimits, HoldUntilEditsAreLockedInOrRolledBack) {
  Service service({.limits = "max_image_edits: 9"});
  ASSERT_OK(service.Start());
  const std::string image =
      absl::StrCat("image: '", service.Call(&Images::CreateImage, "")->name(), "' ");
  const Refusal refusal{
      "RESOURCE_EXHAUSTED", "LIMIT_REACHED", {{"limit", "max_image_edits"}, {"maximum", "9"}}};
  for (const char* path : {"/a", "/b", "/c"})
    ASSERT_THAT(service.Call(&Images::AddDirectory, absl::StrCat(image, "path: '", path, "'")),
                Succeeds());
  EXPECT_THAT(service.Call(&Images::AddDirectory, image + "path: '/d'"), IsRefusal(refusal));
  EXPECT_THAT(service.Call(&Images::AddSymlink, image + "path: '/d' target: 'x'"),
              IsRefusal(refusal));
  EXPECT_THAT(service.Call(&Images::RemoveItem, image + "path: '/a'"), IsRefusal(refusal));
  EXPECT_THAT(service.Call(&Images::RemoveTree, image + "path: '/'"), IsRefusal(refusal));
  EXPECT_THAT(service.Call(&Images::MoveItem, image + "path: '/a' destination: '/d'"),
              IsRefusal(refusal));
  ASSERT_THAT(service.Call(&Images::LockInChangePoint, image), Succeeds());
  EXPECT_THAT(service.Call(&Images::RemoveTree, image + "path: '/'"), Succeeds());
}

}  // namespace
}  // namespace carousel::component
