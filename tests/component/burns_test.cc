// WriteImage and AcknowledgeDisc: what becomes of a disc, and what is told of it.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/fs/iso9660/image_builder.h"
#include "tests/component/answer.h"
#include "tests/component/burning.h"
#include "tests/component/service.h"
#include "tests/component/streams.h"
#include "tests/testing/http_exchange.h"

namespace carousel::component {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kRequestId[] = "request_id: '6d2b6f5e-4b1c-4f0e-9a57-1f0a3c8d2e11'";

// A Rock Ridge volume: /photos with 20 files, /readme.
std::vector<uint8_t> Volume() {
  iso9660::ImageBuilder image;
  image.UseRockRidge();
  auto* photos = image.AddDirectory(image.root(), "PHOTOS",
                                    iso9660::Px(0040755, 2, 0, 0) + iso9660::Nm("photos"));
  for (int i = 100; i < 120; ++i) {
    image.AddFile(photos, absl::StrCat("F", i, ".;1"), absl::StrCat("jpg ", i),
                  iso9660::Px(0100644) + iso9660::Nm(absl::StrCat("photo-", i, ".jpg")));
  }
  image.AddFile(image.root(), "README.;1", "hello", iso9660::Px(0100600) + iso9660::Nm("readme"));
  return image.Build();
}

// Bytes that no other sector has.
std::string Text(size_t bytes) {
  std::string text;
  for (int64_t line = 0; text.size() < bytes; ++line) absl::StrAppend(&text, "line ", line, "\n");
  text.resize(bytes);
  return text;
}

std::string ReadFile(Service& service, const std::string& image, const std::string& path) {
  const Pieces pieces =
      ReadAll(service, &Images::ReadFile, absl::StrCat("image: '", image, "' path: '", path, "'"));
  EXPECT_THAT(pieces, Succeeds()) << path;
  return Joined(pieces);
}

// READ(10)s that drive0 was sent.
int ReadsOf(const Service& service) {
  const std::string page = HttpGet(service.http_port(), "/metrics");
  int reads = 0;
  for (const absl::string_view line : absl::StrSplit(page, '\n')) {
    if (!absl::StartsWith(line,
                          "carousel_scsi_commands_total{drive=\"drive0\",opcode=\"READ(10)\""))
      continue;
    int count = 0;
    EXPECT_TRUE(absl::SimpleAtoi(line.substr(line.rfind(' ') + 1), &count)) << line;
    reads += count;
  }
  return reads;
}

// A1, blank, in drive0.
std::unique_ptr<Service> WithBlank(const std::string& media, Service::Options options = {}) {
  auto service = std::make_unique<Service>(options);
  service->AddDisc("A1", media, 1);
  service->LayIntoDrive("A1", 1);
  EXPECT_OK(service->Start());
  return service;
}

std::string MasteredFile(Service& service, size_t bytes = 1 << 20) {
  const std::string image = NewImage(service);
  Upload(service, image, "/file.bin", Text(bytes));
  return Mastered(service, image);
}

class WholeFlowTest : public testing::TestWithParam<std::string> {};

TEST_P(WholeFlowTest, AppendsASessionInWhichTheNewFileIsAndTheOldOnesAreAsTheyWere) {
  Service service;
  service.AddVolume("A1", GetParam(), 1, Volume());
  service.LayIntoDrive("A1", 1);
  ASSERT_OK(service.Start());
  const std::string text = Text(3 << 20);
  const std::string image = ImportedImage(service);
  Upload(service, image, "/photos/new.bin", text);
  const Operation ended =
      Burn(service, Mastered(service, image), "verification: VERIFICATION_FULL");
  const v1::WriteImageResponse burnt = Burnt(ended);
  EXPECT_EQ(burnt.disc(), "discs/A1");
  EXPECT_EQ(burnt.disc_state(), "good");
  EXPECT_EQ(burnt.verification(), v1::WriteImageRequest::VERIFICATION_FULL);
  EXPECT_EQ(burnt.session_number(), 2);
  EXPECT_GT(burnt.start(), 0);
  EXPECT_GE(burnt.sectors() * 2048, static_cast<int64_t>(text.size()));
  EXPECT_THAT(burnt.sha256(), SizeIs(64));
  EXPECT_THAT(burnt.session_id(), SizeIs(36));
  const v1::WriteImageMetadata metadata = BurnMetadata(ended);
  EXPECT_EQ(metadata.action(), v1::WriteImageMetadata::ACTION_COMPLETED);
  EXPECT_EQ(metadata.image(), image);
  EXPECT_EQ(metadata.next_sector(), burnt.start() + burnt.sectors());
  EXPECT_EQ(metadata.bytes_written(), burnt.sectors() * 2048);
  EXPECT_EQ(metadata.sectors_verified(), metadata.sectors_to_verify());

  const std::string again = ImportedImage(service);
  EXPECT_TRUE(ReadFile(service, again, "/photos/new.bin") == text);
  EXPECT_EQ(ReadFile(service, again, "/readme"), "hello");
  for (int i = 100; i < 120; ++i) {
    EXPECT_EQ(ReadFile(service, again, absl::StrCat("/photos/photo-", i, ".jpg")),
              absl::StrCat("jpg ", i));
  }
  EXPECT_THAT(ReadFile(service, again, "/MANIFEST"), HasSubstr(burnt.session_id()));
  // The image's disc is not what it was: the same session is never written twice.
  EXPECT_THAT(Burn(service, image),
              Refused("ABORTED", "IMAPI_E_DISC_MISMATCH", {{"disc_state", "untouched"}}));
}

INSTANTIATE_TEST_SUITE_P(Media, WholeFlowTest,
                         testing::Values("CD-R", "DVD+R", "BD-R", "DVD+RW", "BD-RE"),
                         [](const testing::TestParamInfo<std::string>& info) {
                           std::string name;
                           for (const char c : info.param) {
                             if (c == '+') name += "Plus";
                             if (c != '+' && c != '-') name += c;
                           }
                           return name;
                         });

TEST(Burns, BeginADiscThatIsBlank) {
  const auto service = WithBlank("DVD+R");
  const v1::WriteImageResponse burnt = Burnt(Burn(*service, MasteredFile(*service)));
  EXPECT_EQ(burnt.session_number(), 1);
  EXPECT_EQ(burnt.start(), 0);
  EXPECT_EQ(burnt.disc_state(), "written") << "nobody has read it";
  EXPECT_EQ(ReadFile(*service, ImportedImage(*service), "/file.bin"), Text(1 << 20));
  EXPECT_THAT(Burn(*service, MasteredFile(*service)),
              Refused("FAILED_PRECONDITION", "E_IMAPI_DF2DATA_MEDIA_NOT_BLANK",
                      {{"disc_state", "untouched"}, {"drive", "drives/drive0"}}));
}

TEST(Burns, CloseADiscForEver) {
  const auto service = WithBlank("BD-R");
  Burnt(Burn(*service, MasteredFile(*service), "close: true"));
  const auto format = service->Call(&Formats::GetDiscFormat, "name: 'drives/drive0/discFormat'");
  EXPECT_THAT(format->media_statuses(), testing::Contains(v1::MEDIA_STATUS_FINALIZED));
}

TEST(Burns, AreSimulatedWhereTheMediumCan) {
  const auto service = WithBlank("CD-R");
  const std::string image = MasteredFile(*service);
  const v1::WriteImageResponse simulated = Burnt(Burn(*service, image, "simulate: true"));
  EXPECT_TRUE(simulated.simulated());
  EXPECT_EQ(simulated.disc_state(), "untouched");
  const auto format = service->Call(&Formats::GetDiscFormat, "name: 'drives/drive0/discFormat'");
  EXPECT_TRUE(format->physically_blank());
  EXPECT_EQ(Burnt(Burn(*service, image)).session_number(), 1);
}

TEST(Burns, AreNotSimulatedWhereTheMediumCannot) {
  const auto service = WithBlank("DVD+R");
  EXPECT_THAT(Burn(*service, MasteredFile(*service), "simulate: true"),
              Refused("UNIMPLEMENTED", "E_NOTIMPL", {{"disc_state", "untouched"}}));
}

TEST(Burns, AreRefusedAtOnceWhereImageDriveOrRequestForbidThem) {
  const auto service = WithBlank("DVD+R");
  const std::string image = MasteredFile(*service);
  const auto start = [&](const std::string& request) {
    return service->Call(&Formats::WriteImage, request);
  };
  EXPECT_THAT(start("image: 'images/none' drive: 'drives/drive0'"),
              Refused("NOT_FOUND", "NOT_FOUND", {{"resource", "images/none"}}));
  EXPECT_THAT(start(absl::StrCat("image: '", image, "' drive: 'drives/none'")),
              Refused("NOT_FOUND", "NOT_FOUND", {{"resource", "drives/none"}}));
  EXPECT_THAT(start(BurnRequest(image, "etag: '\"old\"'")), Refused("ABORTED", "ETAG_MISMATCH"));
  EXPECT_THAT(start(BurnRequest(NewImage(*service))),
              Refused("FAILED_PRECONDITION", "IMAPI_E_IMAGEMANAGER_NO_IMAGE"));
  EXPECT_THAT(start(BurnRequest(image, "sectors_per_second: -1")),
              Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "sectors_per_second"}}));
  EXPECT_THAT(start(BurnRequest(image, "verification: 7")),
              Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "verification"}}));
  EXPECT_THAT(start(BurnRequest(image, "verification: VERIFICATION_QUICK simulate: true")),
              Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "verification"}}));
}

