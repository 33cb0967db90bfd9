#include "clients/cli/doctor.h"

#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/output.h"

namespace carousel::cli {
namespace {

using Level = Finding::Level;

// Certificates, logs and operations of two machines are compared by their clocks.
constexpr absl::Duration kClockTolerance = absl::Seconds(2);

// What to do about a drive that is out of service, by what its reason says.
std::string AdviceFor(const std::string& reason) {
  static constexpr std::pair<const char*, const char*> kAdvice[] = {
      {"serial number",
       "compare `sg_inq --page=0x80` of the drive with what the changer tells; after a drive was "
       "replaced the changer may have to be restarted to learn it"},
      {"ermission", "give the node to the service's group (docs/hardware.md, section 2)"},
      {"in use", "another program has the device: end it (`fuser -v NODE`)"},
      {"busy", "another program has the device: end it (`fuser -v NODE`)"},
      {"No such", "is it connected and switched on? `lsscsi -g` lists what the kernel sees"},
      {"no device", "is it connected and switched on? `lsscsi -g` lists what the kernel sees"},
      {"CHAP", "the secret or the user is not the target's (chap_user, chap_secret_file)"},
      {"login", "is the target up, and does it know this initiator's name?"},
  };
  for (const auto& [part, advice] : kAdvice) {
    if (absl::StrContains(reason, part)) return advice;
  }
  return "docs/hardware.md, section 5, has what drives say and what to do";
}

void CheckClock(const v1::WatchRobotResponse& state, absl::Time asked, absl::Time answered,
                std::vector<Finding>* findings) {
  const absl::Time theirs =
      absl::FromUnixSeconds(state.time().seconds()) + absl::Nanoseconds(state.time().nanos());
  absl::Duration apart;
  if (theirs < asked) apart = asked - theirs;
  if (theirs > answered) apart = theirs - answered;
  if (apart <= kClockTolerance) {
    findings->push_back({Level::kGood, "the clocks agree", ""});
    return;
  }
  findings->push_back(
      {Level::kProblem,
       absl::StrCat("the service's clock and this machine's are ",
                    absl::FormatDuration(absl::Trunc(apart, absl::Seconds(1))), " apart"),
       "synchronise both (chrony or systemd-timesyncd)"});
}

void CheckChanger(const v1::Robot& robot, std::vector<Finding>* findings) {
  if (!robot.changer_reason().empty()) {
    findings->push_back(
        {Level::kProblem,
         absl::StrCat("the changer does not answer: ", Printable(robot.changer_reason())),
         AdviceFor(robot.changer_reason())});
  } else {
    findings->push_back({Level::kGood, "the changer answers", ""});
  }
  if (!robot.arm_disc().empty()) {
    findings->push_back({Level::kProblem, absl::StrCat("the arm holds ", robot.arm_disc()),
                         "a person takes it out or lets the changer put it down (its panel), then "
                         "`carouselctl inventory`"});
  }
}

void CheckDrive(const v1::Drive& drive, std::vector<Finding>* findings) {
  const std::string model =
      Printable(absl::StrCat(drive.vendor(), " ", drive.product(), " ", drive.revision()));
  if (drive.state() == v1::Drive::FAILED) {
    findings->push_back(
        {Level::kProblem,
         absl::StrCat(drive.name(), " is out of service: ", Printable(drive.state_reason())),
         AdviceFor(drive.state_reason())});
  } else if (drive.state() == v1::Drive::STATE_UNSPECIFIED) {
    findings->push_back({Level::kWarning, absl::StrCat(drive.name(), " has not answered yet"),
                         "repeat in a minute"});
  } else {
    findings->push_back({Level::kGood,
                         absl::StrCat(drive.name(), " answers and is matched to its element: ",
                                      model, ", ", Printable(drive.serial_number())),
                         ""});
  }
}

// Drives of one model that do not have the same firmware behave differently, and nobody expects it.
void CheckFirmware(const v1::WatchRobotResponse& state, std::vector<Finding>* findings) {
  std::map<std::string, std::set<std::string>> revisions;
  for (const v1::Drive& drive : state.drives()) {
    if (!drive.product().empty())
      revisions[absl::StrCat(drive.vendor(), " ", drive.product())].insert(drive.revision());
  }
  for (const auto& [model, known] : revisions) {
    if (known.size() < 2) continue;
    findings->push_back(
        {Level::kWarning,
         Printable(absl::StrCat("drives of the model ", model,
                                " have different firmware: ", absl::StrJoin(known, ", "))),
         "bring them to one revision"});
  }
}

}  // namespace

std::vector<Finding> CheckRobot(const v1::WatchRobotResponse& state, absl::Time asked,
                                absl::Time answered) {
  std::vector<Finding> findings;
  findings.push_back({Level::kGood,
                      absl::StrCat("the service answers: ", state.robot().robot_id(), ", version ",
                                   state.robot().version()),
                      ""});
  if (state.robot().draining())
    findings.push_back({Level::kWarning, "the service is stopping", "start it again"});
  CheckClock(state, asked, answered, &findings);
  CheckChanger(state.robot(), &findings);
  for (const v1::Drive& drive : state.drives()) CheckDrive(drive, &findings);
  CheckFirmware(state, &findings);
  return findings;
}

std::vector<Finding> CheckDiscs(const std::vector<v1::Disc>& discs) {
  std::vector<Finding> findings;
  for (const v1::Disc& disc : discs) {
    if (disc.location().empty()) {
      findings.push_back({Level::kWarning,
                          absl::StrCat(disc.name(), " is in an element without a name"),
                          "name the slot in the configuration"});
    } else if (absl::StrContains(disc.name(), "/unlabelled-")) {
      const bool doubled = !disc.barcode().empty();
      findings.push_back(
          {Level::kWarning,
           doubled ? absl::StrCat("the bar code of the disc in ", disc.location(), ", ",
                                  Printable(disc.barcode()),
                                  ", is another disc's too, or cannot be a name")
                   : absl::StrCat("the disc in ", disc.location(), " has no bar code"),
           "give it a label of its own: without one it is known by its place alone"});
    }
  }
  return findings;
}

std::vector<Finding> CheckLocalDevices(const std::vector<LocalDevice>& devices) {
  std::vector<Finding> findings;
  if (devices.empty()) {
    findings.push_back(
        {Level::kGood, "this machine has no optical drives and no changers of its own", ""});
  }
  for (const LocalDevice& device : devices) {
    const std::string name = Printable(
        absl::StrCat(device.node, " (", device.changer ? "changer " : "drive ", device.model, ")"));
    if (!device.exists) {
      findings.push_back({Level::kProblem, absl::StrCat(name, " has no node"),
                          "pass the node into the container, or let udev make it"});
    } else if (!device.may_open) {
      findings.push_back({Level::kProblem, absl::StrCat(name, " may not be opened by this user"),
                          "give the node to the service's group (docs/hardware.md, section 2)"});
    } else if (device.serial.empty()) {
      findings.push_back({Level::kWarning,
                          absl::StrCat(name, ": the kernel has read no serial number"),
                          "configure it by its path, not by its serial"});
    } else {
      findings.push_back({Level::kGood, absl::StrCat(name, " can be opened"), ""});
    }
  }
  return findings;
}

}  // namespace carousel::cli
