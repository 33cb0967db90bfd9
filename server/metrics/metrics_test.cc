#include "server/metrics/metrics.h"

#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/scsi/command.h"
#include "hal/scsi/sense.h"
#include "server/imapi/error.h"
#include "server/metrics/catalogue.h"

namespace carousel {
namespace {

using imapi::Hresult;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Metrics::Options TwoDrives() {
  return {.version = "0.1.0",
          .revision = "3f2a9c1",
          .compiler = "gcc 12",
          .compilation_mode = "opt",
          .robot_id = "r1",
          .config_digest = "abc",
          .drives = {"drive0", "drive1"},
          .grpc_methods = {{.path = "/carousel.v1.RobotService/GetRobot"},
                           {.path = "/grpc.health.v1.Health/Watch", .server_stream = true}}};
}

scsi::Command CommandOf(uint8_t opcode) {
  scsi::Command command;
  command.cdb[0] = opcode;
  command.cdb_size = 10;
  return command;
}

scsi::Result CheckCondition(scsi::SenseKey key) {
  return {.status = scsi::ScsiStatus::kCheckCondition, .sense = {.key = key}};
}

// Everything that can be reported, once.
void ReportEverything(Metrics* metrics) {
  metrics->validations()->OnValidation(absl::OkStatus());
  metrics->validations()->OnValidation(absl::CancelledError());
  metrics->imports()->OnImportProgress("drive0", {.entries = 3, .bytes = 4096, .blocks = 2});
  metrics->imports()->OnImportEnd("drive0", absl::OkStatus(), {.entries = 3, .bytes = 4096},
                                  absl::Seconds(2));
  metrics->imports()->OnImportEnd("drive1", absl::DataLossError(""), {}, absl::Seconds(1));
  metrics->moves()->OnMove(MoveOutcome::kMoved, absl::Seconds(7));
  metrics->burns()->OnBurnEnd({.drive = "drive0",
                               .media = "DVD+R",
                               .disc_state = "good",
                               .bytes = 2048,
                               .took = absl::Seconds(9),
                               .buffer_bytes = 10,
                               .lowest_buffer_bytes = 5});
  metrics->disc_jobs()->OnDiscJobEnd(
      {.kind = "verify_session", .disc_state = "good", .took = absl::Seconds(30)});
  metrics->journal()->OnJournalWrite(JournalRecord::kIntent, absl::OkStatus(),
                                     absl::Milliseconds(2));
  metrics->journal()->OnHeldDiscs(1);
  metrics->scsi("drive0")->OnCommand(CommandOf(0x28), scsi::Result(), absl::Milliseconds(3));
  GrpcMethodObserver* method = metrics->grpc()->Method("/carousel.v1.RobotService/GetRobot");
  method->OnStarted();
  method->OnMessageReceived();
  method->OnMessageSent();
  method->OnHandled(absl::StatusCode::kOk, absl::Milliseconds(1));
}

TEST(Validations, AreCountedByReasonAndRule) {
  Metrics metrics(TwoDrives());
  metrics.validations()->OnValidation(absl::OkStatus());
  metrics.validations()->OnValidation(absl::OkStatus());
  metrics.validations()->OnValidation(
      imapi::MakeError(Hresult::IMAPI_E_IMPORT_SEEK_FAILURE, "blank", {{"rule", "R11"}}));
  metrics.validations()->OnValidation(absl::DeadlineExceededError("late"));
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("carousel_multisession_validations_total{reason=\"S_OK\","
                              "result=\"accepted\",rule=\"none\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("{reason=\"IMAPI_E_IMPORT_SEEK_FAILURE\",result=\"refused\","
                              "rule=\"R11\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("{reason=\"DEADLINE_EXCEEDED\",result=\"refused\",rule=\"none\"} 1"));
}

TEST(Validations, OfTheContractBeginAtZero) {
  EXPECT_THAT(Metrics(TwoDrives()).Text(),
              HasSubstr("{reason=\"IMAPI_E_BAD_MULTISESSION_PARAMETER\",result=\"refused\","
                        "rule=\"R4\"} 0\n"));
}

TEST(Validations, NeverTakeALabelFromTheErrorsText) {
  Metrics metrics(TwoDrives());
  metrics.validations()->OnValidation(
      imapi::MakeError(Hresult::E_FAIL, "", {{"rule", "R99\"} 1\nevil"}}));
  EXPECT_THAT(metrics.Text(), Not(HasSubstr("evil")));
  EXPECT_THAT(metrics.Text(),
              HasSubstr("{reason=\"E_FAIL\",result=\"refused\",rule=\"none\"} 1\n"));
}

TEST(DiscJobs, AreCountedByKindOutcomeAndWhatTheDiscIsNow) {
  Metrics metrics(TwoDrives());
  metrics.disc_jobs()->OnDiscJobEnd(
      {.kind = "verify_session",
       .disc_state = "suspect",
       .outcome = imapi::MakeError(Hresult::E_IMAPI_BURN_VERIFICATION_FAILED, ""),
       .took = absl::Seconds(70)});
  metrics.disc_jobs()->OnDiscJobEnd(
      {.kind = "erase_media", .disc_state = "erased", .took = absl::Seconds(20)});
  const std::string text = metrics.Text();
  const std::string jobs = "carousel_disc_jobs_total{disc_state=\"";
  EXPECT_THAT(text, HasSubstr(jobs + "suspect\",kind=\"verify_session\",outcome=\"failed\"} 1\n"));
  EXPECT_THAT(text, HasSubstr(jobs + "erased\",kind=\"erase_media\",outcome=\"done\"} 1\n"));
  EXPECT_THAT(text,
              HasSubstr("carousel_disc_job_duration_seconds_sum{kind=\"verify_session\"} 70\n"));
}

TEST(Burns, AreCountedByMediumOutcomeAndWhatTheDiscIsNow) {
  Metrics metrics(TwoDrives());
  EXPECT_THAT(metrics.Text(), HasSubstr("carousel_burn_wrong_address_total{drive=\"drive1\"} 0\n"));
  metrics.burns()->OnBurnEnd({.drive = "drive1",
                              .media = "DVD+R",
                              .disc_state = "good",
                              .bytes = 4096,
                              .took = absl::Seconds(9),
                              .buffer_bytes = 100,
                              .lowest_buffer_bytes = 25,
                              .times_dry = 2});
  metrics.burns()->OnBurnEnd(
      {.drive = "drive1",
       .media = "DVD+R",
       .disc_state = "unknown",
       .outcome = imapi::MakeError(Hresult::E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE, ""),
       .wrong_address = true});
  metrics.burns()->OnBurnEnd({.drive = "drive1",
                              .media = "DVD+R",
                              .disc_state = "partly_written",
                              .outcome = imapi::MakeError(Hresult::E_IMAPI_REQUEST_CANCELLED, "")});
  const std::string text = metrics.Text();
  const std::string burns = "carousel_burns_total{disc_state=\"";
  EXPECT_THAT(text, HasSubstr(burns + "good\",media=\"DVD+R\",outcome=\"done\"} 1\n"));
  EXPECT_THAT(text, HasSubstr(burns + "unknown\",media=\"DVD+R\",outcome=\"failed\"} 1\n"));
  EXPECT_THAT(text,
              HasSubstr(burns + "partly_written\",media=\"DVD+R\",outcome=\"cancelled\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("carousel_burn_bytes_total{media=\"DVD+R\"} 4096\n"));
  EXPECT_THAT(text, HasSubstr("carousel_burn_duration_seconds_count{media=\"DVD+R\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("carousel_burn_wrong_address_total{drive=\"drive1\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("carousel_burn_buffer_dry_total{drive=\"drive1\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("carousel_burn_buffer_lowest_ratio{drive=\"drive1\"} 0.25\n"));
}

TEST(Imports, AreCountedWhileTheyRunAndAtTheirEnd) {
  Metrics metrics(TwoDrives());
  metrics.imports()->OnImportProgress("drive1", {.entries = 10, .bytes = 2048, .blocks = 1});
  metrics.imports()->OnImportProgress("drive1", {.entries = 20, .bytes = 4096, .blocks = 2});
  metrics.imports()->OnImportEnd("drive1", absl::OkStatus(), {.entries = 30, .bytes = 6144},
                                 absl::Seconds(2));
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("carousel_import_entries_total{drive=\"drive1\"} 30\n"));
  EXPECT_THAT(text, HasSubstr("carousel_import_bytes_total{drive=\"drive1\"} 6144\n"));
  EXPECT_THAT(text, HasSubstr("carousel_import_blocks_total{drive=\"drive1\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("carousel_import_entries_per_second{drive=\"drive1\"} 15\n"));
  EXPECT_THAT(text, HasSubstr("carousel_import_bytes_per_second{drive=\"drive1\"} 3072\n"));
  EXPECT_THAT(text, HasSubstr("carousel_import_duration_seconds_count{drive=\"drive1\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("carousel_import_entries_total{drive=\"drive0\"} 0\n"));
}

TEST(Imports, ThatFailAreCountedByReasonAndLeaveTheRatesAlone) {
  Metrics metrics(TwoDrives());
  metrics.imports()->OnImportEnd("drive0",
                                 imapi::MakeError(Hresult::IMAPI_E_IMPORT_READ_FAILURE, "block 7"),
                                 {.entries = 5}, absl::Seconds(1));
  EXPECT_THAT(metrics.Text(), HasSubstr("carousel_import_failures_total{reason=\"IMAPI_E_IMPORT_"
                                        "READ_FAILURE\"} 1\n"));
  EXPECT_THAT(metrics.Text(),
              HasSubstr("carousel_import_entries_per_second{drive=\"drive0\"} 0\n"));
}

TEST(ScsiCommands, AreCountedByOpcodeAndSenseKey) {
  Metrics metrics(TwoDrives());
  scsi::TransportObserver* drive = metrics.scsi("drive1");
  drive->OnCommand(CommandOf(0x00), scsi::Result(), absl::Milliseconds(1));
  drive->OnCommand(CommandOf(0x00), CheckCondition(scsi::SenseKey::kNotReady), absl::Seconds(1));
  drive->OnCommand(CommandOf(0x28), absl::DeadlineExceededError(""), absl::Seconds(30));
  drive->OnCommand(CommandOf(0xF7), absl::UnavailableError(""), absl::Seconds(1));
  const std::string text = metrics.Text();
  const std::string test_unit_ready =
      "carousel_scsi_commands_total{drive=\"drive1\",opcode=\"TEST UNIT READY\",result=";
  EXPECT_THAT(text, HasSubstr(test_unit_ready + "\"good\"} 1\n"));
  EXPECT_THAT(text, HasSubstr(test_unit_ready + "\"not_ready\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("opcode=\"READ(10)\",result=\"timeout\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("opcode=\"OPCODE F7h\",result=\"unreachable\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("carousel_scsi_command_duration_seconds_count{drive=\"drive1\","
                              "opcode=\"TEST UNIT READY\"} 2\n"));
}

TEST(ScsiCommands, HaveAnObserverForConfiguredDrivesOnly) {
  Metrics metrics(TwoDrives());
  EXPECT_NE(metrics.scsi("drive0"), nullptr);
  EXPECT_EQ(metrics.scsi("drive9"), nullptr);
}

TEST(GrpcCalls, AreCountedByMethodAndCode) {
  Metrics metrics(TwoDrives());
  GrpcMethodObserver* method = metrics.grpc()->Method("/carousel.v1.RobotService/GetRobot");
  method->OnStarted();
  method->OnHandled(absl::StatusCode::kNotFound, absl::Milliseconds(6));
  method->OnHandled(static_cast<absl::StatusCode>(99), absl::Milliseconds(6));
  const std::string text = metrics.Text();
  const std::string handled = "grpc_server_handled_total{grpc_code=";
  const std::string labels =
      "grpc_method=\"GetRobot\",grpc_service=\"carousel.v1.RobotService\",grpc_type=\"unary\"";
  EXPECT_THAT(text, HasSubstr("grpc_server_started_total{" + labels + "} 1\n"));
  EXPECT_THAT(text, HasSubstr(handled + "\"NotFound\"," + labels + "} 1\n"));
  EXPECT_THAT(text, HasSubstr(handled + "\"Unknown\"," + labels + "} 1\n"));
  EXPECT_THAT(text, HasSubstr(handled + "\"OK\"," + labels + "} 0\n"));
  EXPECT_THAT(text, HasSubstr("grpc_server_handling_seconds_bucket{" + labels + ",le=\"0.01\"} 2"));
}

TEST(GrpcCalls, OfUnknownMethodsShareOneSeries) {
  Metrics metrics(TwoDrives());
  GrpcMethodObserver* unknown = metrics.grpc()->Method("/x.Y/Z");
  EXPECT_EQ(metrics.grpc()->Method("nonsense"), unknown);
  unknown->OnStarted();
  EXPECT_THAT(metrics.Text(), HasSubstr("grpc_server_started_total{grpc_method=\"unknown\",grpc_"
                                        "service=\"unknown\",grpc_type=\"unary\"} 1\n"));
}

TEST(Text, HoldsEveryMetricOfTheCatalogueAndNoOther) {
  Metrics metrics(TwoDrives());
  ReportEverything(&metrics);
  DriveStation station("drive0",
                       [](MediaGeneration) -> absl::StatusOr<std::unique_ptr<Drive>> {
                         return absl::UnavailableError("no drive here");
                       },
                       {});
  metrics.WatchDrives({&station});
  metrics.WatchSpool([] { return SpoolUse{}; });
  std::set<std::string> listed, present;
  for (const metrics::Metric* metric : metrics::All()) listed.emplace(metric->name);
  for (absl::string_view line : absl::StrSplit(metrics.Text(), '\n')) {
    if (!absl::StartsWith(line, "# TYPE ")) continue;
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    present.insert(words[2]);
  }
  metrics.WatchDrives({});
  EXPECT_EQ(present, listed);
}

TEST(Spool, IsAskedAtEachScrapeAsLongAsItIsThere) {
  Metrics metrics(TwoDrives());
  SpoolUse use{.quota_bytes = 4096, .upload_bytes = 1024, .content_bytes = 2048, .uploads = 3};
  metrics.WatchSpool([&] { return use; });
  EXPECT_THAT(metrics.Text(), AllOf(HasSubstr("carousel_spool_quota_bytes 4096\n"),
                                    HasSubstr("carousel_spool_used_bytes{by=\"uploads\"} 1024\n"),
                                    HasSubstr("carousel_spool_used_bytes{by=\"contents\"} 2048\n"),
                                    HasSubstr("carousel_spool_uploads 3\n")));
  use.uploads = 0;
  EXPECT_THAT(metrics.Text(), HasSubstr("carousel_spool_uploads 0\n"));
  metrics.WatchSpool(nullptr);
  EXPECT_THAT(metrics.Text(), Not(HasSubstr("carousel_spool")));
}

TEST(Text, DoesNotGrowWithWhatHappens) {
  Metrics metrics(TwoDrives());
  ReportEverything(&metrics);
  const auto lines = [&] {
    const std::string text = metrics.Text();
    return std::count(text.begin(), text.end(), '\n');
  };
  const auto before = lines();
  for (int i = 0; i < 1000; ++i) {
    ReportEverything(&metrics);
    metrics.imports()->OnImportProgress(absl::StrCat("drive", i + 2), {.entries = 1});
    metrics.grpc()->Method(absl::StrCat("/s", i, "/m"))->OnStarted();
  }
  EXPECT_EQ(lines(), before);
}

TEST(Text, PassesPromtool) {
  Metrics metrics(TwoDrives());
  ReportEverything(&metrics);
  const std::string folder = testing::TempDir();
  std::ofstream(folder + "/metrics.txt") << metrics.Text();
  const int status = std::system(absl::StrCat("promtool check metrics < ", folder,
                                              "/metrics.txt > ", folder, "/report.txt 2>&1")
                                     .c_str());
  std::stringstream report;
  report << std::ifstream(folder + "/report.txt").rdbuf();
  EXPECT_EQ(status, 0) << report.str();
  EXPECT_EQ(report.str(), "");
}

TEST(Counting, LosesNothingBetweenThreads) {
  Metrics metrics(TwoDrives());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) {
        metrics.validations()->OnValidation(
            imapi::MakeError(Hresult::IMAPI_E_FSI_INTERNAL_ERROR, "", {{"rule", "R9"}}));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(metrics.Text(), HasSubstr("{reason=\"IMAPI_E_FSI_INTERNAL_ERROR\","
                                        "result=\"refused\",rule=\"R9\"} 4000\n"));
}

}  // namespace
}  // namespace carousel