TEST(Burns, StartOnceForARepeatedRequestAlsoAfterARestart) {
  const auto service = WithBlank("DVD+R");
  const std::string image = MasteredFile(*service);
  const auto first = service->Call(&Formats::WriteImage, BurnRequest(image, kRequestId));
  const v1::WriteImageResponse burnt = Burnt(service->End(first));
  EXPECT_EQ(service->Call(&Formats::WriteImage, BurnRequest(image, kRequestId))->name(),
            first->name());
  EXPECT_THAT(service->Call(&Formats::WriteImage,
                            BurnRequest(image, absl::StrCat("close: true ", kRequestId))),
              Refused("ALREADY_EXISTS", "REQUEST_ID_REUSED"));
  service->Stop();
  ASSERT_OK(service->Start());
  const auto again = service->Call(&Formats::WriteImage, BurnRequest(image, kRequestId));
  EXPECT_EQ(again->name(), first->name()) << "its image is gone, and it is not asked for";
  EXPECT_TRUE(again->done());
  EXPECT_EQ(Burnt(*again).SerializeAsString(), burnt.SerializeAsString());
  EXPECT_EQ(BurnMetadata(*again).disc(), "discs/A1");
}

TEST(Burns, HaveImageAndDriveForThemselves) {
  Service::Options options;
  options.time_scale = 1;
  const auto service = WithBlank("BD-R", options);
  const std::string image = MasteredFile(*service, 24 << 20);
  const auto running = service->Call(&Formats::WriteImage, BurnRequest(image));
  EXPECT_THAT(service->Call(&Formats::WriteImage, BurnRequest(MasteredFile(*service))),
              Refused("UNAVAILABLE", "E_IMAPI_RECORDER_LOCKED", {{"owner", running->name()}}));
  EXPECT_THAT(service->Call(&Formats::WriteImage,
                            absl::StrCat("image: '", image, "' drive: 'drives/drive1'")),
              Refused("FAILED_PRECONDITION", "IMAPI_E_PROPERTY_NOT_ACCESSIBLE",
                      {{"operation", running->name()}}));
  EXPECT_EQ(service->Call(&Images::GetImage, absl::StrCat("name: '", image, "'"))->state(),
            v1::Image::BURNING);
  EXPECT_THAT(service->Call(&Formats::AcknowledgeDisc, "disc: 'discs/A1' who: 'operator'"),
              testing::AnyOf(Succeeds(), Refused("FAILED_PRECONDITION", "DISC_HELD")));
  EXPECT_THAT(
      service->Call(&Operations::CancelOperation, absl::StrCat("name: '", running->name(), "'")),
      Succeeds());
  service->End(running);
}

