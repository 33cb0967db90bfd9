// FileSystemImageService: what is on the bound disc, and what is in the image.
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

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

// A Rock Ridge volume: /photos with 250 files, /link, /readme.
std::vector<uint8_t> Volume() {
  iso9660::ImageBuilder image;
  image.UseRockRidge();
  auto* photos = image.AddDirectory(image.root(), "PHOTOS",
                                    iso9660::Px(0040750, 2, 1000, 100) + iso9660::Nm("photos"));
  for (int i = 100; i < 350; ++i) {
    image.AddFile(photos, absl::StrCat("F", i, ".;1"), "",
                  iso9660::Px(0100644) + iso9660::Nm(absl::StrCat("photo-", i, ".jpg")));
  }
  image.AddFile(
      image.root(), "LINK.;1", "",
      iso9660::Px(0120777) + iso9660::Nm("link") + iso9660::Sl(iso9660::Component("photos")));
  image.AddFile(image.root(), "README.;1", "hello",
                iso9660::Px(0100600, 1, 1000, 100) + iso9660::Nm("readme"));
  return image.Build();
}

// A1 in drive0 holds Volume; drive1 is empty, A2 is blank.
class ImageContentsTest : public testing::Test {
 protected:
  void SetUp() override {
    service_.AddVolume("A1", "DVD+R", 1, Volume());
    service_.AddDisc("A2", "DVD+R", 2);
    service_.LayIntoDrive("A1", 1);
    ASSERT_OK(service_.Start());
    image_ = service_.Call(&Images::CreateImage, "")->name();
  }
  void Bind() {
    EXPECT_THAT(
        service_.Call(&Images::SetMultisessionInterfaces,
                      absl::StrCat("image: '", image_, "' multisession_interfaces { interfaces { ",
                                   "import_recorder: 'drives/drive0' sequential {} } }")),
        Succeeds());
  }
  void Import() {
    Bind();
    EXPECT_THAT(service_.End(service_.Call(&Images::ImportFileSystem, OfImage())), Succeeds());
  }
  std::string OfImage(const std::string& more = "") {
    return absl::StrCat("image: '", image_, "' ", more);
  }
  Answer<v1::ListItemsResponse> List(const std::string& more) {
    return service_.Call(&Images::ListItems, OfImage(more));
  }
  Answer<v1::Item> Item(const std::string& path) {
    return service_.Call(&Images::GetItem, OfImage(absl::StrCat("path: '", path, "'")));
  }

  Service service_;
  std::string image_;
};

TEST_F(ImageContentsTest, IdentifiesTheFileSystemsOfTheBoundDrive) {
  EXPECT_THAT(
      service_.Call(&Images::IdentifyFileSystems, OfImage()),
      Refused("FAILED_PRECONDITION", "IMAPI_E_MULTISESSION_NOT_SET", {{"resource", image_}}));
  Bind();
  const auto found = service_.Call(&Images::IdentifyFileSystems, OfImage());
  ASSERT_THAT(found, Succeeds());
  EXPECT_THAT(found->file_systems(), ElementsAre(v1::FILE_SYSTEM_ISO9660));
  EXPECT_TRUE(found->rock_ridge());
}

TEST_F(ImageContentsTest, IdentifiesTheFileSystemsOfADriveThatIsNamed) {
  EXPECT_THAT(service_.Call(&Images::IdentifyFileSystems, OfImage("drive: 'drives/drive0'")),
              Succeeds());
  EXPECT_THAT(service_.Call(&Images::IdentifyFileSystems, OfImage("drive: 'drives/drive1'")),
              Refused("FAILED_PRECONDITION", "IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE",
                      {{"cause", "E_IMAPI_RECORDER_MEDIA_NO_MEDIA"}, {"drive", "drives/drive1"}}));
  service_.Load("A2", "drive1");
  EXPECT_THAT(service_.Call(&Images::IdentifyFileSystems, OfImage("drive: 'drives/drive1'")),
              Refused("FAILED_PRECONDITION", "IMAPI_E_EMPTY_DISC", {{"drive", "drives/drive1"}}));
}

TEST_F(ImageContentsTest, SaysWhichBlockKeepsItFromIdentifying) {
  service_.AddDisc("A3", "DVD+R", 3, {"iso:192@0"}, {"--unreadable=16-17"});
  EXPECT_THAT(service_.End(service_.Call(&Robots::UnloadDisc, "drive: 'drives/drive0'")),
              Succeeds());
  service_.Load("A3", "drive0");
  EXPECT_THAT(service_.Call(&Images::IdentifyFileSystems, OfImage("drive: 'drives/drive0'")),
              Refused("DATA_LOSS", "IMAPI_E_IMPORT_READ_FAILURE",
                      {{"block", "16"}, {"drive", "drives/drive0"}}));
}

