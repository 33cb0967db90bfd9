#include "clients/cli/burn_commands.h"

#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "carousel/v1/disc_format.grpc.pb.h"
#include "carousel/v1/disc_format.pb.h"
#include "google/protobuf/util/time_util.h"

namespace carousel::cli {
namespace {

using v1::DiscFormatService;
using v1::WriteImageRequest;

constexpr int64_t kSectorBytes = 2048;

struct BurnArguments {
  std::string image;
  std::string drive;
  std::string verify = "none";
  int64_t speed = 0;
  bool close = false;
  bool simulate = false;
  std::string etag;
  std::string request_id;
  bool no_wait = false;
};

WriteImageRequest::Verification VerificationByName(const std::string& name) {
  if (name == "quick") return WriteImageRequest::VERIFICATION_QUICK;
  if (name == "full") return WriteImageRequest::VERIFICATION_FULL;
  return WriteImageRequest::VERIFICATION_UNSPECIFIED;
}

void PrintBurnt(const v1::WriteImageResponse& response) {
  if (response.simulated()) {
    std::cout << "simulated " << HumanBytes(response.sectors() * kSectorBytes)
              << "; the disc is as it was\n";
    return;
  }
  PrintFields(
      {{"disc", response.disc()},
       {"state", response.disc_state()},
       {"session", absl::StrCat(response.session_number())},
       {"sectors", absl::StrCat(response.start(), " to ", response.start() + response.sectors() - 1,
                                ", ", HumanBytes(response.sectors() * kSectorBytes))},
       {"session id", response.session_id()},
       {"sha256", response.sha256()}},
      std::cout);
}

void Burn(Session& session, const BurnArguments& arguments) {
  WriteImageRequest request;
  request.set_image(ResourceName("images", arguments.image));
  request.set_drive(ResourceName("drives", arguments.drive));
  request.set_sectors_per_second(arguments.speed);
  request.set_verification(VerificationByName(arguments.verify));
  request.set_close(arguments.close);
  request.set_simulate(arguments.simulate);
  request.set_etag(arguments.etag);
  request.set_request_id(arguments.request_id);
  google::longrunning::Operation operation;
  session.Check(DiscFormatService::NewStub(session.channel())
                    ->WriteImage(session.Context().get(), request, &operation));
  v1::WriteImageResponse response;
  if (!session.Finish(operation, !arguments.no_wait, &response)) return;
  session.Print(response, [&response] { PrintBurnt(response); });
}

struct AcknowledgeArguments {
  std::string disc;
  std::string who;
  std::string note;
};

void Acknowledge(Session& session, const AcknowledgeArguments& arguments) {
  v1::AcknowledgeDiscRequest request;
  request.set_disc(ResourceName("discs", arguments.disc));
  request.set_who(arguments.who);
  request.set_note(arguments.note);
  v1::AcknowledgeDiscResponse response;
  session.Check(DiscFormatService::NewStub(session.channel())
                    ->AcknowledgeDisc(session.Context().get(), request, &response));
  session.Print(response, [&] {
    if (response.actions().empty()) std::cout << request.disc() << " was not held\n";
    for (const auto& action : response.actions()) {
      std::cout << request.disc() << " can be written again: " << action.kind() << " of "
                << action.operation() << ", "
                << google::protobuf::util::TimeUtil::ToString(action.time()) << ", "
                << action.outcome() << "\n";
    }
  });
}

}  // namespace

void AddBurnCommand(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<BurnArguments>();
  CLI::App* burn = app.add_subcommand("burn", "Write an image's result as a session onto a disc");
  burn->add_option("image", arguments->image, "Image, with a result")->required();
  burn->add_option("--drive", arguments->drive, "Drive with the disc, such as drive0")->required();
  burn->add_option("--verify", arguments->verify, "How much is read afterwards; full proves it")
      ->check(CLI::IsMember({"none", "quick", "full"}))
      ->capture_default_str();
  burn->add_option("--speed", arguments->speed,
                   "Sectors per second, of those that `media` lists; without it as the drive "
                   "thinks best")
      ->check(CLI::PositiveNumber);
  burn->add_flag("--close", arguments->close, "The disc takes no session after this one");
  burn->add_flag("--simulate", arguments->simulate, "With the laser off: CD, DVD-R, DVD-RW");
  burn->add_option("--etag", arguments->etag, "Only if the image is at this etag");
  burn->add_option("--request-id", arguments->request_id,
                   "A UUID; a repeated command with the same one never burns twice");
  burn->add_flag("--no-wait", arguments->no_wait, "Print the operation and return");
  burn->callback([&session, arguments] { Burn(session, *arguments); });
}

void AddDiscAcknowledgeCommand(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<AcknowledgeArguments>();
  CLI::App* acknowledge = app.add_subcommand(
      "acknowledge", "Say that a disc which is held has been looked at: it is written again");
  acknowledge->add_option("disc", arguments->disc, "Disc, by its bar code")->required();
  acknowledge->add_option("--who", arguments->who, "Who says so")->required();
  acknowledge->add_option("--note", arguments->note, "What was seen");
  acknowledge->callback([&session, arguments] { Acknowledge(session, *arguments); });
}

}  // namespace carousel::cli
