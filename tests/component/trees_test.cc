// AddTree: a tree of the staging root comes into an image as a whole or not at all.
#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"
#include "tests/testing/http_exchange.h"

namespace carousel::component {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr char kUuid[] = "request_id: '8d4ad5b5-0000-4000-8000-000000000001' ";

class TreesTest : public testing::Test {
 protected:
  TreesTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    root_ = absl::StrCat(testing::TempDir(), "/trees_", test->name(), "/staging");
    fs::remove_all(root_);
    fs::create_directories(root_ + "/tree/sub");
    Write("tree/a", "first");
    Write("tree/sub/b", "second");
    Write("tree/sub/same", "first");
    fs::create_symlink("../a", root_ + "/tree/sub/link");
  }
  void SetUp() override { Start(""); }

  void Start(const std::string& spool) {
    service_ = std::make_unique<Service>(
        Service::Options{.spool = absl::StrCat("staging_root: '", root_, "' ", spool)});
    ASSERT_OK(service_->Start());
    image_ = service_->Call(&Images::CreateImage, "")->name();
  }
  void Write(const std::string& path, const std::string& bytes) {
    std::ofstream(root_ + "/" + path) << bytes;
  }
  Answer<Operation> Add(const std::string& text) {
    return service_->Call(&Images::AddTree, absl::StrCat("image: '", image_, "' ", text));
  }
  v1::Image Get() {
    return service_->Call(&Images::GetImage, absl::StrCat("name: '", image_, "'")).value;
  }
  static v1::AddTreeResponse ResponseOf(const Operation& operation) {
    v1::AddTreeResponse response;
    EXPECT_TRUE(operation.response().UnpackTo(&response)) << operation.ShortDebugString();
    return response;
  }
  static v1::AddTreeMetadata MetadataOf(const Operation& operation) {
    v1::AddTreeMetadata metadata;
    EXPECT_TRUE(operation.metadata().UnpackTo(&metadata)) << operation.ShortDebugString();
    return metadata;
  }
  std::string Metrics() { return HttpGet(service_->http_port(), "/metrics"); }
  // Nothing was added and nothing is kept.
  void ExpectNoTrace() {
    EXPECT_EQ(Get().file_count(), 0);
    EXPECT_EQ(Get().state(), v1::Image::ACTIVE);
    EXPECT_THAT(Metrics(), HasSubstr("carousel_spool_used_bytes{by=\"contents\"} 0\n"));
    EXPECT_THAT(Metrics(), HasSubstr("carousel_spool_uploads 0\n"));
  }

  std::string root_;
  std::unique_ptr<Service> service_;
  std::string image_;
};

TEST_F(TreesTest, ComeIntoTheImageWithLinksAndEqualFilesOnce) {
  const Operation done = service_->End(Add("source: 'tree'"));
  ASSERT_THAT(done, Succeeds());
  const v1::AddTreeResponse response = ResponseOf(done);
  EXPECT_EQ(response.file_count(), 3);
  EXPECT_EQ(response.directory_count(), 1);
  EXPECT_EQ(response.link_count(), 1);
  EXPECT_EQ(response.size_bytes(), 16);
  EXPECT_EQ(response.image().file_count(), 4);
  EXPECT_EQ(response.image().directory_count(), 1);
  EXPECT_EQ(response.image().operation(), "");
  const v1::AddTreeMetadata metadata = MetadataOf(done);
  EXPECT_EQ(metadata.image(), image_);
  EXPECT_EQ(metadata.robot_id(), kRobotId);
  EXPECT_EQ(metadata.files_done(), 3);
  EXPECT_EQ(metadata.files_total(), 3);
  EXPECT_EQ(metadata.bytes_done(), 16);
  EXPECT_EQ(metadata.bytes_total(), 16);
  EXPECT_THAT(Metrics(), HasSubstr("carousel_spool_used_bytes{by=\"contents\"} 8192\n"))
      << "two contents";
}

