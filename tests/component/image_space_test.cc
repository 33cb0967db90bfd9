// FileSystemImageService: how much an image takes, of new files and of a disc.
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "carousel/v1/image.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/digest/sha256.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"
#include "tests/component/volumes.h"

namespace carousel::component {
namespace {

class ImageSpaceTest : public testing::Test {
 protected:
  void Start(const Service::Options& options = {}) {
    service_ = std::make_unique<Service>(options);
    service_->AddVolume("A1", "DVD+R", 1, ManyDirectories(2));
    service_->LayIntoDrive("A1", 1);
    ASSERT_OK(service_->Start());
    image_ = service_->Call(&Images::CreateImage, "")->name();
  }
  Answer<v1::Image> Update(const std::string& fields, const std::string& mask = "") {
    return service_->Call(&Images::UpdateImage,
                          absl::StrCat("image { name: '", image_, "' ", fields, " } ", mask));
  }
  // Uploads a file of `bytes`; with `size`, says that it has so many.
  Answer<v1::UploadFileResponse> Upload(const std::string& path, const std::string& bytes,
                                        int64_t size = -1) {
    v1::UploadFileRequest first, second;
    const Sha256Digest digest =
        Sha256({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
    first.mutable_start()->set_image(image_);
    first.mutable_start()->set_path(path);
    first.mutable_start()->set_upload_id(path);
    first.mutable_start()->set_size_bytes(size < 0 ? static_cast<int64_t>(bytes.size()) : size);
    first.mutable_start()->set_sha256(std::string(digest.begin(), digest.end()));
    second.mutable_chunk()->set_data(bytes);
    const auto stub = v1::FileSystemImageService::NewStub(service_->channel());
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kPatience);
    Answer<v1::UploadFileResponse> answer;
    const auto writer = stub->UploadFile(&context, &answer.value);
    writer->Write(first);
    writer->Write(second);
    writer->WritesDone();
    answer.status = writer->Finish();
    return answer;
  }

  std::unique_ptr<Service> service_;
  std::string image_;
};

TEST_F(ImageSpaceTest, IsTakenByNewContentsOnce) {
  Start();
  ASSERT_THAT(Update("free_media_blocks: 3"), Succeeds());
  const auto added = Upload("/a", std::string(2 * 2048, 'a'));
  ASSERT_THAT(added, Succeeds());
  EXPECT_EQ(added->image().used_blocks(), 2);
  EXPECT_THAT(Upload("/b", std::string(2 * 2048, 'b')),
              Refused("RESOURCE_EXHAUSTED", "IMAPI_E_IMAGE_SIZE_LIMIT", {{"path", "/b"}}));
  EXPECT_EQ(Upload("/c", std::string(2 * 2048, 'a'))->image().used_blocks(), 2)
      << "equal contents have one extent";
}

TEST_F(ImageSpaceTest, IsNotMadeSmallerThanWhatIsInIt) {
  Start();
  ASSERT_THAT(Upload("/a", std::string(3 * 2048, 'a')), Succeeds());
  EXPECT_THAT(Update("free_media_blocks: 2"),
              Refused("RESOURCE_EXHAUSTED", "IMAPI_E_IMAGE_TOO_BIG",
                      {{"property", "free_media_blocks"}, {"actual", "3"}}));
  EXPECT_THAT(Update("free_media_blocks: 3"), Succeeds());
  EXPECT_THAT(Update("", "update_mask { paths: 'free_media_blocks' }"), Succeeds()) << "no limit";
}

TEST_F(ImageSpaceTest, TakesNoLargeFileBelowLevelThree) {
  Start();
  ASSERT_THAT(
      Update("iso9660_interchange_level: 2 free_media_blocks: 0",
             "update_mask { paths: 'iso9660_interchange_level' paths: 'free_media_blocks' }"),
      Succeeds());
  EXPECT_THAT(Upload("/a", "", int64_t{1} << 32),
              Refused("OUT_OF_RANGE", "IMAPI_E_DATA_TOO_BIG", {{"path", "/a"}}));
}

TEST_F(ImageSpaceTest, TakesNoFileByARestrictedName) {
  Start();
  ASSERT_THAT(Update("use_restricted_character_set: true"), Succeeds());
  EXPECT_THAT(Upload("/\xC3\xA9", "x"),
              Refused("INVALID_ARGUMENT", "IMAPI_E_RESTRICTED_NAME_VIOLATION"));
}

TEST_F(ImageSpaceTest, TakesNoFileBeyondItsEdits) {
  Start({.limits = "max_image_edits: 3"});
  ASSERT_THAT(Upload("/a", "x"), Succeeds());
  EXPECT_THAT(Upload("/b", "y"), Refused("RESOURCE_EXHAUSTED", "LIMIT_REACHED",
                                         {{"limit", "max_image_edits"}, {"maximum", "3"}}));
}

TEST_F(ImageSpaceTest, TakesNoMoreOfADiscThanItIsToldTo) {
  Start();
  ASSERT_THAT(Update("max_import_entries: 5"), Succeeds());
  ASSERT_THAT(service_->Call(&Images::SetMultisessionInterfaces,
                             absl::StrCat("image: '", image_,
                                          "' multisession_interfaces { interfaces { "
                                          "import_recorder: 'drives/drive0' sequential {} } }")),
              Succeeds());
  const std::string import = absl::StrCat("image: '", image_, "'");
  EXPECT_THAT(service_->End(service_->Call(&Images::ImportFileSystem, import)),
              Refused("RESOURCE_EXHAUSTED", "E_OUTOFMEMORY", {{"limit", "*"}, {"value", "5"}}));
  ASSERT_THAT(Update("", "update_mask { paths: 'max_import_entries' }"), Succeeds());
  EXPECT_THAT(service_->End(service_->Call(&Images::ImportFileSystem, import)), Succeeds());
}

}  // namespace
}  // namespace carousel::component
