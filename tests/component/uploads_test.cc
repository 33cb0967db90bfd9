// UploadFile and GetUpload: how a file comes into an image, whole, in pieces and again.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "carousel/v1/image.grpc.pb.h"
#include "gmock/gmock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/digest/sha256.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"
#include "tests/component/volumes.h"
#include "tests/testing/http_exchange.h"

namespace carousel::component {
namespace {

using testing::HasSubstr;

std::string Digest(const std::string& bytes) {
  const Sha256Digest digest =
      Sha256(absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
  return std::string(digest.begin(), digest.end());
}

v1::UploadFileRequest Chunk(int64_t offset, const std::string& data) {
  v1::UploadFileRequest request;
  request.mutable_chunk()->set_offset(offset);
  request.mutable_chunk()->set_data(data);
  return request;
}

// One stream, written message by message.
class Stream {
 public:
  explicit Stream(Service& service)
      : stub_(v1::FileSystemImageService::NewStub(service.channel())) {
    context_.set_deadline(std::chrono::system_clock::now() + kPatience);
    writer_ = stub_->UploadFile(&context_, &answer_.value);
  }
  ~Stream() {
    if (writer_ == nullptr) return;
    context_.TryCancel();
    End();
  }
  void Write(const v1::UploadFileRequest& request) { writer_->Write(request); }
  Answer<v1::UploadFileResponse> End() {
    writer_->WritesDone();
    answer_.status = writer_->Finish();
    writer_ = nullptr;
    return answer_;
  }

 private:
  const std::unique_ptr<v1::FileSystemImageService::Stub> stub_;
  grpc::ClientContext context_;
  Answer<v1::UploadFileResponse> answer_;
  std::unique_ptr<grpc::ClientWriter<v1::UploadFileRequest>> writer_;
};

class UploadsTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(service_.Start());
    image_ = NewImage();
  }

  std::string NewImage() { return service_.Call(&Images::CreateImage, "")->name(); }
  v1::UploadFileRequest Start(const std::string& bytes, const std::string& path = "/a",
                              const std::string& id = "u") {
    v1::UploadFileRequest request;
    v1::UploadStart& start = *request.mutable_start();
    start.set_image(image_);
    start.set_path(path);
    start.set_upload_id(id);
    start.set_size_bytes(static_cast<int64_t>(bytes.size()));
    start.set_sha256(Digest(bytes));
    return request;
  }
  Answer<v1::UploadFileResponse> Send(const std::vector<v1::UploadFileRequest>& messages) {
    Stream stream(service_);
    for (const v1::UploadFileRequest& message : messages) stream.Write(message);
    return stream.End();
  }
  Answer<v1::Upload> Get(const std::string& id = "u") {
    return service_.Call(&Images::GetUpload,
                         absl::StrCat("image: '", image_, "' upload_id: '", id, "'"));
  }
  // A stream of which the service has taken `bytes`.
  std::unique_ptr<Stream> Begun(const std::string& whole, const std::string& bytes) {
    auto stream = std::make_unique<Stream>(service_);
    stream->Write(Start(whole));
    stream->Write(Chunk(0, bytes));
    EXPECT_TRUE(Eventually([&] {
      const auto upload = Get();
      return upload.status.ok() && upload->durable_offset() == static_cast<int64_t>(bytes.size());
    }));
    return stream;
  }

