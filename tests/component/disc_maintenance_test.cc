// DiscFormatService: what verifies, erases, closes, repairs and describes the disc in a drive.
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/digest/sha256.h"
#include "server/mastering/image_reader.h"
#include "server/mastering/manifest.h"
#include "server/mastering/memory_contents.h"
#include "server/mastering/plan.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"
#include "tests/component/volumes.h"
#include "tests/testing/http_exchange.h"

namespace carousel::component {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kDrive0[] = "drive: 'drives/drive0' ";
constexpr char kFull[] = "drive: 'drives/drive0' level: LEVEL_FULL";
constexpr char kUuid[] = " request_id: '8d4ad5b5-0000-4000-8000-000000000001'";

// A volume with a file and its manifest, as the service's own sessions are, for sector 0 of a disc.
std::vector<uint8_t> VolumeWithManifest() {
  const std::string bytes(100'000, 'x');
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  const mastering::Manifest manifest{
      .session = "5e551014-0000-4000-8000-000000000001",
      .job = "job-1",
      .program = "carousel 0",
      .files = {{"/a.bin", Sha256(absl::MakeConstSpan(data, bytes.size()))}}};
  mastering::MemoryContents contents;
  FileTree tree;
  std::vector<mastering::NewFile> files;
  const auto add = [&](const std::string& name, const std::string& text) {
    const auto id =
        tree.Add(FileTree::kRoot, name, EntryData{.bytes = static_cast<int64_t>(text.size())});
    EXPECT_OK(id);
    files.push_back({*id, contents.Add(text)});
  };
  add("a.bin", bytes);
  add("MANIFEST", *mastering::FormatManifest(manifest));
  tree.Finish();
  const auto plan = mastering::Plan::Make(tree, files, {.session_start = Lba(0)});
  EXPECT_OK(plan);
  std::vector<uint8_t> volume((*plan)->sectors().bytes());
  EXPECT_OK(mastering::ImageReader(plan->get(), &contents).Read(Lba(0), absl::MakeSpan(volume)));
  return volume;
}

v1::DiscJobMetadata MetadataOf(const Operation& operation) {
  v1::DiscJobMetadata metadata;
  EXPECT_TRUE(operation.metadata().UnpackTo(&metadata)) << operation.ShortDebugString();
  return metadata;
}
template <typename Response>
Response ResponseOf(const Operation& operation) {
  Response response;
  EXPECT_TRUE(operation.response().UnpackTo(&response)) << operation.ShortDebugString();
  return response;
}

// A1 lies in drive0.
class DiscMaintenanceTest : public testing::Test {
 protected:
  void StartWith(const std::string& media, const std::vector<std::string>& sessions = {},
                 const std::vector<std::string>& words = {},
                 const Service::Options& options = Service::Options()) {
    service_ = std::make_unique<Service>(options);
    service_->AddDisc("A1", media, 1, sessions, words);
    Go();
  }
  void StartWithManifest(const std::string& media) {
    service_ = std::make_unique<Service>();
    service_->AddVolume("A1", media, 1, VolumeWithManifest());
    Go();
  }
  void Go() {
    service_->LayIntoDrive("A1", 1);
    ASSERT_OK(service_->Start());
  }
  Answer<Operation> Verify(const std::string& text) {
    return service_->Call(&Formats::VerifySession, text);
  }
  Answer<Operation> Erase(const std::string& text) {
    return service_->Call(&Formats::EraseMedia, absl::StrCat(kDrive0, text));
  }
  Answer<Operation> Close(const std::string& text) {
    return service_->Call(&Formats::CloseDisc, absl::StrCat(kDrive0, text));
  }
  Answer<Operation> Repair() { return service_->Call(&Formats::RepairDisc, kDrive0); }
  Answer<v1::DescribeDiscResponse> Describe(const std::string& text = "") {
    return service_->Call(&Formats::DescribeDisc, absl::StrCat(kDrive0, text));
  }
  v1::DiscFormat Format() {
    return service_->Call(&Formats::GetDiscFormat, "name: 'drives/drive0/discFormat'").value;
  }
  // Turns a bit on the disc.
  void Flip(int64_t sector) {
    std::fstream data(absl::StrCat(service_->store(), "/discs/A1/data"),
                      std::ios::in | std::ios::out | std::ios::binary);
    data.seekg(sector * kSectorSize + 7);
    const char byte = static_cast<char>(data.get() ^ 1);
    data.seekp(sector * kSectorSize + 7);
    data.put(byte);
    ASSERT_TRUE(data.flush().good());
  }

  std::unique_ptr<Service> service_;
};

TEST_F(DiscMaintenanceTest, DescribesSessionsAndTheManifestWithItsFiles) {
  StartWithManifest("DVD+R");
  const auto disc = Describe("view: VIEW_FILES");
  ASSERT_THAT(disc, Succeeds());
  EXPECT_EQ(disc->disc_format().disc(), "discs/A1");
  EXPECT_THAT(disc->disc_format().disc_identifier(), SizeIs(32));
  ASSERT_THAT(disc->sessions(), SizeIs(1));
  EXPECT_EQ(disc->sessions(0).number(), 1);
  EXPECT_EQ(disc->sessions(0).start(), 0);
  EXPECT_TRUE(disc->sessions(0).data());
  EXPECT_GT(disc->sessions(0).volume_sectors(), 0);
  EXPECT_EQ(disc->manifest().job(), "job-1");
  EXPECT_EQ(disc->manifest().file_count(), 1);
  ASSERT_THAT(disc->manifest().files(), SizeIs(1));
  EXPECT_EQ(disc->manifest().files(0).path(), "/a.bin");
  EXPECT_THAT(disc->manifest().files(0).sha256(), SizeIs(64));
  EXPECT_FALSE(disc->open_session());
  EXPECT_THAT(Describe()->manifest().files(), IsEmpty());
  EXPECT_FALSE(Describe("view: VIEW_SESSIONS")->has_manifest());
}

TEST_F(DiscMaintenanceTest, DescribesASessionThatIsOpenAndOneWithoutAManifest) {
  StartWith("DVD+R", {"iso:192@0", "iso:64@2240"}, {"--state=open"});
  const auto disc = Describe();
  ASSERT_THAT(disc, Succeeds());
  EXPECT_TRUE(disc->open_session());
  EXPECT_THAT(disc->sessions(), SizeIs(1));
  EXPECT_FALSE(disc->has_manifest());
}

TEST_F(DiscMaintenanceTest, DoesNotDescribeADiscWhoseDirectoriesContradictThemselves) {
  std::vector<uint8_t> volume = VolumeWithManifest();
  // The root's own record in the primary descriptor, then its third record: the first file's.
  const int64_t root =
      (volume[16 * kSectorSize + 158] | volume[16 * kSectorSize + 159] << 8) * kSectorSize;
  const int64_t dot_dot = root + volume[root];
  const int64_t file = dot_dot + volume[dot_dot];
  std::fill_n(volume.begin() + file + 2, 8, 0x7F);  // its extent, in both byte orders
  service_ = std::make_unique<Service>();
  service_->AddVolume("A1", "DVD+R", 1, volume);
  Go();
  EXPECT_THAT(Describe(), Refused("DATA_LOSS", "E_IMAPI_BURN_VERIFICATION_FAILED",
                                  {{"cause", "file_system"}, {"drive", "drives/drive0"}}));
}

TEST_F(DiscMaintenanceTest, VerifiesASessionByItsManifestAfterAReload) {
  StartWithManifest("BD-R");
  const uint64_t before = Format().media_generation();
  const Operation operation = service_->End(Verify(kFull));
  ASSERT_THAT(operation, Succeeds());
  const auto response = ResponseOf<v1::VerifySessionResponse>(operation);
  EXPECT_EQ(response.basis(), v1::VerifySessionResponse::BASIS_MANIFEST);
  EXPECT_EQ(response.session().number(), 1);
  EXPECT_EQ(response.manifest().file_count(), 1);
  EXPECT_EQ(response.manifest().session_id(), "5e551014-0000-4000-8000-000000000001");
  EXPECT_GT(response.sectors(), 0);
  EXPECT_EQ(response.held_actions(), 0);
  EXPECT_GT(response.disc_format().media_generation(), before);
  EXPECT_EQ(Format().media_generation(), response.disc_format().media_generation());
  const v1::DiscJobMetadata metadata = MetadataOf(operation);
  EXPECT_EQ(metadata.drive(), "drives/drive0");
  EXPECT_EQ(metadata.disc(), "discs/A1");
  EXPECT_EQ(metadata.action(), v1::DiscJobMetadata::ACTION_COMPLETED);
  EXPECT_EQ(metadata.sectors_done(), metadata.sectors_total());
  EXPECT_EQ(metadata.disc_state(), "good");
  EXPECT_TRUE(metadata.has_end_time());
  EXPECT_THAT(HttpGet(service_->http_port(), "/metrics"),
              testing::HasSubstr("carousel_disc_jobs_total{disc_state=\"good\",kind=\"verify_"
                                 "session\",outcome=\"done\"} 1\n"));
}

TEST_F(DiscMaintenanceTest, ReadsASessionOfWhichNothingIsKnown) {
  StartWith("CD-R", {"iso:400@0"});
  const Operation operation = service_->End(Verify(kFull));
  const auto response = ResponseOf<v1::VerifySessionResponse>(operation);
  EXPECT_EQ(response.basis(), v1::VerifySessionResponse::BASIS_UNSPECIFIED);
  EXPECT_THAT(response.sha256(), SizeIs(64));
  EXPECT_EQ(MetadataOf(operation).disc_state(), "untouched") << "nobody knows what it should be";
}

TEST_F(DiscMaintenanceTest, NamesTheFileThatIsNotWhatTheManifestSays) {
  StartWithManifest("DVD+R");
  const int64_t last = VolumeWithManifest().size() / kSectorSize;
  Flip(last - 10);
  const Operation operation = service_->End(Verify(kFull));
  EXPECT_THAT(operation, Refused("DATA_LOSS", "E_IMAPI_BURN_VERIFICATION_FAILED",
                                 {{"cause", "file"},
                                  {"path", "/a.bin"},
                                  {"fault", "different"},
                                  {"faults", "1"},
                                  {"drive", "drives/drive0"},
                                  {"disc_state", "suspect"}}));
  ASSERT_THAT(MetadataOf(operation).faults(), SizeIs(1));
  EXPECT_EQ(MetadataOf(operation).faults(0).cause(), "different");
}

TEST_F(DiscMaintenanceTest, VerifiesOnlyWhatIsThere) {
  StartWith("DVD+R");
  EXPECT_THAT(service_->End(Verify(kFull)),
              Refused("FAILED_PRECONDITION", "E_IMAPI_DF2DATA_INVALID_MEDIA_STATE",
                      {{"drive", "drives/drive0"}, {"disc_state", "untouched"}}));
  EXPECT_THAT(service_->End(Verify(absl::StrCat(kFull, " session: 3"))),
              Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "session"}}));
}

