// The service as a process has it: one for each state folder, probes, health, metrics, log, calls
// that nobody waits for, and its end.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/app/server.h"
#include "server/config/config.h"
#include "tests/component/answer.h"
#include "tests/component/method_call.h"
#include "tests/component/service.h"
#include "tests/component/volumes.h"
#include "tests/testing/http_exchange.h"

namespace carousel::component {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kLoadA1[] = "disc: 'discs/A1' drive: 'drives/drive0'";
// grpc.health.v1.HealthCheckResponse: status (field 1) SERVING (1), NOT_SERVING (2).
constexpr char kServing[] = "\x08\x01";
constexpr char kNotServing[] = "\x08\x02";

std::string HealthOf(const Service& service) {
  std::string response;
  EXPECT_THAT(CallPath(service.channel(), "/grpc.health.v1.Health/Check", "", &response),
              Succeeds());
  return response;
}

// The body of the metrics page.
std::string MetricsOf(const Service& service) {
  const std::string page = HttpGet(service.http_port(), "/metrics");
  const size_t body = page.find("\r\n\r\n");
  return body == std::string::npos ? page : page.substr(body + 4);
}

// The value of a series, -1 if it is not there.
double ValueOf(const std::string& metrics, const std::string& series) {
  for (const absl::string_view line : absl::StrSplit(metrics, '\n')) {
    double value;
    if (absl::StartsWith(line, series + " ") &&
        absl::SimpleAtod(line.substr(series.size() + 1), &value))
      return value;
  }
  return -1;
}

// A1 and A2 in their slots.
std::unique_ptr<Service> Started(const Service::Options& options = {}) {
  auto service = std::make_unique<Service>(options);
  service->AddDisc("A1", "DVD+R", 1, {"iso:192@0"});
  service->AddDisc("A2", "DVD+R", 2, {"iso:192@0"});
  EXPECT_OK(service->Start());
  return service;
}

// An image bound to the disc in drive0.
std::string BoundImage(Service& service) {
  const std::string image = service.Call(&Images::CreateImage, "")->name();
  EXPECT_THAT(
      service.Call(&Images::SetMultisessionInterfaces,
                   absl::StrCat("image: '", image, "' multisession_interfaces { interfaces { ",
                                "import_recorder: 'drives/drive0' sequential {} } }")),
      Succeeds());
  return image;
}

// One whose import runs for as long as the test.
std::unique_ptr<Service> StartedSlowly(const std::string& limits = "") {
  Service::Options options = SlowlyReading();
  absl::StrAppend(&options.limits, " ", limits);
  auto service = std::make_unique<Service>(options);
  service->AddVolume("A1", "DVD+R", 1, SlowVolume());
  service->LayIntoDrive("A1", 1);
  EXPECT_OK(service->Start());
  return service;
}

// A wait for an operation's end that the service has taken before it is told to end itself.
class PendingWait {
 public:
  PendingWait(Service& service, const std::string& operation)
      : thread_([this, &service, operation] {
          answer_ = service.Call(&Operations::WaitOperation,
                                 absl::StrCat("name: '", operation, "' timeout { seconds: 60 }"));
        }) {
    EXPECT_TRUE(Eventually([&] {
      return ValueOf(MetricsOf(service),
                     "grpc_server_started_total{grpc_method=\"WaitOperation\","
                     "grpc_service=\"google.longrunning.Operations\",grpc_type=\"unary\"}") > 0;
    }));
  }
  Operation Join() {
    thread_.join();
    EXPECT_THAT(answer_, Succeeds());
    return answer_.value;
  }

