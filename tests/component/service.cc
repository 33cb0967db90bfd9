#include "tests/component/service.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <thread>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/operation.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "hal/base/status_macros.h"
#include "hal/base/status_matchers.h"
#include "hal/virtual_robot/disc_store.h"
#include "hal/virtual_robot/locations.h"
#include "tests/conformance/case.pb.h"
#include "tests/conformance/discs.h"
#include "tests/testing/http_exchange.h"

namespace carousel::component {
namespace {

using virtual_robot::Place;

// Folders of one process, told apart by number: a test may start several services.
std::string FreshFolder() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  for (int number = 0;; ++number) {
    const std::string folder =
        absl::StrCat(testing::TempDir(), "/", test->test_suite_name(), ".", test->name(), number);
    if (std::filesystem::create_directories(folder)) return folder;
  }
}

// The text of a drive type, in which only what Options::Drives says is of interest.
std::string DriveTypeText(const Service::Options::Drives& drives) {
  std::string text =
      "drive-type 1\nname TEST\nvendor CAROUSEL\nproduct TEST\nrevision 0001\nreads cd dvd bd\n"
      "writes cd dvd bd\nwrite-speed cd 16\nwrite-speed dvd 4\nwrite-speed bd 4\n"
      "read-speed cd CLV 40\nread-speed bd CLV 4\ncommand-ms 0.5\npass-over 512\nseek far 100\n"
      "read-ahead 64\nretry-seconds 1\nspin-down-seconds 100000\nspin-up-seconds 0\n"
      "tray-seconds 1\n";
  absl::StrAppend(&text, "read-speed dvd CLV ", drives.speed, "\n");
  for (const char* family : {"cd", "dvd", "bd"}) {
    absl::StrAppend(&text, "ready-seconds ", family, " ", drives.ready_seconds, "\n");
  }
  return text;
}

std::string ConfigText(const Service::Options& options) {
  const char* const type = options.drives.has_value() ? "drive_type_file: \"drive.txt\" " : "";
  std::string text =
      absl::StrCat("robot_id: \"", kRobotId,
                   "\" listen { grpc: \"127.0.0.1:0\" http: \"127.0.0.1:0\" insecure: true }",
                   "drives { id: \"drive0\" virtual { ", type, options.drive0, " } }",
                   "drives { id: \"drive1\" virtual { ", type, options.drive1, " } }",
                   "virtual_robot { time_scale: ", options.time_scale, " ", options.robot, " }",
                   "limits { ", options.limits, " } spool { ", options.spool, " }");
  for (int slot = 1; slot <= options.slots; ++slot) {
    absl::StrAppend(&text, "slots { id: \"slot", slot, "\" }");
  }
  return absl::StrCat(text, options.more);
}

void PutDisc(const std::string& store, const std::string& barcode, const Place& place) {
  const absl::StatusOr<virtual_robot::DiscStore> discs = virtual_robot::DiscStore::Open(store);
  ASSERT_OK(discs);
  ASSERT_OK(discs->UpdateLocations([&](virtual_robot::Locations& locations) {
    const virtual_robot::Placement* before = locations.Find(barcode);
    virtual_robot::Placement after{.place = place};
    if (before != nullptr && place.kind == Place::Kind::kDrive) {
      after.home_slot = before->place.number;
    }
    return locations.Put(barcode, after);
  }));
}

bool IsSettled(const v1::Drive& drive) {
  return drive.state() != v1::Drive::STATE_UNSPECIFIED && drive.state() != v1::Drive::NOT_READY;
}

}  // namespace

bool Eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

Service::Service(const Options& options)
    : folder_(FreshFolder()), await_drives_(options.await_drives) {
  if (options.drives.has_value()) {
    std::ofstream(folder_ + "/drive.txt") << DriveTypeText(*options.drives);
  }
  const absl::StatusOr<Config> config = ParseConfig(ConfigText(options), "the test's configuration",
                                                    folder_, {.state_dir = folder_ + "/state"});
  EXPECT_OK(config);
  if (config.ok()) config_ = *config;
}

Service::~Service() {
  Stop();
  std::filesystem::remove_all(folder_);
}