TEST_F(DiscMaintenanceTest, RefusesRequestsThatDoNotSayWhatIsMeant) {
  StartWith("CD-RW");
  const auto field = [](const std::string& name) {
    return Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", name}});
  };
  EXPECT_THAT(Verify(kDrive0), field("level"));
  EXPECT_THAT(Verify(absl::StrCat(kFull, " session: -1")), field("session"));
  EXPECT_THAT(Erase("confirmed_disc: 'A1'"), field("mode"));
  EXPECT_THAT(Erase("mode: MODE_MINIMAL"), field("confirmed_disc"));
  EXPECT_THAT(Close(""), field("mode"));
  EXPECT_THAT(Close("mode: MODE_DISC"), field("confirmed_disc"));
}

TEST_F(DiscMaintenanceTest, HasNothingToDoWithAnEmptyDrive) {
  service_ = std::make_unique<Service>();
  ASSERT_OK(service_->Start());
  const Refusal empty{
      "FAILED_PRECONDITION", "E_IMAPI_RECORDER_MEDIA_NO_MEDIA", {{"drive", "drives/drive0"}}};
  EXPECT_THAT(Verify(kFull), IsRefusal(empty));
  EXPECT_THAT(Erase("mode: MODE_FULL confirmed_disc: 'A1'"), IsRefusal(empty));
  EXPECT_THAT(Close("mode: MODE_SESSION"), IsRefusal(empty));
  EXPECT_THAT(Repair(), IsRefusal(empty));
  EXPECT_THAT(Describe(), IsRefusal(empty));
}

