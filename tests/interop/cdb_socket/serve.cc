// Serves the devices of a virtual robot of twelve slots on unix sockets until its standard input
// ends:
//   serve STORE TIME_SCALE [drive|changer SOCKET[,SOCKET]...]...
// Drive N of the store's locations is the N-th that is named; each device may listen at several
// sockets, one for each device node that stands for it. Prints "ready".
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "hal/base/clock.h"
#include "hal/mmc/readiness.h"
#include "hal/scsi/sense.h"
#include "hal/scsi/transport.h"
#include "hal/virtual_robot/virtual_robot.h"
#include "tests/interop/cdb_socket/cdb_server.h"

namespace carousel {
namespace {

constexpr char kUsage[] = "serve STORE TIME_SCALE [drive|changer SOCKET[,SOCKET]...]...";

// What Linux does when it finds a device: programs never see the attention of power-on.
void TakeUnitAttentions(scsi::Transport& device) {
  for (int i = 0; i < 8; ++i) {
    const auto result = device.Execute(mmc::MakeCommand(mmc::TestUnitReadyCdb{}));
    if (!result.ok() || result->sense.key != scsi::SenseKey::kUnitAttention) return;
  }
}

int Fail(absl::string_view what) {
  std::cerr << "serve: " << what << "\n";
  return 1;
}

int Main(const std::vector<std::string>& arguments) {
  double scale = 0;
  if (arguments.size() < 2 || arguments.size() % 2 != 0 ||
      !absl::SimpleAtod(arguments[1], &scale) || scale <= 0) {
    return Fail(kUsage);
  }
  ScaledClock clock(scale);
  VirtualRobotOptions options{.store = arguments[0], .import_export_elements = 1, .clock = &clock};
  for (size_t at = 2; at < arguments.size(); at += 2) {
    if (arguments[at] != "drive" && arguments[at] != "changer") return Fail(kUsage);
    if (arguments[at] == "changer") continue;
    options.drives.push_back({.serial = absl::StrCat("SERVED-", options.drives.size())});
  }
  const auto robot = VirtualRobot::Open(options);
  if (!robot.ok()) return Fail(robot.status().message());
  std::vector<std::unique_ptr<scsi::Transport>> devices;
  std::vector<std::unique_ptr<CdbServer>> servers;  // behind what they serve
  size_t drives = 0;
  for (size_t at = 2; at < arguments.size(); at += 2) {
    devices.push_back(arguments[at] == "drive" ? (*robot)->OpenDrive(drives++)
                                               : (*robot)->OpenChanger());
    TakeUnitAttentions(*devices.back());
    for (const absl::string_view socket : absl::StrSplit(arguments[at + 1], ',')) {
      auto server = CdbServer::Start(devices.back().get(), std::string(socket));
      if (!server.ok()) return Fail(server.status().message());
      servers.push_back(*std::move(server));
    }
  }
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
  }
  return 0;
}

}  // namespace
}  // namespace carousel

int main(int argc, char** argv) { return carousel::Main({argv + 1, argv + argc}); }
