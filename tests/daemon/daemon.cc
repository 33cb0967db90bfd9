#include "tests/daemon/daemon.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "clients/cpp/operation.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/virtual_robot/disc_store.h"
#include "hal/virtual_robot/locations.h"
#include "tests/conformance/case.pb.h"
#include "tests/conformance/discs.h"
#include "tests/testing/http_exchange.h"

namespace carousel {
namespace {

using component::Eventually;
using virtual_robot::Place;

// From the folder in which Bazel starts tests.
constexpr char kProgram[] = "server/app/carouseld";
constexpr int64_t kSectorBytes = 2048;

std::string FreshFolder() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  for (int number = 0;; ++number) {
    std::string name = absl::StrCat(test->test_suite_name(), ".", test->name(), number);
    for (char& c : name) {
      if (c == '/') c = '.';
    }
    const std::string folder = absl::StrCat(testing::TempDir(), "/", name);
    if (std::filesystem::create_directories(folder)) return folder;
  }
}

// A command that hangs does so for ten seconds of the machine's time: long enough to kill it then.
std::string ConfigText(const std::string& fault_plan) {
  return absl::StrCat("robot_id: \"", component::kRobotId, "\"\nlisten { insecure: true }\n",
                      "drives { id: \"drive0\" virtual { serial: \"V0\" fault_plan: \"", fault_plan,
                      "\" } }\n", "drives { id: \"drive1\" virtual { serial: \"V1\" } }\n",
                      "slots { id: \"slot1\" }\n", "virtual_robot { time_scale: 20 }\n");
}

std::map<std::string, std::string> ReadPorts(const std::string& path) {
  std::map<std::string, std::string> ports;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::pair<std::string, std::string> word = absl::StrSplit(line, absl::MaxSplits('=', 1));
    ports.insert(word);
  }
  return ports;
}

}  // namespace

Daemon::Daemon(const std::string& media, const std::vector<uint8_t>& volume)
    : folder_(FreshFolder()) {
  std::filesystem::create_directories(store());
  const std::string path = folder_ + "/volume.iso";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(volume.data()),
             static_cast<std::streamsize>(volume.size()));
  conformance::Disc disc;
  disc.set_barcode("A1");
  disc.set_media(media);
  disc.add_sessions(path + "@0");
  EXPECT_OK(conformance::MakeDisc(store(), disc, 1));
  const absl::StatusOr<virtual_robot::DiscStore> discs = virtual_robot::DiscStore::Open(store());
  EXPECT_OK(discs);
  EXPECT_OK(discs->UpdateLocations([](virtual_robot::Locations& locations) {
    return locations.Put("A1",
                         {.place = {.kind = Place::Kind::kDrive, .number = 1}, .home_slot = 1});
  }));
}

Daemon::~Daemon() {
  Kill();
  std::filesystem::remove_all(folder_);
}

void Daemon::Start(const std::string& fault_plan) {
  const std::string config = folder_ + "/config.textproto";
  const std::string port_file = folder_ + "/ports";
  std::ofstream(config) << ConfigText(fault_plan);
  std::filesystem::remove(port_file);
  std::vector<std::string> words = {
      kProgram,      "--config",      config,        "--state_dir", folder_ + "/state", "--listen",
      "127.0.0.1:0", "--http_listen", "127.0.0.1:0", "--port_file", port_file};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ASSERT_EQ(posix_spawn(&pid_, kProgram, nullptr, nullptr, arguments.data(), environ), 0);
  ASSERT_TRUE(Eventually([&] { return ReadPorts(port_file).count("http") != 0; }));
  http_address_ = ReadPorts(port_file)["http"];
  channel_ = grpc::CreateChannel(ReadPorts(port_file)["grpc"], grpc::InsecureChannelCredentials());
  ASSERT_TRUE(Eventually([this] {
    const auto drives = Call(&component::Robots::ListDrives, "");
    return drives.status.ok() && drives->drives(0).state() == v1::Drive::READY;
  }));
}

void Daemon::Kill() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
  channel_ = nullptr;
}

std::string Daemon::Sectors(int64_t first, int64_t count) const {
  std::ifstream data(store() + "/discs/A1/data", std::ios::binary);
  std::string sectors(static_cast<size_t>(count * kSectorBytes), '\0');
  data.seekg(first * kSectorBytes);
  data.read(sectors.data(), static_cast<std::streamsize>(sectors.size()));
  return sectors;
}

std::string Daemon::Metrics() const {
  int port = 0;
  EXPECT_TRUE(absl::SimpleAtoi(http_address_.substr(http_address_.rfind(':') + 1), &port));
  return HttpGet(port, "/metrics");
}

int64_t Daemon::Commands(const std::string& opcode) const {
  const std::string prefix = absl::StrCat("carousel_scsi_commands_total{drive=\"drive0\",opcode=\"",
                                          absl::StrReplaceAll(opcode, {{"-", " "}}), "\"");
  const std::string metrics = Metrics();
  int64_t commands = 0;
  for (const absl::string_view line : absl::StrSplit(metrics, '\n')) {
    int64_t count = 0;
    if (absl::StartsWith(line, prefix) &&
        absl::SimpleAtoi(line.substr(line.rfind(' ') + 1), &count))
      commands += count;
  }
  return commands;
}

Daemon::Operation Daemon::End(const component::Answer<Operation>& started) {
  EXPECT_THAT(started, component::Succeeds());
  Operation operation = started.value;
  if (!started.status.ok()) return operation;
  const auto stub = google::longrunning::Operations::NewStub(channel_);
  EXPECT_THAT(client::WaitForOperation(*stub, &operation, nullptr), component::Succeeds());
  return operation;
}

}  // namespace carousel