TEST_F(DiscMaintenanceTest, IsRefusedWhileAnotherHasTheDriveAndCanBeCancelled) {
  service_ = std::make_unique<Service>(SlowlyReading());
  service_->AddVolume("A1", "DVD+R", 1, SlowVolume());
  Go();
  const auto first = Verify(kFull);
  ASSERT_THAT(first, Succeeds());
  const Refusal locked{"UNAVAILABLE",
                       "E_IMAPI_RECORDER_LOCKED",
                       {{"owner", first->name()}, {"drive", "drives/drive0"}}};
  EXPECT_THAT(Verify(kFull), IsRefusal(locked));
  EXPECT_THAT(Erase("mode: MODE_FULL confirmed_disc: 'A1'"), IsRefusal(locked));
  EXPECT_THAT(Close("mode: MODE_SESSION"), IsRefusal(locked));
  EXPECT_THAT(Repair(), IsRefusal(locked));
  EXPECT_THAT(Describe(), IsRefusal(locked));
  google::longrunning::GetOperationRequest get;
  get.set_name(first->name());
  EXPECT_TRUE(Eventually([&] {
    const v1::DiscJobMetadata now =
        MetadataOf(service_->Call(&Operations::GetOperation, get).value);
    return now.action() == v1::DiscJobMetadata::ACTION_READING && now.sectors_done() > 0 &&
           now.sectors_per_second() > 0;
  }));
  EXPECT_THAT(
      service_->Call(&Operations::CancelOperation, absl::StrCat("name: '", first->name(), "'")),
      Succeeds());
  EXPECT_THAT(service_->End(first), Refused("CANCELLED", "E_IMAPI_REQUEST_CANCELLED",
                                            {{"drive", "*"}, {"disc_state", "untouched"}}));
}