TEST(Burns, ThatAreCancelledSayWhatTheDiscIsNow) {
  Service::Options options;
  options.time_scale = 1;
  const auto service = WithBlank("BD-R", options);
  const auto running =
      service->Call(&Formats::WriteImage, BurnRequest(MasteredFile(*service, 24 << 20)));
  const std::string name = absl::StrCat("name: '", running->name(), "'");
  ASSERT_TRUE(Eventually([&] {
    return BurnMetadata(*service->Call(&Operations::GetOperation, name)).bytes_written() > 0;
  }));
  EXPECT_THAT(service->Call(&Formats::AcknowledgeDisc, "disc: 'discs/A1' who: 'operator'"),
              Refused("FAILED_PRECONDITION", "DISC_HELD",
                      {{"outcome", "running"}, {"operation", running->name()}}));
  EXPECT_THAT(service->Call(&Operations::CancelOperation, name), Succeeds());
  const Operation ended = service->End(running);
  EXPECT_THAT(ended, Refused("ABORTED", "E_IMAPI_REQUEST_CANCELLED",
                             {{"disc_state", "partly_written"}, {"written", "*"}}));
  EXPECT_EQ(BurnMetadata(ended).disc_state(), "partly_written");
}

TEST(Burns, ThatFailHoldTheDiscUntilAnOperatorHasLooked) {
  Service::Options options;
  options.drive0 = "fault_plan: \"at 2 WRITE(10) sense 3/0C/00\"";
  const auto service = WithBlank("DVD+R", options);
  const std::string image = MasteredFile(*service);
  const Operation failed = Burn(*service, image);
  EXPECT_THAT(failed, testing::Not(Succeeds()));
  EXPECT_EQ(BurnMetadata(failed).disc_state(), "unknown");
  EXPECT_THAT(service->Call(&Formats::WriteImage, BurnRequest(image)),
              Refused("FAILED_PRECONDITION", "DISC_HELD",
                      {{"operation", failed.name()}, {"outcome", "failed"}}));
  EXPECT_THAT(service->Call(&Formats::AcknowledgeDisc, "disc: 'discs/A1'"),
              Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "who"}}));
  const auto released = service->Call(&Formats::AcknowledgeDisc,
                                      "disc: 'discs/A1' who: 'operator' note: 'a scratch'");
  ASSERT_THAT(released, Succeeds());
  ASSERT_THAT(released->actions(), SizeIs(1));
  EXPECT_EQ(released->actions(0).operation(), failed.name());
  EXPECT_EQ(released->actions(0).kind(), "write_session");
  EXPECT_EQ(released->actions(0).outcome(), "failed");
  EXPECT_THAT(service->Call(&Formats::AcknowledgeDisc, "disc: 'discs/A1' who: 'x'")->actions(),
              IsEmpty());
  EXPECT_THAT(Burn(*service, image),
              Refused("FAILED_PRECONDITION", "E_IMAPI_DF2DATA_INVALID_MEDIA_STATE",
                      {{"disc_state", "untouched"}}))
      << "its session is still open";
}