void Service::AddDisc(const std::string& barcode, const std::string& media, int slot,
                      const std::vector<std::string>& sessions,
                      const std::vector<std::string>& words) {
  conformance::Disc disc;
  disc.set_barcode(barcode);
  disc.set_media(media);
  disc.mutable_sessions()->Assign(sessions.begin(), sessions.end());
  disc.mutable_options()->Assign(words.begin(), words.end());
  ASSERT_OK(conformance::MakeDisc(store(), disc, slot));
}

void Service::AddVolume(const std::string& barcode, const std::string& media, int slot,
                        const std::vector<uint8_t>& volume) {
  const std::string path = absl::StrCat(folder_, "/", barcode, ".iso");
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(volume.data()),
             static_cast<std::streamsize>(volume.size()));
  AddDisc(barcode, media, slot, {path + "@0"});
  std::filesystem::remove(path);
}

void Service::LayIntoDrive(const std::string& barcode, int drive) {
  PutDisc(store(), barcode, {.kind = Place::Kind::kDrive, .number = drive});
}

void Service::LayIntoSlot(const std::string& barcode, int slot) {
  PutDisc(store(), barcode, {.kind = Place::Kind::kSlot, .number = slot});
}

void Service::LayIntoImportExportSlot(const std::string& barcode, int number) {
  PutDisc(store(), barcode, {.kind = Place::Kind::kImportExport, .number = number});
}

absl::Status Service::Start() {
  ASSIGN_OR_RETURN(server_, Server::Start(config_, log_.log()));
  channel_ = grpc::CreateChannel(server_->grpc_address(), grpc::InsecureChannelCredentials());
  stubs_ = {v1::RobotService::NewStub(channel_), v1::DiscFormatService::NewStub(channel_),
            v1::FileSystemImageService::NewStub(channel_),
            google::longrunning::Operations::NewStub(channel_)};
  if (!await_drives_) return absl::OkStatus();
  const bool settled = Eventually([this] {
    const Answer<v1::ListDrivesResponse> drives = Call(&Robots::ListDrives, "");
    if (!drives.status.ok()) return false;
    for (const v1::Drive& drive : drives->drives()) {
      if (!IsSettled(drive)) return false;
    }
    return true;
  });
  return settled ? absl::OkStatus() : absl::DeadlineExceededError("the drives are not ready");
}

// CivetWeb looks at its order to stop when somebody connects, and every two seconds. Who connects
// so often that its queue is full lets it wait for ever.
void Service::Stop() {
  if (server_ == nullptr) return;
  const int port = http_port();
  const std::future<void> stopped = std::async(std::launch::async, [this] { server_.reset(); });
  while (stopped.wait_for(std::chrono::milliseconds(10)) != std::future_status::ready) {
    HttpKnock(port);
  }
}

int Service::http_port() const {
  const std::string& address = server_->http_address();
  int port = 0;
  EXPECT_TRUE(absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port)) << address;
  return port;
}

Operation Service::End(const Answer<Operation>& started) {
  EXPECT_THAT(started, Succeeds());
  Operation operation = started.value;
  if (!started.status.ok()) return operation;
  EXPECT_THAT(
      client::WaitForOperation(*std::get<std::unique_ptr<Operations>>(stubs_), &operation, nullptr),
      Succeeds());
  return operation;
}

std::string Service::PlaceOf(const std::string& barcode) {
  const auto discs = Call(&Robots::ListDiscs, "");
  for (const v1::Disc& disc : discs->discs()) {
    if (disc.barcode() == barcode) return disc.location();
  }
  return "nowhere";
}

void Service::Load(const std::string& disc, const std::string& drive) {
  EXPECT_THAT(End(Call(&Robots::LoadDisc,
                       absl::StrCat("disc: 'discs/", disc, "' drive: 'drives/", drive, "'"))),
              Succeeds());
}

// The store's own lock, as carousel-disc takes it.
HeldArm::HeldArm(const Service& service)
    : lock_(open((service.store() + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  EXPECT_EQ(flock(lock_, LOCK_EX), 0);
}

HeldArm::~HeldArm() { close(lock_); }

}  // namespace carousel::component