TEST_F(DiscMaintenanceTest, ErasesTheDiscThatWasConfirmedByItsBarCodeOrIdentifier) {
  StartWith("CD-RW", {"iso:400@0"});
  EXPECT_THAT(service_->End(Erase("mode: MODE_MINIMAL confirmed_disc: 'A2'")),
              Refused("ABORTED", "IMAPI_E_DISC_MISMATCH",
                      {{"property", "identifier"},
                       {"planned", "A2"},
                       {"found", "*"},
                       {"drive", "drives/drive0"},
                       {"disc_state", "untouched"}}));
  EXPECT_EQ(Format().session_count(), 1);
  const std::string identifier = Format().disc_identifier();
  const Operation operation =
      service_->End(Erase(absl::StrCat("mode: MODE_MINIMAL confirmed_disc: '", identifier, "'")));
  const auto response = ResponseOf<v1::EraseMediaResponse>(operation);
  EXPECT_TRUE(response.disc_format().physically_blank());
  EXPECT_EQ(MetadataOf(operation).disc_state(), "erased");
  EXPECT_EQ(MetadataOf(operation).action(), v1::DiscJobMetadata::ACTION_COMPLETED);
  EXPECT_TRUE(Format().physically_blank());
  EXPECT_THAT(service_->End(Erase("mode: MODE_FULL confirmed_disc: 'A1'")), Succeeds());
}

TEST_F(DiscMaintenanceTest, FormatsADvdRwSoThatItIsOverwritten) {
  StartWith("DVD-RW", {"iso:192@0"});
  const Operation operation = service_->End(Erase("mode: MODE_FORMAT confirmed_disc: 'A1'"));
  const auto response = ResponseOf<v1::EraseMediaResponse>(operation);
  EXPECT_TRUE(response.disc_format().heuristically_blank());
  EXPECT_THAT(response.disc_format().profile(), testing::HasSubstr("restricted"));
}

TEST_F(DiscMaintenanceTest, DoesNotEraseWhatStaysForEver) {
  StartWith("BD-R", {"iso:192@0"});
  EXPECT_THAT(service_->End(Erase("mode: MODE_FULL confirmed_disc: 'A1'")),
              Refused("FAILED_PRECONDITION", "E_IMAPI_ERASE_MEDIA_IS_NOT_ERASABLE",
                      {{"media", "*"}, {"drive", "*"}, {"disc_state", "untouched"}}));
}