TEST_F(ImageContentsTest, SaysWhichFileSystemAnImportWouldTake) {
  const std::string both = "file_systems: FILE_SYSTEM_ISO9660 file_systems: FILE_SYSTEM_JOLIET ";
  for (const auto& [request, chosen] : std::vector<std::pair<std::string, v1::FileSystem>>{
           {both, v1::FILE_SYSTEM_JOLIET},
           {both + "rock_ridge: true", v1::FILE_SYSTEM_ISO9660},
           {both + "rock_ridge: true import_preference: IMPORT_PREFERENCE_IMAPI",
            v1::FILE_SYSTEM_JOLIET},
           {"file_systems: FILE_SYSTEM_ISO9660", v1::FILE_SYSTEM_ISO9660}}) {
    EXPECT_EQ(
        service_.Call(&Images::GetDefaultFileSystemForImport, OfImage(request))->file_system(),
        chosen)
        << request;
  }
  EXPECT_THAT(service_.Call(&Images::GetDefaultFileSystemForImport, OfImage()),
              Refused("FAILED_PRECONDITION", "IMAPI_E_NO_SUPPORTED_FILE_SYSTEM"));
  v1::GetDefaultFileSystemForImportRequest request;
  request.set_image(image_);
  request.add_file_systems(static_cast<v1::FileSystem>(99));
  EXPECT_THAT(service_.Call(&Images::GetDefaultFileSystemForImport, request),
              Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "file_systems"}}));
  request.clear_file_systems();
  request.set_import_preference(static_cast<v1::ImportPreference>(99));
  EXPECT_THAT(service_.Call(&Images::GetDefaultFileSystemForImport, request),
              Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "import_preference"}}));
}