TEST_F(TreesTest, ComeIntoADirectoryOfTheirName) {
  ASSERT_THAT(service_->End(Add("source: 'tree/sub' include_base_directory: true")), Succeeds());
  EXPECT_EQ(Get().directory_count(), 1);
  ASSERT_THAT(service_->End(Add("source: 'tree' directory: '/sub'")), Succeeds());
  EXPECT_EQ(Get().directory_count(), 2);
  ASSERT_THAT(service_->End(Add("")), Succeeds()) << "the staging root itself";
  EXPECT_EQ(Get().directory_count(), 4);
}

TEST_F(TreesTest, AreRefusedAtOnceWhereTheRequestIsNotRight) {
  for (const char* source : {"/etc", "..", "a/../b", "a//b", "./a", "a/"}) {
    EXPECT_THAT(Add(absl::StrCat("source: '", source, "'")),
                Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "source"}}))
        << source;
  }
  EXPECT_THAT(Add("include_base_directory: true"),
              Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "include_base_directory"}}));
  EXPECT_THAT(Add("source: 'tree' directory: '/none'"),
              Refused("NOT_FOUND", "IMAPI_E_DIR_NOT_FOUND", {{"path", "/none"}}));
  EXPECT_THAT(Add("source: 'tree' directory: 'none'"),
              Refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_PATH", {{"path", "none"}}));
  ASSERT_THAT(service_->End(Add("source: 'tree'")), Succeeds());
  EXPECT_THAT(Add("source: 'tree' directory: '/a'"),
              Refused("FAILED_PRECONDITION", "IMAPI_E_NOT_DIR", {{"path", "/a"}}));
}

TEST_F(TreesTest, StartOnceForARepeatedRequest) {
  const auto first = Add(absl::StrCat(kUuid, "source: 'tree'"));
  EXPECT_THAT(service_->End(first), Succeeds());
  EXPECT_EQ(Add(absl::StrCat(kUuid, "source: 'tree'"))->name(), first->name());
  EXPECT_THAT(Add(absl::StrCat(kUuid, "source: 'tree/sub'")),
              Refused("ALREADY_EXISTS", "REQUEST_ID_REUSED", {{"sent", "*"}}));
}

TEST_F(TreesTest, LeaveNoTraceWhenTheyFail) {
  EXPECT_THAT(service_->End(Add("source: 'none'")),
              Refused("FAILED_PRECONDITION", "IMAPI_E_DIRECTORY_READ_FAILURE", {{"path", "none"}}));
  fs::create_symlink("/etc", root_ + "/tree/out");
  EXPECT_THAT(
      service_->End(Add("source: 'tree/out'")),
      Refused("FAILED_PRECONDITION", "IMAPI_E_DIRECTORY_READ_FAILURE", {{"path", "tree/out"}}));
  ASSERT_EQ(mkfifo((root_ + "/tree/sub/fifo").c_str(), 0600), 0);
  EXPECT_THAT(service_->End(Add("source: 'tree'")),
              Refused("FAILED_PRECONDITION", "IMAPI_E_DATA_STREAM_CREATE_FAILURE",
                      {{"path", "tree/sub/fifo"}}));
  ExpectNoTrace();
}

TEST_F(TreesTest, EndAtTheConfiguredLimits) {
  Start("max_tree_entries: 3");
  EXPECT_THAT(service_->End(Add("source: 'tree'")),
              Refused("RESOURCE_EXHAUSTED", "E_OUTOFMEMORY",
                      {{"limit", "max_tree_entries"}, {"value", "3"}}));
  Start("max_tree_depth: 1");
  EXPECT_THAT(service_->End(Add("source: 'tree'")),
              Refused("RESOURCE_EXHAUSTED", "E_OUTOFMEMORY",
                      {{"limit", "max_tree_depth"}, {"value", "1"}}));
  Start("quota_bytes: 1048576");
  Write("tree/z", std::string(1 << 20, 'z'));
  EXPECT_THAT(service_->End(Add("source: 'tree'")),
              Refused("RESOURCE_EXHAUSTED", "LIMIT_REACHED", {{"limit", "spool_quota_bytes"}}));
  ExpectNoTrace();
}

