// ImportFileSystem: its operation from the start to the end, and what it keeps others from.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/fs/iso9660/image_builder.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"
#include "tests/component/volumes.h"

namespace carousel::component {
namespace {

using testing::IsEmpty;

v1::ImportFileSystemMetadata MetadataOf(const Operation& operation) {
  v1::ImportFileSystemMetadata metadata;
  EXPECT_TRUE(operation.metadata().UnpackTo(&metadata)) << operation.ShortDebugString();
  return metadata;
}

int64_t EntriesOf(const v1::ImportFileSystemMetadata& metadata) {
  return metadata.directories_done() + metadata.files_done();
}

class ImportsTest : public testing::Test {
 protected:
  // A disc of its own in each drive: A1 and A2.
  void StartWith(const Service::Options& options, const std::string& media,
                 const std::vector<std::string>& sessions,
                 const std::vector<std::string>& words = {}) {
    service_ = std::make_unique<Service>(options);
    for (int i = 1; i <= 2; ++i) {
      const std::string barcode = absl::StrCat("A", i);
      service_->AddDisc(barcode, media, i, sessions, words);
      service_->LayIntoDrive(barcode, i);
    }
    ASSERT_OK(service_->Start());
  }
  // The same, with discs whose import does not end by itself while a test runs.
  void StartSlowly() {
    service_ = std::make_unique<Service>(SlowlyReading());
    for (int i = 1; i <= 2; ++i) {
      const std::string barcode = absl::StrCat("A", i);
      service_->AddVolume(barcode, "DVD+R", i, SlowVolume());
      service_->LayIntoDrive(barcode, i);
    }
    ASSERT_OK(service_->Start());
  }

  std::string NewImage() { return service_->Call(&Images::CreateImage, "")->name(); }
  Answer<v1::SetMultisessionInterfacesResponse> Bind(const std::string& image,
                                                     const std::string& drive) {
    return service_->Call(
        &Images::SetMultisessionInterfaces,
        absl::StrCat("image: '", image, "' multisession_interfaces { interfaces { ",
                     "import_recorder: 'drives/", drive, "' sequential {} } }"));
  }
  std::string BoundImage(const std::string& drive = "drive0") {
    const std::string image = NewImage();
    EXPECT_THAT(Bind(image, drive), Succeeds());
    return image;
  }
  Answer<Operation> Import(const std::string& image, const std::string& more = "") {
    return service_->Call(&Images::ImportFileSystem, absl::StrCat("image: '", image, "' ", more));
  }
  v1::Image Get(const std::string& image) {
    return service_->Call(&Images::GetImage, absl::StrCat("name: '", image, "'")).value;
  }
  Operation Get(const Answer<Operation>& operation) {
    return service_
        ->Call(&Operations::GetOperation, absl::StrCat("name: '", operation->name(), "'"))
        .value;
  }
  void Cancel(const Answer<Operation>& operation) {
    EXPECT_THAT(service_->Call(&Operations::CancelOperation,
                               absl::StrCat("name: '", operation->name(), "'")),
                Succeeds());
  }
  // Until it has read some directories.
  void AwaitProgress(const Answer<Operation>& operation) {
    EXPECT_TRUE(Eventually([&] { return EntriesOf(MetadataOf(Get(operation))) > 0; }));
  }

