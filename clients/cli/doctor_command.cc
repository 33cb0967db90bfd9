#include <fcntl.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "carousel/v1/robot.grpc.pb.h"
#include "clients/cli/doctor.h"
#include "clients/cli/paging.h"
#include "clients/cli/robot_commands.h"
#include "google/protobuf/struct.pb.h"
#include "hal/scsi/sg/scan.h"

namespace carousel::cli {
namespace {

// SPC-4 table 141.
constexpr int kOpticalDrive = 5;
constexpr int kMediumChanger = 8;

std::vector<LocalDevice> LocalDevices() {
  std::vector<LocalDevice> devices;
  for (const scsi::ScsiDevice& device : scsi::ScanScsiDevices("/sys")) {
    if (device.device_type != kOpticalDrive && device.device_type != kMediumChanger) continue;
    const char* const node = device.sg_path.c_str();
    devices.push_back({.node = device.sg_path,
                       .changer = device.device_type == kMediumChanger,
                       .model = absl::StrCat(device.vendor, " ", device.product),
                       .serial = device.serial,
                       .exists = access(node, F_OK) == 0,
                       .may_open = faccessat(AT_FDCWD, node, R_OK | W_OK, AT_EACCESS) == 0});
  }
  return devices;
}

const char* NameOf(Finding::Level level) {
  switch (level) {
    case Finding::Level::kGood:
      return "good";
    case Finding::Level::kWarning:
      return "warning";
    case Finding::Level::kProblem:
      return "problem";
  }
  return "";
}

void Append(std::vector<Finding> more, std::vector<Finding>* findings) {
  for (Finding& finding : more) findings->push_back(std::move(finding));
}

// Adds what the service tells of itself. Its error, if it does not.
grpc::Status AskService(Session& session, std::vector<Finding>* findings) {
  const auto stub = v1::RobotService::NewStub(session.channel());
  v1::WatchRobotRequest request;
  request.set_name("robot");
  v1::WatchRobotResponse state;
  const std::unique_ptr<grpc::ClientContext> context = session.Context();
  const absl::Time asked = absl::Now();
  const auto reader = stub->WatchRobot(context.get(), request);
  if (!reader->Read(&state)) return reader->Finish();
  const absl::Time answered = absl::Now();
  context->TryCancel();
  reader->Finish();
  Append(CheckRobot(state, asked, answered), findings);
  v1::ListDiscsResponse all;
  AllPages<v1::ListDiscsRequest, v1::ListDiscsResponse>(
      session, {},
      [&](auto* page_context, const auto& next, auto* page) {
        return stub->ListDiscs(page_context, next, page);
      },
      &all);
  Append(CheckDiscs({all.discs().begin(), all.discs().end()}), findings);
  return grpc::Status::OK;
}

void Print(const Session& session, const std::vector<Finding>& findings) {
  google::protobuf::Struct message;
  auto* const list = (*message.mutable_fields())["findings"].mutable_list_value();
  for (const Finding& finding : findings) {
    auto* const fields = list->add_values()->mutable_struct_value()->mutable_fields();
    (*fields)["level"].set_string_value(NameOf(finding.level));
    (*fields)["what"].set_string_value(finding.what);
    if (!finding.next.empty()) (*fields)["next"].set_string_value(finding.next);
  }
  session.Print(message, [&] {
    for (const Finding& finding : findings) {
      std::cout << NameOf(finding.level) << ": " << finding.what << "\n";
      if (!finding.next.empty()) std::cout << "  next: " << finding.next << "\n";
    }
  });
}

void Examine(Session& session) {
  std::vector<Finding> findings;
  const grpc::Status asked = AskService(session, &findings);
  Append(CheckLocalDevices(LocalDevices()), &findings);
  int problems = 0;
  for (const Finding& finding : findings) problems += finding.level == Finding::Level::kProblem;
  Print(session, findings);
  session.Check(asked);
  if (problems > 0) {
    session.Check({grpc::StatusCode::FAILED_PRECONDITION, absl::StrCat("problems: ", problems)});
  }
}

}  // namespace

void AddDoctorCommand(CLI::App& app, Session& session) {
  app.add_subcommand("doctor",
                     "Look for what is wrong with the service, its devices and this machine's")
      ->callback([&session] { Examine(session); });
}

}  // namespace carousel::cli
