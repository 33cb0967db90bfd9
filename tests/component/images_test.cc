// FileSystemImageService: an image from its creation to its deletion.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/time_util.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"

namespace carousel::component {
namespace {

using google::protobuf::util::TimeUtil;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr char kUuid[] = "request_id: '8d4ad5b5-0000-4000-8000-000000000001' ";

class ImagesTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(service_.Start()); }

  Answer<v1::Image> Create(const std::string& text = "") {
    return service_.Call(&Images::CreateImage, text);
  }
  Answer<v1::Image> Get(const std::string& name) {
    return service_.Call(&Images::GetImage, absl::StrCat("name: '", name, "'"));
  }
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    const auto images = service_.Call(&Images::ListImages, "");
    for (const v1::Image& image : images->images()) {
      names.push_back(image.name());
    }
    return names;
  }

  Service service_{{.limits = "max_images: 5"}};
};

TEST_F(ImagesTest, AreCreatedEmptyWithImapisDefaults) {
  const auto image = Create("image { display_name: 'Photos' }");
  ASSERT_THAT(image, Succeeds());
  EXPECT_THAT(image->name(), StartsWith("images/"));
  EXPECT_EQ(image->display_name(), "Photos");
  EXPECT_EQ(image->state(), v1::Image::ACTIVE);
  EXPECT_THAT(image->etag(), Not(IsEmpty()));
  EXPECT_EQ(image->multisession_types(), v1::MULTISESSION_TYPES_SEQUENTIAL);
  EXPECT_EQ(image->session_start_block(), 0);
  EXPECT_EQ(image->free_media_blocks(), 332'800);
  EXPECT_EQ(image->file_count(), 0);
  EXPECT_FALSE(image->has_imported_volume_name());
  EXPECT_EQ(image->import_recorder(), "");
  EXPECT_EQ(image->operation(), "");
  EXPECT_EQ(TimeUtil::TimestampToSeconds(image->expire_time()) -
                TimeUtil::TimestampToSeconds(image->create_time()),
            3600)
      << "an hour, as the configuration's default";
}

TEST_F(ImagesTest, AreGotAsTheyWereCreated) {
  const auto created = Create(
      "image { display_name: '\xC3\xBC'"
      " multisession_types: MULTISESSION_TYPES_SEQUENTIAL_AND_RANDOM_WRITE }");
  auto got = Get(created->name());
  ASSERT_THAT(got, Succeeds());
  EXPECT_GT(got->expire_time(), created->expire_time()) << "use pushes the expiry on";
  *got.value.mutable_expire_time() = created->expire_time();
  EXPECT_EQ(got->SerializeAsString(), created->SerializeAsString());
}

TEST_F(ImagesTest, AreCreatedOnceForARepeatedRequest) {
  const auto first = Create(absl::StrCat(kUuid, "image { display_name: 'a' }"));
  ASSERT_THAT(first, Succeeds());
  EXPECT_EQ(Create(absl::StrCat(kUuid, "image { display_name: 'a' }"))->name(), first->name());
  EXPECT_THAT(Create(absl::StrCat(kUuid, "image { display_name: 'b' }")),
              Refused("ALREADY_EXISTS", "REQUEST_ID_REUSED"));
  EXPECT_THAT(Names(), SizeIs(1));
}

TEST_F(ImagesTest, AreRefusedWithImpossibleFields) {
  EXPECT_THAT(Create(absl::StrCat("image { display_name: '", std::string(257, 'a'), "' }")),
              Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "image.display_name"}}));
  v1::CreateImageRequest request;
  request.mutable_image()->set_multisession_types(static_cast<v1::MultisessionTypes>(99));
  EXPECT_THAT(
      service_.Call(&Images::CreateImage, request),
      Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "image.multisession_types"}}));
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_F(ImagesTest, AreLimitedInNumber) {
  std::string last;
  for (int i = 0; i < 5; ++i) last = Create()->name();
  EXPECT_THAT(Create(), Refused("RESOURCE_EXHAUSTED", "LIMIT_REACHED",
                                {{"limit", "max_images"}, {"maximum", "*"}}));
  EXPECT_THAT(service_.Call(&Images::DeleteImage, absl::StrCat("name: '", last, "'")), Succeeds());
  EXPECT_THAT(Create(), Succeeds());
}

