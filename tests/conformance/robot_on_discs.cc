#include "tests/conformance/robot_on_discs.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "carousel/config/v1/config.pb.h"
#include "hal/base/status_macros.h"
#include "hal/virtual_robot/disc_store.h"
#include "hal/virtual_robot/locations.h"
#include "server/config/config.h"
#include "tests/conformance/discs.h"

namespace carousel::conformance {
namespace {

using virtual_robot::DiscStore;
using virtual_robot::Locations;
using virtual_robot::Place;

// An import gives a drive up that has not answered for three minutes of the robot's time: on a busy
// machine a thread may stand still for a good part of a second.
constexpr double kTimeScale = 200;

std::string StoreIn(const std::string& folder) { return absl::StrCat(folder, "/discs"); }

config::v1::Config ConfigOf(int slots, const Faults& faults, const std::string& folder) {
  config::v1::Config config;
  config.set_robot_id("conformance");
  config.set_state_dir(folder);
  config.mutable_listen()->set_insecure(true);
  config.mutable_listen()->set_grpc("127.0.0.1:0");
  config.mutable_listen()->set_http("127.0.0.1:0");
  for (int i = 0; i < 2; ++i) {
    config::v1::Drive* drive = config.add_drives();
    drive->set_id(absl::StrCat("drive", i));
    drive->mutable_virtual_()->set_serial(absl::StrCat("V", i));
  }
  config::v1::VirtualDrive* first = config.mutable_drives(0)->mutable_virtual_();
  first->set_fault_plan(faults.plan());
  *first->mutable_quirks() = faults.quirks();
  for (int i = 1; i <= slots; ++i) config.add_slots()->set_id(absl::StrCat("slot", i));
  config.mutable_virtual_robot()->set_store(StoreIn(folder));
  config.mutable_virtual_robot()->set_time_scale(faults.time_scale() > 0 ? faults.time_scale()
                                                                         : kTimeScale);
  return config;
}

absl::StatusOr<std::unique_ptr<Server>> StartServer(int slots, const Faults& faults,
                                                    const std::string& folder) {
  ASSIGN_OR_RETURN(const Config config, ParseConfig(ConfigOf(slots, faults, folder).DebugString(),
                                                    "the test's configuration", folder));
  return Server::Start(config, /*log=*/nullptr);
}

absl::Status MoveIntoFirstDrive(const std::string& barcode, const std::string& store_folder) {
  ASSIGN_OR_RETURN(const DiscStore store, DiscStore::Open(store_folder));
  return store.UpdateLocations([&barcode](Locations& locations) {
    locations.Remove(barcode);
    return locations.Put(barcode,
                         {.place = {.kind = Place::Kind::kDrive, .number = 1}, .home_slot = 1});
  });
}

}  // namespace

absl::StatusOr<RobotOnDiscs> RobotOnDiscs::Start(const Suite& suite, const std::string& folder) {
  std::filesystem::create_directories(folder);
  int slot = 0;
  for (const Disc& disc : suite.discs()) {
    RETURN_IF_ERROR(MakeDisc(StoreIn(folder), disc, ++slot));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Server> server, StartServer(slot, Faults(), folder));
  return RobotOnDiscs(std::move(server));
}

absl::StatusOr<RobotOnDiscs> RobotOnDiscs::StartFor(const Case& test_case, const Suite& suite,
                                                    const std::string& folder) {
  const auto disc = std::find_if(suite.discs().begin(), suite.discs().end(), [&](const Disc& each) {
    return each.barcode() == test_case.disc();
  });
  if (disc == suite.discs().end()) {
    return absl::InvalidArgumentError(absl::StrCat(test_case.disc(), ": not in the suite"));
  }
  std::filesystem::create_directories(folder);
  RETURN_IF_ERROR(MakeDisc(StoreIn(folder), *disc, /*slot=*/1));
  RETURN_IF_ERROR(MoveIntoFirstDrive(test_case.disc(), StoreIn(folder)));
  ASSIGN_OR_RETURN(std::unique_ptr<Server> server, StartServer(1, test_case.faults(), folder));
  return RobotOnDiscs(std::move(server));
}

}  // namespace carousel::conformance