TEST_F(DiscMaintenanceTest, DoesNotBlankWhatIsFormatted) {
  StartWith("DVD+RW", {"iso:192@0"});
  EXPECT_THAT(service_->End(Erase("mode: MODE_FULL confirmed_disc: 'A1'")),
              Refused("FAILED_PRECONDITION", "E_IMAPI_ERASE_MEDIA_IS_NOT_SUPPORTED",
                      {{"media", "*"}, {"drive", "*"}, {"disc_state", "untouched"}}));
}

TEST_F(DiscMaintenanceTest, DoesNotEraseAWriteProtectedDisc) {
  StartWith("DVD+RW", {"iso:192@0"}, {"--state=write-protected"});
  EXPECT_THAT(service_->End(Erase("mode: MODE_FORMAT confirmed_disc: 'A1'")),
              Refused("FAILED_PRECONDITION", "E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED",
                      {{"media", "*"}, {"drive", "*"}, {"disc_state", "untouched"}}));
}

TEST_F(DiscMaintenanceTest, TellsThatTheDriveRefusesToErase) {
  StartWith("CD-RW", {"iso:400@0"}, {}, {.drive0 = "fault_plan: 'from 1 A1 sense 5/24/00'"});
  EXPECT_THAT(
      service_->End(Erase("mode: MODE_FULL confirmed_disc: 'A1'")),
      Refused(
          "INTERNAL", "E_IMAPI_ERASE_DRIVE_FAILED_ERASE_COMMAND",
          {{"sense", "5/24/00"}, {"opcode", "*"}, {"drive", "*"}, {"disc_state", "untouched"}}));
}

TEST_F(DiscMaintenanceTest, HoldsADiscWhoseErasureFailedUntilItIsErasedOrSeenBlank) {
  StartWith("CD-RW", {"iso:400@0"}, {}, {.drive0 = "fault_plan: 'at 1 A1 sense 3/51/00'"});
  const std::string erase = absl::StrCat("mode: MODE_MINIMAL confirmed_disc: 'A1'", kUuid);
  const Operation failed = service_->End(Erase(erase));
  EXPECT_THAT(
      failed,
      Refused("INTERNAL", "E_IMAPI_ERASE_UNEXPECTED_DRIVE_RESPONSE_DURING_ERASE",
              {{"sense", "3/51/00"}, {"opcode", "*"}, {"drive", "*"}, {"disc_state", "unknown"}}));
  EXPECT_THAT(service_->End(Erase("mode: MODE_MINIMAL confirmed_disc: 'A1'")), Succeeds());
  service_->Stop();
  ASSERT_OK(service_->Start());
  EXPECT_EQ(service_->End(Erase(erase)).name(), failed.name()) << "never a second one";
}

TEST_F(DiscMaintenanceTest, IsKnownAfterARestartWithWhatItFound) {
  StartWithManifest("DVD+R");
  const Operation before = service_->End(Verify(absl::StrCat(kFull, kUuid)));
  service_->Stop();
  ASSERT_OK(service_->Start());
  const auto again = Verify(absl::StrCat(kFull, kUuid));
  ASSERT_THAT(again, Succeeds());
  EXPECT_EQ(again->name(), before.name());
  EXPECT_TRUE(again->done());
  const auto response = ResponseOf<v1::VerifySessionResponse>(*again);
  EXPECT_EQ(response.basis(), v1::VerifySessionResponse::BASIS_MANIFEST);
  EXPECT_EQ(response.manifest().job(), "job-1");
  EXPECT_EQ(response.disc_format().disc_identifier(),
            ResponseOf<v1::VerifySessionResponse>(before).disc_format().disc_identifier());
  EXPECT_EQ(MetadataOf(*again).disc_state(), "good");
  EXPECT_THAT(Verify(absl::StrCat("drive: 'drives/drive0' level: LEVEL_QUICK", kUuid)),
              Refused("ALREADY_EXISTS", "REQUEST_ID_REUSED"));
}