TEST_F(ImageContentsTest, ListsADirectoryPageByPageInByteOrder) {
  Import();
  std::vector<std::string> expected, listed;
  for (int i = 100; i < 350; ++i) expected.push_back(absl::StrCat("/photos/photo-", i, ".jpg"));
  v1::ListItemsRequest request = Text<v1::ListItemsRequest>(OfImage("directory: '/photos'"));
  std::vector<int> sizes;
  do {
    const auto page = service_.Call(&Images::ListItems, request);
    ASSERT_THAT(page, Succeeds());
    for (const v1::Item& item : page->items()) listed.push_back(item.path());
    sizes.push_back(page->items_size());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(listed, ElementsAreArray(expected));
  EXPECT_THAT(sizes, ElementsAre(100, 100, 50)) << "a hundred unless a size is asked for";
}

TEST_F(ImageContentsTest, RefusesTheTokenOfAnotherDirectoryOrAnEarlierTree) {
  const auto before = List("page_size: 1");
  Import();
  const std::string token = List("directory: '/photos' page_size: 1")->next_page_token();
  ASSERT_FALSE(token.empty());
  const Refusal refusal{"INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "page_token"}}};
  EXPECT_THAT(List(absl::StrCat("page_token: '", token, "'")), IsRefusal(refusal));
  const std::string other = service_.Call(&Images::CreateImage, "")->name();
  EXPECT_THAT(service_.Call(&Images::ListItems,
                            absl::StrCat("image: '", other, "' directory: '/photos' page_token: '",
                                         token, "'")),
              IsRefusal(refusal));
}

TEST_F(ImageContentsTest, DescribesEntriesAsTheDiscHasThem) {
  Import();
  const auto root = List("");
  ASSERT_THAT(root->items(), SizeIs(3));
  const v1::Item& link = root->items(0);
  EXPECT_EQ(link.path(), "/link");
  EXPECT_EQ(link.type(), v1::Item::SYMLINK);
  EXPECT_EQ(link.symlink_target(), "photos");
  EXPECT_EQ(root->items(1).type(), v1::Item::DIRECTORY);
  EXPECT_EQ(root->items(1).mode(), 0750u);
  const auto file = Item("/readme");
  ASSERT_THAT(file, Succeeds());
  EXPECT_EQ(file->SerializeAsString(), root->items(2).SerializeAsString());
  EXPECT_EQ(file->type(), v1::Item::FILE);
  EXPECT_EQ(file->size_bytes(), 5);
  EXPECT_EQ(file->mode(), 0600u);
  EXPECT_EQ(file->uid(), 1000u);
  EXPECT_EQ(file->gid(), 100u);
  EXPECT_EQ(file->modify_time().seconds(), 1'700'000'000);
  ASSERT_THAT(file->extents(), SizeIs(1));
  EXPECT_EQ(file->extents(0).size_bytes(), 5);
  EXPECT_TRUE(file->imported());
}

TEST_F(ImageContentsTest, HasAnEmptyRootBeforeAnImport) {
  EXPECT_THAT(List("")->items(), IsEmpty());
  EXPECT_THAT(List("directory: '/'")->items(), IsEmpty());
  EXPECT_EQ(Item("/")->type(), v1::Item::DIRECTORY);
}

TEST_F(ImageContentsTest, RefusesPathsThatAreNotThereOrNone) {
  Import();
  EXPECT_THAT(List("directory: '/none'"), Refused("NOT_FOUND", "IMAPI_E_DIR_NOT_FOUND"));
  EXPECT_THAT(List("directory: '/readme'"), Refused("FAILED_PRECONDITION", "IMAPI_E_NOT_DIR"));
  EXPECT_THAT(Item("/photos/none"), Refused("NOT_FOUND", "IMAPI_E_ITEM_NOT_FOUND"));
  for (const char* path : {"photos", "/photos/../readme", "//", "/photos//x", "/./readme"}) {
    EXPECT_THAT(Item(path), Refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_PATH")) << path;
    EXPECT_THAT(List(absl::StrCat("directory: '", path, "'")),
                Refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_PATH"))
        << path;
  }
  EXPECT_THAT(Item(absl::StrCat("/", std::string(100'000, 'a'))),
              Refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_PATH"));
}

TEST_F(ImageContentsTest, CalculatesOneIdentifierForTheDiscAsItIs) {
  EXPECT_THAT(
      service_.Call(&Images::CalculateDiscIdentifier, OfImage()),
      Refused("FAILED_PRECONDITION", "IMAPI_E_MULTISESSION_NOT_SET", {{"resource", image_}}));
  Bind();
  const auto first = service_.Call(&Images::CalculateDiscIdentifier, OfImage());
  ASSERT_THAT(first, Succeeds());
  EXPECT_THAT(first->disc_identifier(), MatchesRegex("[0-9a-f]{32}"));
  EXPECT_THAT(service_.End(service_.Call(&Robots::UnloadDisc, "drive: 'drives/drive0'")),
              Succeeds());
  service_.Load("A1", "drive1");
  EXPECT_THAT(service_.Call(&Images::SetMultisessionInterfaces,
                            OfImage("multisession_interfaces { interfaces { "
                                    "import_recorder: 'drives/drive1' sequential {} } }")),
              Succeeds());
  EXPECT_EQ(service_.Call(&Images::CalculateDiscIdentifier, OfImage())->disc_identifier(),
            first->disc_identifier())
      << "the same disc in another drive";
}

TEST_F(ImageContentsTest, RemembersTheInterfacesAsTheyWereSet) {
  EXPECT_THAT(service_.Call(&Images::GetMultisessionInterfaces, OfImage())
                  ->multisession_interfaces()
                  .interfaces(),
              IsEmpty());
  Bind();
  const auto set = service_.Call(&Images::GetMultisessionInterfaces, OfImage());
  ASSERT_THAT(set->multisession_interfaces().interfaces(), SizeIs(1));
  const v1::MultisessionInterface& element = set->multisession_interfaces().interfaces(0);
  EXPECT_EQ(element.import_recorder(), "drives/drive0");
  EXPECT_EQ(element.sequential().start_address_of_previous_session(), 0);
  EXPECT_GT(element.sequential().next_writable_address(), 0) << "with the drive's values";
}

TEST_F(ImageContentsTest, BindsTheDiscAndChecksTheEtag) {
  const v1::Image before =
      service_.Call(&Images::GetImage, absl::StrCat("name: '", image_, "'")).value;
  v1::SetMultisessionInterfacesRequest request = Text<v1::SetMultisessionInterfacesRequest>(OfImage(
      "multisession_interfaces { interfaces { import_recorder: 'drives/drive0' sequential {} "
      "} }"));
  request.set_validate_only(true);
  const auto validated = service_.Call(&Images::SetMultisessionInterfaces, request);
  ASSERT_THAT(validated, Succeeds());
  EXPECT_EQ(validated->image().etag(), before.etag()) << "nothing has changed";
  request.set_validate_only(false);
  request.set_etag(before.etag());
  const auto set = service_.Call(&Images::SetMultisessionInterfaces, request);
  ASSERT_THAT(set, Succeeds());
  EXPECT_EQ(set->image().import_recorder(), "drives/drive0");
  EXPECT_EQ(set->image().disc(), "discs/A1");
  EXPECT_EQ(set->image().session_start_block(),
            set->chosen_interface().sequential().next_writable_address());
  EXPECT_EQ(set->image().free_media_blocks(),
            set->chosen_interface().sequential().free_sectors_on_media());
  EXPECT_THAT(
      service_.Call(&Images::SetMultisessionInterfaces, request),
      Refused("ABORTED", "ETAG_MISMATCH", {{"resource", image_}, {"sent", "*"}, {"actual", "*"}}))
      << "the etag is the old one";
}

TEST_F(ImageContentsTest, RefusesListsThatAreTooLong) {
  v1::SetMultisessionInterfacesRequest request;
  request.set_image(image_);
  for (int i = 0; i < 65; ++i) {
    auto* element = request.mutable_multisession_interfaces()->add_interfaces();
    element->set_import_recorder("drives/drive0");
    element->mutable_sequential();
  }
  EXPECT_THAT(service_.Call(&Images::SetMultisessionInterfaces, request),
              Refused("INVALID_ARGUMENT", "INVALID_FIELD"));
}

}  // namespace
}  // namespace carousel::component