  std::unique_ptr<Service> service_;
};

TEST_F(ImportsTest, TakeOverTheLastSession) {
  StartWith({}, "DVD+R", {"iso:192@0", "iso:192@2240"});
  const std::string image = BoundImage();
  const std::string etag = Get(image).etag();
  const Operation operation = service_->End(Import(image));
  v1::ImportFileSystemResponse response;
  ASSERT_TRUE(operation.response().UnpackTo(&response)) << operation.ShortDebugString();
  EXPECT_EQ(response.file_system(), v1::FILE_SYSTEM_ISO9660);
  EXPECT_FALSE(response.rock_ridge());
  EXPECT_EQ(response.entry_count(), 1);
  EXPECT_THAT(response.warnings(), IsEmpty());
  EXPECT_EQ(response.image().file_count(), 1);
  EXPECT_EQ(response.image().directory_count(), 0);
  EXPECT_EQ(response.image().imported_volume_name(), "CONFORMANCE");
  EXPECT_EQ(response.image().imported_file_system(), v1::FILE_SYSTEM_ISO9660);
  EXPECT_EQ(response.image().state(), v1::Image::ACTIVE);
  EXPECT_EQ(response.image().operation(), "");
  EXPECT_NE(response.image().etag(), etag);
  EXPECT_EQ(Get(image).etag(), response.image().etag());
  EXPECT_EQ(service_->Call(&Robots::GetDrive, "name: 'drives/drive0'")->operation(), "");
}

TEST_F(ImportsTest, TellWhatTheyHaveDoneInTheEnd) {
  StartWith({}, "DVD+R", {"iso:192@0"});
  const std::string image = BoundImage();
  const v1::ImportFileSystemMetadata metadata = MetadataOf(service_->End(Import(image)));
  EXPECT_EQ(metadata.robot_id(), kRobotId);
  EXPECT_EQ(metadata.image(), image);
  EXPECT_EQ(metadata.drive(), "drives/drive0");
  EXPECT_EQ(metadata.disc(), "discs/A1");
  EXPECT_EQ(metadata.file_system(), v1::FILE_SYSTEM_ISO9660);
  EXPECT_EQ(metadata.files_done(), 1);
  EXPECT_EQ(metadata.files_total(), 1);
  EXPECT_GE(metadata.directories_done(), 1);
  EXPECT_GT(metadata.blocks_read(), 0);
  EXPECT_EQ(metadata.bytes_read(), metadata.blocks_read() * 2048);
  EXPECT_TRUE(metadata.has_end_time());
}

TEST_F(ImportsTest, TellHowFarTheyAreAndNeverGoBack) {
  StartSlowly();
  const auto started = Import(BoundImage());
  ASSERT_THAT(started, Succeeds());
  v1::ImportFileSystemMetadata before = MetadataOf(*started);
  int advances = 0;
  EXPECT_TRUE(Eventually([&] {
    const v1::ImportFileSystemMetadata now = MetadataOf(Get(started));
    EXPECT_GE(now.directories_done(), before.directories_done());
    EXPECT_GE(now.files_done(), before.files_done());
    EXPECT_GE(now.blocks_read(), before.blocks_read());
    EXPECT_GE(now.bytes_read(), before.bytes_read());
    if (now.directories_done() > before.directories_done()) ++advances;
    before = now;
    return advances >= 2;
  }));
  EXPECT_GT(before.directories_total(), 0) << "by the path table";
  EXPECT_FALSE(before.has_end_time());
  Cancel(started);
  const Operation ended = service_->End(started);
  EXPECT_GE(MetadataOf(ended).directories_done(), before.directories_done());
}

TEST_F(ImportsTest, LeaveTheImageAsItWasWhenTheyAreCancelled) {
  StartSlowly();
  const std::string image = BoundImage();
  v1::Image before = Get(image);
  const auto started = Import(image);
  AwaitProgress(started);
  Cancel(started);
  EXPECT_THAT(service_->End(started), Refused("CANCELLED", "E_IMAPI_REQUEST_CANCELLED"));
  v1::Image after = Get(image);
  for (v1::Image* view : {&before, &after}) {
    view->clear_etag();
    view->clear_update_time();
    view->clear_expire_time();
  }
  EXPECT_EQ(after.ShortDebugString(), before.ShortDebugString());
  const auto again = Import(image);
  EXPECT_THAT(again, Succeeds());
  Cancel(again);
}

TEST_F(ImportsTest, RunOnTwoDrivesAtOnce) {
  StartSlowly();
  const auto first = Import(BoundImage("drive0"));
  const auto second = Import(BoundImage("drive1"));
  AwaitProgress(first);
  AwaitProgress(second);
  EXPECT_FALSE(Get(first).done());
  EXPECT_FALSE(Get(second).done());
  Cancel(first);
  EXPECT_THAT(service_->End(first), Refused("CANCELLED", "E_IMAPI_REQUEST_CANCELLED"));
  EXPECT_FALSE(Get(second).done()) << "the other goes on";
  Cancel(second);
}

TEST_F(ImportsTest, KeepTheImageFromChangesAndTheDriveFromOthers) {
  StartSlowly();
  const std::string image = BoundImage(), other = BoundImage();
  const auto started = Import(image);
  ASSERT_THAT(started, Succeeds());
  EXPECT_EQ(Get(image).state(), v1::Image::IMPORTING);
  EXPECT_EQ(Get(image).operation(), started->name());
  EXPECT_EQ(service_->Call(&Robots::GetDrive, "name: 'drives/drive0'")->operation(),
            started->name());
  const Refusal busy{"FAILED_PRECONDITION",
                     "IMAPI_E_PROPERTY_NOT_ACCESSIBLE",
                     {{"operation", started->name()}, {"resource", image}}};
  EXPECT_THAT(Bind(image, "drive0"), IsRefusal(busy));
  EXPECT_THAT(Import(image), IsRefusal(busy));
  const Refusal locked{
      "UNAVAILABLE", "E_IMAPI_RECORDER_LOCKED", {{"owner", started->name()}, {"drive", "*"}}};
  EXPECT_THAT(Import(other), IsRefusal(locked));
  EXPECT_THAT(Bind(other, "drive0"), IsRefusal(locked));
  EXPECT_THAT(service_->Call(&Robots::UnloadDisc, "drive: 'drives/drive0'"), IsRefusal(locked));
  EXPECT_THAT(service_->Call(&Images::ListItems, absl::StrCat("image: '", image, "'"))->items(),
              IsEmpty());
  Cancel(started);
}

TEST_F(ImportsTest, AreCancelledByTheirImagesDeletionWhichWaitsForTheirEnd) {
  StartSlowly();
  const std::string image = BoundImage();
  const auto started = Import(image);
  AwaitProgress(started);
  EXPECT_THAT(service_->Call(&Images::DeleteImage, absl::StrCat("name: '", image, "'")),
              Succeeds());
  EXPECT_THAT(service_->Call(&Images::GetImage, absl::StrCat("name: '", image, "'")),
              Refused("NOT_FOUND", "NOT_FOUND"));
  EXPECT_THAT(service_->End(started), Refused("CANCELLED", "E_IMAPI_REQUEST_CANCELLED"));
  const auto next = Import(BoundImage());
  EXPECT_THAT(next, Succeeds()) << "the drive is free";
  Cancel(next);
}

TEST_F(ImportsTest, StartOnceForARepeatedRequest) {
  StartWith({}, "DVD+R", {"iso:192@0"});
  const std::string uuid = "request_id: '8d4ad5b5-0000-4000-8000-000000000001' ";
  const std::string image = BoundImage();
  const auto first = Import(image, uuid);
  ASSERT_THAT(first, Succeeds());
  EXPECT_EQ(Import(image, uuid)->name(), first->name());
  EXPECT_THAT(service_->End(first), Succeeds());
  EXPECT_EQ(Import(image, uuid)->name(), first->name()) << "though a session is imported";
  EXPECT_THAT(Import(image, uuid + "file_system: FILE_SYSTEM_ISO9660"),
              Refused("ALREADY_EXISTS", "REQUEST_ID_REUSED"));
}

TEST_F(ImportsTest, AreRefusedAtOnceWhereTheImageOrTheRequestForbidsThem) {
  StartWith({}, "DVD+R", {"iso:192@0"});
  const std::string fresh = NewImage();
  EXPECT_THAT(Import(fresh), Refused("FAILED_PRECONDITION", "IMAPI_E_MULTISESSION_NOT_SET",
                                     {{"resource", fresh}}));
  const std::string image = BoundImage();
  EXPECT_THAT(Import(image, "file_system: FILE_SYSTEM_UDF"),
              Refused("FAILED_PRECONDITION", "IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED"));
  EXPECT_THAT(service_->End(Import(image)), Succeeds());
  EXPECT_THAT(Import(image), Refused("FAILED_PRECONDITION", "IMAPI_E_PROPERTY_NOT_ACCESSIBLE",
                                     {{"resource", image}, {"operation", ""}}));
  EXPECT_THAT(Bind(image, "drive0"),
              Refused("FAILED_PRECONDITION", "IMAPI_E_PROPERTY_NOT_ACCESSIBLE"));
  v1::ImportFileSystemRequest request;
  request.set_image(NewImage());
  request.set_file_system(static_cast<v1::FileSystem>(64));
  EXPECT_THAT(service_->Call(&Images::ImportFileSystem, request),
              Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "file_system"}}));
}