  Service service_{
      {.limits = "max_message_bytes: 65536", .spool = "quota_bytes: 1048576 max_uploads: 2"}};
  std::string image_;
};

TEST_F(UploadsTest, PutAFileIntoTheImage) {
  const std::string bytes(100'000, 'x');
  auto start = Start(bytes, "/photo.jpg");
  v1::ItemAttributes& attributes = *start.mutable_start()->mutable_attributes();
  attributes.mutable_modify_time()->set_seconds(86'400);
  attributes.set_mode(0640);
  const auto sent =
      Send({start, Chunk(0, bytes.substr(0, 40'000)), Chunk(40'000, bytes.substr(40'000, 40'000)),
            Chunk(80'000, bytes.substr(80'000))});
  ASSERT_THAT(sent, Succeeds());
  EXPECT_EQ(sent->image().name(), image_);
  EXPECT_EQ(sent->image().file_count(), 1);
  const auto upload = Get();
  ASSERT_THAT(upload, Succeeds());
  EXPECT_TRUE(upload->complete());
  EXPECT_EQ(upload->durable_offset(), 100'000);
  EXPECT_EQ(upload->path(), "/photo.jpg");
  EXPECT_EQ(upload->sha256(), Digest(bytes));
}

TEST_F(UploadsTest, PutAnEmptyFileIntoTheImageByOneMessage) {
  const auto sent = Send({Start("")});
  ASSERT_THAT(sent, Succeeds());
  EXPECT_EQ(sent->image().file_count(), 1);
}

TEST_F(UploadsTest, GoOnWhereAStreamEnded) {
  Begun("0123456789", "01234").reset();
  EXPECT_EQ(Get()->durable_offset(), 5);
  EXPECT_FALSE(Get()->complete());
  Answer<v1::UploadFileResponse> sent;
  // The service may not have noticed the end of the first stream.
  ASSERT_TRUE(Eventually([&] {
    sent = Send({Start("0123456789"), Chunk(5, "56789")});
    return sent.status.error_code() != grpc::StatusCode::ABORTED;
  }));
  ASSERT_THAT(sent, Succeeds());
  EXPECT_EQ(sent->image().file_count(), 1);
}

TEST_F(UploadsTest, AddTheirFileOnceHoweverOftenTheyAreSent) {
  ASSERT_THAT(Send({Start("bytes"), Chunk(0, "bytes")}), Succeeds());
  EXPECT_EQ(Send({Start("bytes"), Chunk(0, "bytes")})->image().file_count(), 1);
  EXPECT_EQ(Send({Start("bytes")})->image().file_count(), 1) << "they are there";
}

TEST_F(UploadsTest, TellTheOffsetThatAGapWants) {
  EXPECT_THAT(Send({Start("0123456789"), Chunk(0, "01"), Chunk(3, "3")}),
              Refused("OUT_OF_RANGE", "UPLOAD_GAP", {{"sent", "3"}, {"actual", "2"}}));
  EXPECT_EQ(Get()->durable_offset(), 2);
}

TEST_F(UploadsTest, HaveOneWriter) {
  const auto first = Begun("0123456789", "01");
  EXPECT_THAT(Send({Start("0123456789")}), Refused("ABORTED", "UPLOAD_BUSY", {{"sent", "u"}}));
  first->Write(Chunk(2, "23456789"));
  EXPECT_THAT(first->End(), Succeeds());
}

TEST_F(UploadsTest, RefuseAnIdThatNamesAnotherFile) {
  ASSERT_THAT(Send({Start("bytes"), Chunk(0, "bytes")}), Succeeds());
  for (const auto& other : {Start("bytes", "/b"), Start("other", "/a"), Start("", "/a")}) {
    EXPECT_THAT(Send({other}), Refused("ALREADY_EXISTS", "REQUEST_ID_REUSED",
                                       {{"field", "upload_id"}, {"sent", "*"}}));
  }
}

TEST_F(UploadsTest, RefuseMessagesThatAreNotAsTheyMustBe) {
  const auto invalid = [](const std::string& field) {
    return Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", field}});
  };
  EXPECT_THAT(Send({}), invalid("start"));
  EXPECT_THAT(Send({Chunk(0, "bytes")}), invalid("start"));
  EXPECT_THAT(Send({v1::UploadFileRequest()}), invalid("start"));
  EXPECT_THAT(Send({Start("bytes"), Start("bytes")}), invalid("chunk"));
  EXPECT_THAT(Send({Start("bytes"), Chunk(-1, "b")}), invalid("offset"));
  EXPECT_THAT(Send({Start("bytes"), Chunk(0, "bytes and more")}), invalid("data"));
  EXPECT_THAT(Send({Start("", "/a", "")}), invalid("start.upload_id"));
  EXPECT_THAT(Send({Start("", "/a", std::string(257, 'u'))}), invalid("start.upload_id"));
  auto bad = Start("bytes");
  bad.mutable_start()->set_size_bytes(-1);
  EXPECT_THAT(Send({bad}), invalid("start.size_bytes"));
  bad = Start("bytes");
  bad.mutable_start()->set_sha256("short");
  EXPECT_THAT(Send({bad}), invalid("start.sha256"));
  bad = Start("bytes");
  bad.mutable_start()->mutable_attributes()->set_mode(010'0644);
  EXPECT_THAT(Send({bad}), invalid("start.attributes.mode"));
  bad = Start("bytes");
  bad.mutable_start()->mutable_attributes()->mutable_modify_time()->set_nanos(-1);
  EXPECT_THAT(Send({bad}), invalid("start.attributes.modify_time"));
  EXPECT_THAT(Get(""), invalid("upload_id"));
  EXPECT_THAT(Get(std::string(257, 'u')), invalid("upload_id"));
}

TEST_F(UploadsTest, RefuseAtTheirStartWhatTheImageWouldNotTake) {
  ASSERT_THAT(Send({Start("bytes", "/a", "1"), Chunk(0, "bytes")}), Succeeds());
  EXPECT_THAT(Send({Start("other", "/a", "2")}),
              Refused("ALREADY_EXISTS", "IMAPI_E_DUP_NAME", {{"path", "/a"}}));
  EXPECT_THAT(Send({Start("other", "/none/b", "3")}),
              Refused("NOT_FOUND", "IMAPI_E_DIR_NOT_FOUND", {{"path", "*"}}));
  EXPECT_THAT(Send({Start("other", "/a/b", "4")}),
              Refused("FAILED_PRECONDITION", "IMAPI_E_NOT_DIR", {{"path", "*"}}));
  EXPECT_THAT(Send({Start("other", "b", "5")}),
              Refused("INVALID_ARGUMENT", "IMAPI_E_INVALID_PATH", {{"path", "*"}}));
  auto start = Start("other", "/b", "6");
  start.mutable_start()->set_etag("\"other\"");
  EXPECT_THAT(Send({start}), Refused("ABORTED", "ETAG_MISMATCH", {{"resource", image_}}));
  for (const char* id : {"2", "3", "4", "5", "6"})
    EXPECT_THAT(Get(id), Refused("NOT_FOUND", "NOT_FOUND", {{"resource", "*"}})) << id;
}

TEST_F(UploadsTest, RefuseImagesThatAreNotThere) {
  auto start = Start("bytes");
  start.mutable_start()->set_image("images/none");
  EXPECT_THAT(Send({start}), Refused("NOT_FOUND", "NOT_FOUND", {{"resource", "images/none"}}));
  start.mutable_start()->set_image("none");
  EXPECT_THAT(Send({start}),
              Refused("INVALID_ARGUMENT", "INVALID_NAME", {{"field", "start.image"}}));
}

TEST_F(UploadsTest, AreLimitedByTheQuotaAndInNumber) {
  auto large = Start("");
  large.mutable_start()->set_size_bytes((1 << 20) + 1);
  EXPECT_THAT(Send({large}), Refused("RESOURCE_EXHAUSTED", "LIMIT_REACHED",
                                     {{"limit", "spool_quota_bytes"}, {"maximum", "1048576"}}));
  for (const char* id : {"1", "2"}) {
    EXPECT_THAT(
        Send({Start("bytes", "/a", id)}),
        Refused("FAILED_PRECONDITION", "UPLOAD_INCOMPLETE", {{"actual", "0"}, {"expected", "5"}}));
  }
  EXPECT_THAT(Send({Start("bytes", "/a", "3")}),
              Refused("RESOURCE_EXHAUSTED", "LIMIT_REACHED", {{"limit", "max_uploads"}}));
}

TEST_F(UploadsTest, EndWithBytesThatAreNotTheAnnouncedOnes) {
  EXPECT_THAT(Send({Start("bytes"), Chunk(0, "bytez")}),
              Refused("INVALID_ARGUMENT", "CONTENT_MISMATCH", {{"field", "sha256"}}));
  EXPECT_THAT(Get(), Refused("NOT_FOUND", "NOT_FOUND", {{"resource", "*"}}));
  EXPECT_THAT(Send({Start("bytes"), Chunk(0, "by"), Chunk(0, "bx")}),
              Refused("INVALID_ARGUMENT", "CONTENT_MISMATCH", {{"field", "data"}}));
  EXPECT_EQ(service_.Call(&Images::GetImage, absl::StrCat("name: '", image_, "'"))->file_count(),
            0);
}

TEST_F(UploadsTest, AreRefusedAtTheirEndIfThePathWasTakenMeanwhileAndStayComplete) {
  auto first = Begun("0123456789", "01");
  ASSERT_THAT(Send({Start("other", "/a", "other"), Chunk(0, "other")}), Succeeds());
  first->Write(Chunk(2, "23456789"));
  EXPECT_THAT(first->End(), Refused("ALREADY_EXISTS", "IMAPI_E_DUP_NAME", {{"path", "/a"}}));
  EXPECT_TRUE(Get()->complete());
}

TEST_F(UploadsTest, GoWithTheirImage) {
  ASSERT_THAT(Send({Start("bytes", "/b", "1"), Chunk(0, "bytes")}), Succeeds());
  const auto begun = Begun("0123456789", "01");
  EXPECT_THAT(service_.Call(&Images::DeleteImage, absl::StrCat("name: '", image_, "'")),
              Succeeds());
  const std::string metrics = HttpGet(service_.http_port(), "/metrics");
  EXPECT_THAT(metrics, HasSubstr("carousel_spool_used_bytes{by=\"contents\"} 0\n"));
  EXPECT_THAT(metrics, HasSubstr("carousel_spool_uploads 0\n"));
  begun->Write(Chunk(2, "23456789"));
  EXPECT_THAT(begun->End(), Refused("NOT_FOUND", "NOT_FOUND", {{"resource", "*"}}));
  image_ = NewImage();
  EXPECT_THAT(Get("1"), Refused("NOT_FOUND", "NOT_FOUND", {{"resource", "*"}}));
}

TEST_F(UploadsTest, AreGoneAfterARestartAsTheImagesAre) {
  ASSERT_THAT(Send({Start("bytes", "/b", "1"), Chunk(0, "bytes")}), Succeeds());
  Begun("0123456789", "01").reset();
  service_.Stop();
  ASSERT_OK(service_.Start());
  const std::string metrics = HttpGet(service_.http_port(), "/metrics");
  EXPECT_THAT(metrics, HasSubstr("carousel_spool_used_bytes{by=\"contents\"} 0\n"));
  EXPECT_THAT(metrics, HasSubstr("carousel_spool_used_bytes{by=\"uploads\"} 0\n"));
}

TEST_F(UploadsTest, SayThatTheServicesDiskFails) {
  Begun("0123456789", "01").reset();
  const std::filesystem::path folder = service_.config().spool.folder + "/uploads";
  std::filesystem::rename(folder, folder.string() + "-away");
  const auto failed = Refused("INTERNAL", "IMAPI_E_STASHFILE_WRITE_FAILURE", {{"cause", "EIO"}});
  EXPECT_THAT(Get(), failed);
  EXPECT_THAT(Send({Start("bytes", "/b", "2")}), failed);
  std::filesystem::rename(folder.string() + "-away", folder);
  EXPECT_THAT(Get(), Succeeds());
}

TEST_F(UploadsTest, ComeFromManyStreamsAtOnce) {
  std::vector<std::thread> threads;
  std::vector<std::string> images;
  for (int i = 0; i < 2; ++i) images.push_back(NewImage());
  for (const std::string& image : images) {
    threads.emplace_back([&, image] {
      for (int file = 0; file < 20; ++file) {
        const std::string bytes(10'000, static_cast<char>('a' + file));
        auto start = Start(bytes, absl::StrCat("/", file), absl::StrCat(file));
        start.mutable_start()->set_image(image);
        std::vector<v1::UploadFileRequest> messages = {start};
        for (int64_t offset = 0; offset < 10'000; offset += 100)
          messages.push_back(Chunk(offset, bytes.substr(offset, 100)));
        EXPECT_THAT(Send(messages), Succeeds());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& image : images) {
    EXPECT_EQ(service_.Call(&Images::GetImage, absl::StrCat("name: '", image, "'"))->file_count(),
              20);
  }
}

TEST(UploadsDuringAnImport, AreRefused) {
  Service service(SlowlyReading());
  service.AddVolume("A1", "DVD+R", 1, SlowVolume());
  service.LayIntoDrive("A1", 1);
  ASSERT_OK(service.Start());
  const std::string image = service.Call(&Images::CreateImage, "")->name();
  ASSERT_THAT(
      service.Call(&Images::SetMultisessionInterfaces,
                   absl::StrCat("image: '", image, "' multisession_interfaces { interfaces { ",
                                "import_recorder: 'drives/drive0' sequential {} } }")),
      Succeeds());
  const auto import = service.Call(&Images::ImportFileSystem, absl::StrCat("image: '", image, "'"));
  ASSERT_THAT(import, Succeeds());
  Stream stream(service);
  v1::UploadFileRequest request;
  request.mutable_start()->set_image(image);
  request.mutable_start()->set_path("/a");
  request.mutable_start()->set_upload_id("u");
  request.mutable_start()->set_sha256(Digest(""));
  stream.Write(request);
  EXPECT_THAT(stream.End(), Refused("FAILED_PRECONDITION", "IMAPI_E_PROPERTY_NOT_ACCESSIBLE",
                                    {{"operation", import->name()}, {"resource", image}}));
  EXPECT_THAT(
      service.Call(&Operations::CancelOperation, absl::StrCat("name: '", import->name(), "'")),
      Succeeds());
}

}  // namespace
}  // namespace carousel::component