TEST_F(DiscMaintenanceTest, StartsOnceForARepeatedRequest) {
  StartWith("DVD+R", {"iso:192@0"});
  const std::string close = absl::StrCat("mode: MODE_DISC confirmed_disc: 'A1'", kUuid);
  const auto first = Close(close);
  ASSERT_THAT(first, Succeeds());
  EXPECT_EQ(Close(close)->name(), first->name());
  EXPECT_THAT(service_->End(first), Succeeds());
  const Refusal reused{"ALREADY_EXISTS", "REQUEST_ID_REUSED"};
  EXPECT_THAT(Close(absl::StrCat("mode: MODE_SESSION", kUuid)), IsRefusal(reused));
  EXPECT_THAT(Erase(absl::StrCat("mode: MODE_FULL confirmed_disc: 'A1'", kUuid)),
              IsRefusal(reused));
  EXPECT_THAT(service_->Call(&Formats::RepairDisc, absl::StrCat(kDrive0, kUuid)),
              IsRefusal(reused));
}

TEST_F(DiscMaintenanceTest, ClosesADiscForEverAndTellsWhatTheDriveShows) {
  StartWith("DVD+R", {"iso:192@0"});
  EXPECT_THAT(service_->End(Close("mode: MODE_DISC confirmed_disc: 'B7'")),
              Refused("ABORTED", "IMAPI_E_DISC_MISMATCH",
                      {{"property", "identifier"},
                       {"planned", "B7"},
                       {"found", "*"},
                       {"drive", "*"},
                       {"disc_state", "untouched"}}));
  const Operation operation = service_->End(Close("mode: MODE_DISC confirmed_disc: 'A1'"));
  const auto response = ResponseOf<v1::CloseDiscResponse>(operation);
  EXPECT_THAT(response.disc_format().media_statuses(), ElementsAre(v1::MEDIA_STATUS_FINALIZED));
  EXPECT_EQ(MetadataOf(operation).disc_state(), "written");
  EXPECT_THAT(service_->End(Close("mode: MODE_DISC confirmed_disc: 'A1'")),
              Refused("FAILED_PRECONDITION", "E_IMAPI_DF2DATA_INVALID_MEDIA_STATE",
                      {{"media", "*"}, {"drive", "*"}, {"disc_state", "untouched"}}));
}

TEST_F(DiscMaintenanceTest, ClosesASessionThatIsOpen) {
  StartWith("BD-R", {"iso:192@0"}, {"--state=open"});
  const Operation operation = service_->End(Close("mode: MODE_SESSION"));
  const auto response = ResponseOf<v1::CloseDiscResponse>(operation);
  EXPECT_THAT(response.disc_format().media_statuses(), ElementsAre(v1::MEDIA_STATUS_APPENDABLE));
  EXPECT_EQ(response.disc_format().session_count(), 1);
}

TEST_F(DiscMaintenanceTest, DoesNotCloseWhatIsOnlyClosedByItsLastSession) {
  StartWith("CD-R", {"iso:400@0"});
  EXPECT_THAT(service_->End(Close("mode: MODE_DISC confirmed_disc: 'A1'")),
              Refused("UNIMPLEMENTED", "E_NOTIMPL",
                      {{"media", "*"}, {"drive", "*"}, {"disc_state", "untouched"}}));
}

TEST_F(DiscMaintenanceTest, DoesNotCloseOrRepairAMediumThatTheServiceDoesNotWrite) {
  StartWith("BD-R-POW", {"iso:192@0"});
  const Refusal unsupported{"FAILED_PRECONDITION",
                            "E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED",
                            {{"media", "*"}, {"drive", "*"}, {"disc_state", "untouched"}}};
  EXPECT_THAT(service_->End(Close("mode: MODE_SESSION")), IsRefusal(unsupported));
  EXPECT_THAT(service_->End(Repair()), IsRefusal(unsupported));
}

TEST_F(DiscMaintenanceTest, HasNothingToRepairWhereNoBurnHasFailed) {
  StartWith("BD-RE", {"iso:320@0"});
  EXPECT_THAT(service_->End(Repair()),
              Refused("FAILED_PRECONDITION", "E_IMAPI_DF2DATA_INVALID_MEDIA_STATE",
                      {{"drive", "*"}, {"disc_state", "untouched"}}));
}

}  // namespace
}  // namespace carousel::component