TEST_F(ImportsTest, EndWhenTheDiscIsGoneOrAnother) {
  StartWith({}, "DVD+R", {"iso:192@0"});
  service_->AddDisc("A3", "DVD+R", 3, {"iso:208@0"});
  const std::string image = BoundImage();
  EXPECT_THAT(service_->End(service_->Call(&Robots::UnloadDisc, "drive: 'drives/drive0'")),
              Succeeds());
  EXPECT_THAT(service_->End(Import(image)),
              Refused("FAILED_PRECONDITION", "IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE",
                      {{"drive", "drives/drive0"}}));
  service_->LayIntoSlot("A3", 3);
  service_->Load("A3", "drive0");
  EXPECT_THAT(service_->End(Import(image)), Refused("ABORTED", "IMAPI_E_DISC_MISMATCH"));
  EXPECT_EQ(Get(image).state(), v1::Image::ACTIVE);
}

// A disc, how it is asked for, and how the operation ends.
struct BadDisc {
  const char* what;
  const char* media;
  const char* session;
  const char* words;
  const char* request;
  const char* limits;
  Refusal refusal;
};
TEST_F(ImportsTest, EndWithImapisCodeForWhatIsWrongWithTheDisc) {
  const BadDisc discs[] = {
      {"blank", "BD-RE", "", "", "", "", {"FAILED_PRECONDITION", "IMAPI_E_EMPTY_DISC", {}}},
      {"UDF",
       "BD-RE",
       "udf:320@0",
       "",
       "",
       "",
       {"FAILED_PRECONDITION", "IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED", {}}},
      {"no Joliet",
       "DVD+R",
       "iso:192@0",
       "",
       "file_system: FILE_SYSTEM_JOLIET",
       "",
       {"NOT_FOUND", "IMAPI_E_FILE_SYSTEM_NOT_FOUND", {}}},
      {"scratched",
       "DVD+R",
       "iso:192@0",
       "--unreadable=20-20",
       "",
       "",
       {"DATA_LOSS", "IMAPI_E_IMPORT_READ_FAILURE", {{"block", "20"}}}},
      {"zeros",
       "DVD+R",
       "zeros:192@0",
       "",
       "",
       "",
       {"FAILED_PRECONDITION", "IMAPI_E_NO_SUPPORTED_FILE_SYSTEM", {}}},
  };
  for (const BadDisc& disc : discs) {
    SCOPED_TRACE(disc.what);
    std::vector<std::string> sessions, words;
    if (*disc.session != '\0') sessions.push_back(disc.session);
    if (*disc.words != '\0') words.push_back(disc.words);
    StartWith({}, disc.media, sessions, words);
    const std::string image = BoundImage();
    EXPECT_THAT(service_->End(Import(image, disc.request)), IsRefusal(disc.refusal));
    EXPECT_FALSE(Get(image).has_imported_volume_name());
  }
}