 private:
  Answer<Operation> answer_;
  std::thread thread_;
};

TEST(Serving, TakesAStateFolderForItselfAlone) {
  const auto service = Started();
  EXPECT_THAT(Server::Start(service->config(), nullptr),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another carouseld")));
  EXPECT_THAT(service->Call(&Robots::GetRobot, "name: 'robot'"), Succeeds());
  service->Stop();
  EXPECT_OK(service->Start()) << "the folder is free again";
}

TEST(Serving, DoesNotStartWithoutTheJournalAndLeavesItAsItIs) {
  const auto service = Started();
  service->Stop();
  const std::string path = service->config().state_dir + "/journal.sqlite";
  std::ofstream(path) << "no database";
  EXPECT_THAT(service->Start(),
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr("the journal of what was done to discs cannot be opened"),
                             HasSubstr(path))));
  std::stringstream left;
  left << std::ifstream(path).rdbuf();
  EXPECT_EQ(left.str(), "no database");
}

TEST(Serving, DoesNotShareAnAddress) {
  const auto service = Started();
  Service other;
  Config config = other.config();
  config.grpc_address = service->server().grpc_address();
  EXPECT_THAT(Server::Start(config, nullptr), StatusIs(absl::StatusCode::kUnavailable));
  config.grpc_address = "127.0.0.1:0";
  config.http_address = service->server().http_address();
  EXPECT_THAT(Server::Start(config, nullptr), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(Serving, TellsProbesThatItServes) {
  const auto service = Started();
  EXPECT_THAT(HttpGet(service->http_port(), "/livez"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(HttpGet(service->http_port(), "/readyz"), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(HealthOf(*service), kServing);
}

TEST(Draining, RefusesNewWorkAndLetsWhatRunsEnd) {
  const auto service = Started();
  auto held = std::make_unique<HeldArm>(*service);
  const auto running = service->Call(&Robots::LoadDisc, kLoadA1);
  ASSERT_THAT(running, Succeeds());
  PendingWait wait(*service, running->name());
  std::thread draining([&] { service->server().Drain(); });
  EXPECT_TRUE(Eventually([&] { return HealthOf(*service) == kNotServing; }));
  EXPECT_TRUE(service->Call(&Robots::GetRobot, "name: 'robot'")->draining());
  const Refusal refusal{"UNAVAILABLE", "DRAINING", {}};
  EXPECT_THAT(service->Call(&Robots::LoadDisc, "disc: 'discs/A2' drive: 'drives/drive1'"),
              IsRefusal(refusal));
  EXPECT_THAT(service->Call(&Robots::UnloadDisc, "drive: 'drives/drive1'"), IsRefusal(refusal));
  EXPECT_THAT(service->Call(&Images::CreateImage, ""), IsRefusal(refusal));
  EXPECT_THAT(service->Call(&Images::SetMultisessionInterfaces, "image: 'images/1'"),
              IsRefusal(refusal));
  EXPECT_THAT(service->Call(&Images::ImportFileSystem, "image: 'images/1'"), IsRefusal(refusal));
  EXPECT_THAT(service->Call(&Robots::ListDrives, ""), Succeeds()) << "reading goes on";
  EXPECT_THAT(HttpGet(service->http_port(), "/readyz"), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(HttpGet(service->http_port(), "/livez"), StartsWith("HTTP/1.1 200 "));
  held.reset();
  EXPECT_THAT(wait.Join(), Succeeds());
  draining.join();
  EXPECT_EQ(service->Call(&Robots::GetRobot, "name: 'robot'").status.error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST(Draining, CancelsWhatRunsForTooLong) {
  const auto service = StartedSlowly("drain_time { nanos: 1000000 }");
  const auto running =
      service->Call(&Images::ImportFileSystem, absl::StrCat("image: '", BoundImage(*service), "'"));
  ASSERT_THAT(running, Succeeds());
  PendingWait wait(*service, running->name());
  std::thread draining([&] { service->server().Drain(); });
  EXPECT_THAT(wait.Join(), Refused("CANCELLED", "E_IMAPI_REQUEST_CANCELLED"));
  draining.join();
}

TEST(Calls, LogTheirTraceDriveAndOperation) {
  const auto service = Started();
  grpc::ClientContext context;
  context.AddMetadata("traceparent", absl::StrCat("00-", kTraceId, "-00f067aa0ba902b7-01"));
  const auto started = service->Call(&Robots::LoadDisc, kLoadA1, &context);
  ASSERT_THAT(started, Succeeds());
  v1::MoveDiscMetadata metadata;
  EXPECT_TRUE(service->End(started).metadata().UnpackTo(&metadata));
  EXPECT_EQ(metadata.trace_id(), kTraceId);
  const auto lines = service->log().Where("trace_id", kTraceId);
  ASSERT_THAT(lines, Not(IsEmpty()));
  LogLines::Line call = lines.front();
  EXPECT_EQ(call["method"], "/carousel.v1.RobotService/LoadDisc");
  EXPECT_EQ(call["code"], "OK");
  EXPECT_EQ(call["drive"], "drives/drive0");
  EXPECT_EQ(call["operation"], started->name());
  EXPECT_EQ(call.count("seconds"), 1u);
}

TEST(Calls, LogWhyTheyFailed) {
  const auto service = Started();
  grpc::ClientContext context;
  context.AddMetadata("traceparent", absl::StrCat("00-", kTraceId, "-00f067aa0ba902b7-01"));
  service->Call(&Robots::GetDrive, "name: 'drives/none'", &context);
  const auto lines = service->log().Where("trace_id", kTraceId);
  ASSERT_THAT(lines, SizeIs(1));
  LogLines::Line call = lines.front();
  EXPECT_EQ(call["code"], "NOT_FOUND");
  EXPECT_EQ(call["reason"], "NOT_FOUND");
  EXPECT_EQ(call["severity"], "WARNING");
  EXPECT_EQ(call["drive"], "drives/none");
}

TEST(Calls, AreLoggedWithoutATraceThatIsNone) {
  const auto service = Started();
  for (const char* header : {"", "00", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                             "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                             "00-\"},{\"-4bf92f3577b34da6a3ce92-00f067aa0ba902b7-01"}) {
    grpc::ClientContext context;
    context.AddMetadata("traceparent", header);
    EXPECT_THAT(service->Call(&Robots::GetRobot, "name: 'robot'", &context), Succeeds());
  }
  const auto lines = service->log().Where("method", "/carousel.v1.RobotService/GetRobot");
  ASSERT_THAT(lines, SizeIs(5));
  for (const LogLines::Line& line : lines) EXPECT_EQ(line.count("trace_id"), 0u);
}

// The drive needs a tenth of a second for each request, a client's patience is shorter.
TEST(Calls, EndForClientsThatDoNotWait) {
  const auto service = StartedSlowly();
  const std::string request = absl::StrCat("image: '", BoundImage(*service), "'");
  grpc::ClientContext hasty;
  hasty.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(10));
  EXPECT_EQ(service->Call(&Images::IdentifyFileSystems, request, &hasty).status.error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  grpc::ClientContext cancelled;
  std::thread cancelling([&] { cancelled.TryCancel(); });
  EXPECT_EQ(service->Call(&Images::IdentifyFileSystems, request, &cancelled).status.error_code(),
            grpc::StatusCode::CANCELLED);
  cancelling.join();
  EXPECT_THAT(service->Call(&Images::IdentifyFileSystems, request), Succeeds())
      << "nothing is lost";
}

TEST(MetricsPage, CountsWhileAnImportRuns) {
  const auto service = StartedSlowly();
  const auto started =
      service->Call(&Images::ImportFileSystem, absl::StrCat("image: '", BoundImage(*service), "'"));
  ASSERT_THAT(started, Succeeds());
  double entries = 0, bytes = 0, blocks = 0;
  EXPECT_TRUE(Eventually([&] {
    const std::string metrics = MetricsOf(*service);
    entries = ValueOf(metrics, "carousel_import_entries_total{drive=\"drive0\"}");
    bytes = ValueOf(metrics, "carousel_import_bytes_total{drive=\"drive0\"}");
    blocks = ValueOf(metrics, "carousel_import_blocks_total{drive=\"drive0\"}");
    return entries > 0;
  }));
  EXPECT_GT(blocks, 0);
  EXPECT_EQ(bytes, blocks * 2048);
  const std::string name = absl::StrCat("name: '", started->name(), "'");
  EXPECT_FALSE(service->Call(&Operations::GetOperation, name)->done());
  EXPECT_THAT(service->Call(&Operations::CancelOperation, name), Succeeds());
  v1::ImportFileSystemMetadata metadata;
  ASSERT_TRUE(service->End(started).metadata().UnpackTo(&metadata));
  EXPECT_EQ(ValueOf(MetricsOf(*service), "carousel_import_entries_total{drive=\"drive0\"}"),
            metadata.directories_done() + metadata.files_done())
      << "each entry once";
}

TEST(MetricsPage, TellsOfTheWholeFlow) {
  const auto service = Started();
  service->Load("A1", "drive0");
  const std::string image = BoundImage(*service);
  EXPECT_THAT(
      service->Call(&Images::SetMultisessionInterfaces,
                    absl::StrCat("image: '", image, "' multisession_interfaces {}")),
      Refused("FAILED_PRECONDITION", "IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE", {{"rule", "R3"}}));
  EXPECT_THAT(
      service->End(service->Call(&Images::ImportFileSystem, absl::StrCat("image: '", image, "'"))),
      Succeeds());
  const std::string metrics = MetricsOf(*service);
  const auto value = [&](const std::string& series) { return ValueOf(metrics, series); };
  const std::string validations = "carousel_multisession_validations_total{reason=\"";
  EXPECT_EQ(value(validations + "S_OK\",result=\"accepted\",rule=\"none\"}"), 1);
  EXPECT_EQ(value(validations + "IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE\",result=\"refused\","
                                "rule=\"R3\"}"),
            1);
  EXPECT_EQ(value("carousel_import_duration_seconds_count{drive=\"drive0\"}"), 1);
  EXPECT_GE(value("carousel_import_entries_total{drive=\"drive0\"}"), 1);
  EXPECT_GT(value("carousel_import_entries_per_second{drive=\"drive0\"}"), 0);
  EXPECT_GT(value("carousel_import_bytes_per_second{drive=\"drive0\"}"), 0);
  EXPECT_EQ(value("carousel_changer_moves_total{result=\"moved\"}"), 1);
  EXPECT_EQ(value("carousel_drive_state{drive=\"drive0\",state=\"ready\"}"), 1);
  EXPECT_GT(value("carousel_scsi_commands_total{drive=\"drive0\",opcode=\"INQUIRY\","
                  "result=\"good\"}"),
            0);
  const std::string import =
      "grpc_method=\"ImportFileSystem\",grpc_service=\"carousel.v1.FileSystemImageService\","
      "grpc_type=\"unary\"";
  EXPECT_EQ(value("grpc_server_started_total{" + import + "}"), 1);
  EXPECT_EQ(value("grpc_server_handled_total{grpc_code=\"OK\"," + import + "}"), 1);
  EXPECT_EQ(value("grpc_server_handling_seconds_count{" + import + "}"), 1);
}

TEST(MetricsPage, PassesPromtool) {
  const auto service = Started();
  service->Load("A1", "drive0");
  EXPECT_THAT(service->End(service->Call(&Images::ImportFileSystem,
                                         absl::StrCat("image: '", BoundImage(*service), "'"))),
              Succeeds());
  const std::string page = absl::StrCat(testing::TempDir(), "/page.txt");
  const std::string report = absl::StrCat(testing::TempDir(), "/report.txt");
  std::ofstream(page) << MetricsOf(*service);
  const std::string command =
      absl::StrCat("promtool check metrics < ", page, " > ", report, " 2>&1");
  const int status = std::system(command.c_str());
  std::stringstream text;
  text << std::ifstream(report).rdbuf();
  EXPECT_EQ(status, 0) << text.str();
  EXPECT_EQ(text.str(), "");
}

}  // namespace
}  // namespace carousel::component