TEST_F(TreesTest, NeedAStagingRoot) {
  service_ = std::make_unique<Service>();
  ASSERT_OK(service_->Start());
  image_ = service_->Call(&Images::CreateImage, "")->name();
  EXPECT_THAT(
      Add("source: 'tree'"),
      Refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_WORKING_DIRECTORY", {{"field", "source"}}));
}

TEST_F(TreesTest, SayThatTheServicesDiskFails) {
  const std::string folder = service_->config().spool.folder + "/uploads";
  fs::rename(folder, folder + "-away");
  EXPECT_THAT(service_->End(Add("source: 'tree'")),
              Refused("INTERNAL", "IMAPI_E_STASHFILE_WRITE_FAILURE", {{"cause", "EIO"}}));
  fs::rename(folder + "-away", folder);
  ExpectNoTrace();
}

// A file of 8 GiB, all hole, whose copy no test waits for.
class LargeTreesTest : public TreesTest {
 protected:
  void SetUp() override {
    Start("");
    Write("tree/0", "");
    fs::resize_file(root_ + "/tree/0", uint64_t{8} << 30);
    started_ = Add("source: 'tree'");
    ASSERT_THAT(started_, Succeeds());
    ASSERT_TRUE(Eventually([this] { return Progress().bytes_done() > 0; }));
  }
  v1::AddTreeMetadata Progress() {
    return MetadataOf(
        service_->Call(&Operations::GetOperation, absl::StrCat("name: '", started_->name(), "'"))
            .value);
  }
  void Cancel() {
    EXPECT_THAT(service_->Call(&Operations::CancelOperation,
                               absl::StrCat("name: '", started_->name(), "'")),
                Succeeds());
  }

  Answer<Operation> started_;
};

TEST_F(LargeTreesTest, HaveTheImageForThemselvesAndCanBeCancelled) {
  EXPECT_EQ(Get().state(), v1::Image::ADDING);
  EXPECT_EQ(Get().operation(), started_->name());
  EXPECT_THAT(Add("source: 'tree'"),
              Refused("FAILED_PRECONDITION", "IMAPI_E_PROPERTY_NOT_ACCESSIBLE",
                      {{"operation", started_->name()}, {"resource", image_}}));
  EXPECT_EQ(Progress().files_total(), 4);
  EXPECT_EQ(Progress().bytes_total(), (int64_t{8} << 30) + 16);
  EXPECT_EQ(Progress().current_item(), "0");
  Cancel();
  EXPECT_THAT(service_->End(started_), Refused("CANCELLED", "E_IMAPI_REQUEST_CANCELLED"));
  ExpectNoTrace();
}

TEST_F(LargeTreesTest, AreCancelledByTheirImagesDeletion) {
  EXPECT_THAT(service_->Call(&Images::DeleteImage, absl::StrCat("name: '", image_, "'")),
              Succeeds());
  EXPECT_THAT(service_->End(started_), Refused("CANCELLED", "E_IMAPI_REQUEST_CANCELLED"));
  EXPECT_THAT(Metrics(), HasSubstr("carousel_spool_used_bytes{by=\"uploads\"} 0\n"));
}

TEST_F(LargeTreesTest, EndWhenAFileChangesUnderThem) {
  fs::resize_file(root_ + "/tree/0", 1);
  EXPECT_THAT(service_->End(started_),
              Refused("ABORTED", "IMAPI_E_DATA_STREAM_INCONSISTENCY", {{"path", "tree/0"}}));
  ExpectNoTrace();
}

}  // namespace
}  // namespace carousel::component