TEST_F(ImportsTest, EndWhenTheTreeIsNone) {
  iso9660::ImageBuilder plain, loop, name;
  plain.Build();
  // A directory that lies where the root does.
  loop.AddDirectory(loop.AddDirectory(loop.root(), "A"), "B")->extent = plain.root()->start;
  name.AddFile(name.root(), "A/B.;1", "");
  const std::pair<std::vector<uint8_t>, const char*> volumes[] = {
      {loop.Build(), "IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR"},
      {name.Build(), "IMAPI_E_INVALID_PATH"}};
  for (const auto& [volume, reason] : volumes) {
    service_ = std::make_unique<Service>();
    service_->AddVolume("A1", "DVD+R", 1, volume);
    service_->LayIntoDrive("A1", 1);
    ASSERT_OK(service_->Start());
    const Operation ended = service_->End(Import(BoundImage()));
    const client::Error error = client::ErrorOf(ended.error());
    EXPECT_EQ(error.reason, reason);
  }
}

TEST_F(ImportsTest, EndAtTheConfiguredLimits) {
  Service::Options options = SlowlyReading();
  options.limits = "max_import_entries: 100";
  options.drives->speed = 16;
  service_ = std::make_unique<Service>(options);
  service_->AddVolume("A1", "DVD+R", 1, ManyDirectories(6));
  service_->LayIntoDrive("A1", 1);
  ASSERT_OK(service_->Start());
  EXPECT_THAT(service_->End(Import(BoundImage())),
              Refused("RESOURCE_EXHAUSTED", "E_OUTOFMEMORY", {{"limit", "*"}, {"value", "100"}}));
}

}  // namespace
}  // namespace carousel::component