TEST(Burns, RefuseAMediumThatCannotBeWritten) {
  Service service;
  service.AddDisc("A1", "BD-R-POW", 1);
  service.LayIntoDrive("A1", 1);
  ASSERT_OK(service.Start());
  EXPECT_THAT(Burn(service, MasteredFile(service)),
              Refused("FAILED_PRECONDITION", "E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED",
                      {{"disc_state", "untouched"}}));
}

TEST(Burns, SayWhereADiscDoesNotReadAsItWasWritten) {
  int reads = 0;
  {
    const auto service = WithBlank("DVD+R");
    Burnt(Burn(*service, MasteredFile(*service), "verification: VERIFICATION_FULL"));
    reads = ReadsOf(*service);
  }
  ASSERT_GT(reads, 2);
  Service::Options options;
  options.drive0 = absl::StrCat("fault_plan: \"from ", reads, " READ(10) sense 3/11/05\"");
  const auto service = WithBlank("DVD+R", options);
  const Operation failed =
      Burn(*service, MasteredFile(*service), "verification: VERIFICATION_FULL");
  EXPECT_THAT(failed, Refused("DATA_LOSS", "E_IMAPI_BURN_VERIFICATION_FAILED",
                              {{"cause", "unreadable"}, {"disc_state", "suspect"}}));
  EXPECT_EQ(BurnMetadata(failed).disc_state(), "suspect");
}

TEST(Burns, AreVerifiedLaterByTheDigestOfTheJournal) {
  const auto service = WithBlank("BD-R");
  const v1::WriteImageResponse burnt = Burnt(Burn(*service, MasteredFile(*service)));
  EXPECT_EQ(burnt.disc_state(), "written");
  const Operation verified = service->End(
      service->Call(&Formats::VerifySession, "drive: 'drives/drive0' level: LEVEL_FULL"));
  ASSERT_THAT(verified, Succeeds());
  v1::VerifySessionResponse response;
  ASSERT_TRUE(verified.response().UnpackTo(&response));
  EXPECT_EQ(response.basis(), v1::VerifySessionResponse::BASIS_JOURNAL);
  EXPECT_EQ(response.sha256(), burnt.sha256());
  v1::DiscJobMetadata metadata;
  ASSERT_TRUE(verified.metadata().UnpackTo(&metadata));
  EXPECT_EQ(metadata.disc_state(), "good");
}

TEST(Burns, AreCounted) {
  const auto service = WithBlank("DVD+R");
  Burnt(Burn(*service, MasteredFile(*service), "verification: VERIFICATION_FULL"));
  const std::string page = HttpGet(service->http_port(), "/metrics");
  EXPECT_THAT(page, HasSubstr("carousel_burns_total{disc_state=\"good\",media=\"DVD+R\","
                              "outcome=\"done\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("carousel_burn_wrong_address_total{drive=\"drive0\"} 0\n"));
  EXPECT_THAT(page, HasSubstr("carousel_journal_held_discs 0\n"));
  const std::vector<LogLines::Line> ends = service->log().Where("kind", "write_image");
  ASSERT_THAT(ends, SizeIs(1));
  EXPECT_EQ(ends[0].at("code"), "OK");
  EXPECT_EQ(ends[0].at("disc"), "discs/A1");
}

}  // namespace
}  // namespace carousel::component