TEST_F(ImagesTest, AreListedInTheOrderOfCreationPageByPage) {
  std::vector<std::string> created;
  for (int i = 0; i < 5; ++i) created.push_back(Create()->name());
  std::vector<std::string> listed;
  v1::ListImagesRequest request;
  request.set_page_size(2);
  int pages = 0;
  do {
    const auto page = service_.Call(&Images::ListImages, request);
    ASSERT_THAT(page, Succeeds());
    for (const v1::Image& image : page->images()) listed.push_back(image.name());
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_THAT(listed, ElementsAreArray(created));
  EXPECT_EQ(pages, 3);
}

// A page goes on behind the last image that it showed, though that one is gone.
TEST_F(ImagesTest, AreListedOnceThoughOthersGoMeanwhile) {
  std::vector<std::string> created;
  for (int i = 0; i < 4; ++i) created.push_back(Create()->name());
  const auto first = service_.Call(&Images::ListImages, "page_size: 2");
  service_.Call(&Images::DeleteImage, absl::StrCat("name: '", created[0], "'"));
  service_.Call(&Images::DeleteImage, absl::StrCat("name: '", created[1], "'"));
  const auto second = service_.Call(&Images::ListImages,
                                    absl::StrCat("page_token: '", first->next_page_token(), "'"));
  ASSERT_THAT(second->images(), SizeIs(2));
  EXPECT_EQ(second->images(0).name(), created[2]);
}

TEST_F(ImagesTest, AreGoneOnceDeleted) {
  const auto image = Create();
  const std::string name = absl::StrCat("name: '", image->name(), "' ");
  EXPECT_THAT(service_.Call(&Images::DeleteImage, name + "etag: '\"other\"'"),
              Refused("ABORTED", "ETAG_MISMATCH", {{"resource", image->name()}}));
  v1::DeleteImageRequest request;
  request.set_name(image->name());
  request.set_etag(image->etag());
  EXPECT_THAT(service_.Call(&Images::DeleteImage, request), Succeeds());
  const Refusal gone{"NOT_FOUND", "NOT_FOUND", {{"resource", image->name()}}};
  EXPECT_THAT(Get(image->name()), IsRefusal(gone));
  EXPECT_THAT(service_.Call(&Images::DeleteImage, name), IsRefusal(gone));
  EXPECT_THAT(Names(), IsEmpty());
}

TEST(Images, ExpireWhenNobodyUsesThem) {
  Service service({.limits = "image_ttl { seconds: 1 }"});
  ASSERT_OK(service.Start());
  const auto image = service.Call(&Images::CreateImage, "");
  ASSERT_THAT(image, Succeeds());
  // Listing is no use of it.
  EXPECT_TRUE(Eventually([&] { return service.Call(&Images::ListImages, "")->images().empty(); }));
  EXPECT_THAT(service.Call(&Images::GetImage, absl::StrCat("name: '", image->name(), "'")),
              Refused("NOT_FOUND", "NOT_FOUND", {{"resource", image->name()}}));
}

TEST(Images, AreForgottenByARestart) {
  Service service;
  ASSERT_OK(service.Start());
  const auto image = service.Call(&Images::CreateImage, "");
  service.Stop();
  ASSERT_OK(service.Start());
  EXPECT_THAT(service.Call(&Images::GetImage, absl::StrCat("name: '", image->name(), "'")),
              Refused("NOT_FOUND", "NOT_FOUND"));
}

}  // namespace
}  // namespace carousel::component
