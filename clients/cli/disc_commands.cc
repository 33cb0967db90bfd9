#include "clients/cli/disc_commands.h"

#include <cctype>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "carousel/v1/disc_format.grpc.pb.h"
#include "carousel/v1/disc_format.pb.h"
#include "clients/cli/burn_commands.h"

namespace carousel::cli {
namespace {

using google::longrunning::Operation;
using v1::DiscFormatService;

constexpr int64_t kSectorBytes = 2048;

std::string SectorsText(int64_t sectors) {
  return absl::StrCat(sectors, " sectors, ", HumanBytes(sectors * kSectorBytes));
}

// "MEDIA_STATUS_BLANK" as "blank".
std::string StateOf(const v1::DiscFormat& format) {
  std::vector<std::string> words;
  for (const int status : format.media_statuses()) {
    std::string name = v1::MediaStatus_Name(static_cast<v1::MediaStatus>(status));
    name = name.substr(std::string("MEDIA_STATUS_").size());
    for (char& c : name) c = c == '_' ? ' ' : static_cast<char>(std::tolower(c));
    words.push_back(name);
  }
  return absl::StrJoin(words, ", ");
}

void PrintWarnings(const google::protobuf::RepeatedPtrField<v1::Warning>& warnings) {
  for (const v1::Warning& warning : warnings)
    std::cout << "warning: " << Printable(warning.message()) << "\n";
}

void PrintSessions(const v1::DescribeDiscResponse& disc) {
  std::vector<std::vector<std::string>> rows = {{"SESSION", "START", "SECTORS", "SIZE", "VOLUME"}};
  for (const v1::DiscSession& session : disc.sessions()) {
    const int64_t sectors =
        session.has_volume_sectors() ? session.volume_sectors() : session.sectors();
    rows.push_back({absl::StrCat(session.number()), absl::StrCat(session.start()),
                    absl::StrCat(session.sectors()), HumanBytes(sectors * kSectorBytes),
                    !session.data()                ? "(audio)"
                    : session.has_volume_sectors() ? Printable(session.volume_name())
                                                   : "(no ISO 9660 file system)"});
  }
  if (rows.size() > 1) PrintTable(rows, std::cout);
}

void PrintManifest(const v1::SessionManifest& manifest) {
  PrintFields({{"session", Printable(manifest.session_id())},
               {"job", Printable(manifest.job())},
               {"program", Printable(manifest.program())},
               {"files", absl::StrCat(manifest.file_count())}},
              std::cout);
}

void PrintDisc(const v1::DescribeDiscResponse& disc) {
  const v1::DiscFormat& format = disc.disc_format();
  PrintFields(
      {{"disc", format.disc()},
       {"identifier", format.disc_identifier()},
       {"medium", format.profile()},
       {"state", absl::StrCat(StateOf(format), disc.open_session() ? ", a session is open" : "")},
       {"sessions", absl::StrCat(disc.sessions_size())},
       {"next writable", format.has_next_writable_address()
                             ? absl::StrCat("sector ", format.next_writable_address())
                             : "nothing can be appended"},
       {"free", SectorsText(format.free_sectors())}},
      std::cout);
  PrintWarnings(format.warnings());
  PrintSessions(disc);
  if (disc.has_manifest()) {
    std::cout << "manifest of the last session\n";
    PrintManifest(disc.manifest());
    for (const v1::SessionManifest::File& file : disc.manifest().files())
      std::cout << file.sha256() << "  " << Printable(file.path()) << "\n";
    const int64_t left = disc.manifest().file_count() - disc.manifest().files_size();
    if (disc.manifest().files_size() > 0 && left > 0)
      std::cout << "and " << left << " files more\n";
  }
  PrintWarnings(disc.warnings());
}

struct Arguments {
  std::string drive;
  bool list = false;
  bool quick = false;
  int session = 0;
  std::string mode = "format";
  bool whole_disc = false;
  std::string confirm;
  bool no_wait = false;
};

void ShowDisc(Session& session, const Arguments& arguments) {
  v1::DescribeDiscRequest request;
  request.set_drive(ResourceName("drives", arguments.drive));
  request.set_view(arguments.list ? v1::DescribeDiscRequest::VIEW_FILES
                                  : v1::DescribeDiscRequest::VIEW_MANIFEST);
  v1::DescribeDiscResponse disc;
  session.Check(DiscFormatService::NewStub(session.channel())
                    ->DescribeDisc(session.Context().get(), request, &disc));
  session.Print(disc, [&disc] { PrintDisc(disc); });
}

// Starts an operation, waits for its end, and prints its response.
template <typename Response, typename Request>
void Run(Session& session, const Arguments& arguments, Request request,
         grpc::Status (DiscFormatService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                         Operation*),
         void (*print)(const Response&)) {
  request.set_drive(ResourceName("drives", arguments.drive));
  Operation operation;
  const auto stub = DiscFormatService::NewStub(session.channel());
  session.Check((stub.get()->*method)(session.Context().get(), request, &operation));
  Response response;
  if (!session.Finish(std::move(operation), !arguments.no_wait, &response)) return;
  session.Print(response, [&] { print(response); });
}

std::string BasisText(const v1::VerifySessionResponse& response) {
  switch (response.basis()) {
    case v1::VerifySessionResponse::BASIS_JOURNAL:
      return "the SHA-256 of its burn";
    case v1::VerifySessionResponse::BASIS_MANIFEST:
      return absl::StrCat("its manifest, ", response.manifest().file_count(), " files");
    default:
      return "nothing: nobody knows what it should be";
  }
}

void PrintVerified(const v1::VerifySessionResponse& response) {
  if (!response.has_session()) {
    std::cout << "the disc has no session\n";
  } else {
    PrintFields({{"session", absl::StrCat(response.session().number(), ", from sector ",
                                          response.session().start())},
                 {"compared with", BasisText(response)},
                 {"sha256", response.sha256()},
                 {"read", SectorsText(response.sectors())},
                 {"repeated reads", absl::StrCat(response.repeated_reads())}},
                std::cout);
  }
  if (response.settled_actions() > 0)
    std::cout << response.settled_actions() << " actions that were in doubt are settled\n";
  if (response.held_actions() > 0)
    std::cout << response.held_actions() << " actions still hold the disc\n";
  PrintWarnings(response.warnings());
}

void Verify(Session& session, const Arguments& arguments) {
  v1::VerifySessionRequest request;
  request.set_session(arguments.session);
  request.set_level(arguments.quick ? v1::VerifySessionRequest::LEVEL_QUICK
                                    : v1::VerifySessionRequest::LEVEL_FULL);
  Run<v1::VerifySessionResponse>(session, arguments, request,
                                 &DiscFormatService::Stub::VerifySession, PrintVerified);
}

template <typename Response>
void PrintState(const Response& response) {
  const v1::DiscFormat& format = response.disc_format();
  std::cout << (format.disc().empty() ? "the disc" : format.disc()) << ": " << format.profile()
            << ", " << StateOf(format) << ", " << format.session_count() << " sessions\n";
}

void Erase(Session& session, const Arguments& arguments) {
  v1::EraseMediaRequest request;
  request.set_mode(arguments.mode == "minimal" ? v1::EraseMediaRequest::MODE_MINIMAL
                   : arguments.mode == "full"  ? v1::EraseMediaRequest::MODE_FULL
                                               : v1::EraseMediaRequest::MODE_FORMAT);
  request.set_confirmed_disc(arguments.confirm);
  Run<v1::EraseMediaResponse>(session, arguments, request, &DiscFormatService::Stub::EraseMedia,
                              PrintState<v1::EraseMediaResponse>);
}

void Close(Session& session, const Arguments& arguments) {
  v1::CloseDiscRequest request;
  request.set_mode(arguments.whole_disc ? v1::CloseDiscRequest::MODE_DISC
                                        : v1::CloseDiscRequest::MODE_SESSION);
  request.set_confirmed_disc(arguments.confirm);
  Run<v1::CloseDiscResponse>(session, arguments, request, &DiscFormatService::Stub::CloseDisc,
                             PrintState<v1::CloseDiscResponse>);
}

void PrintRepaired(const v1::RepairDiscResponse& response) {
  std::cout << (response.changed() ? "the old first sectors are back\n"
                                   : "the old first sectors were there; nothing was written\n");
  PrintState(response);
}

void Repair(Session& session, const Arguments& arguments) {
  Run<v1::RepairDiscResponse>(session, arguments, v1::RepairDiscRequest(),
                              &DiscFormatService::Stub::RepairDisc, PrintRepaired);
}

}  // namespace

void AddDiscCommands(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<Arguments>();
  const auto add = [&](CLI::App& parent, const std::string& name, const std::string& what,
                       void (*run)(Session&, const Arguments&)) {
    CLI::App* command = parent.add_subcommand(name, what);
    command->add_option("drive", arguments->drive, "Drive, such as drive0")->required();
    command->callback([&session, arguments, run] { run(session, *arguments); });
    return command;
  };
  const auto add_job = [&](const std::string& name, const std::string& what,
                           void (*run)(Session&, const Arguments&)) {
    CLI::App* command = add(app, name, what, run);
    command->add_flag("--no-wait", arguments->no_wait, "Print the operation and return");
    return command;
  };
  constexpr const char* kConfirm = "The disc that is meant: its bar code or its identifier";

  CLI::App* disc = app.add_subcommand("disc", "The disc in a drive and what is on it");
  disc->require_subcommand(1);
  disc->fallthrough();
  AddDiscAcknowledgeCommand(*disc, session);
  add(*disc, "show", "Its state, its sessions, and the manifest of the last one", ShowDisc)
      ->add_flag("-l,--list", arguments->list, "The files that the manifest names");

  CLI::App* verify = add_job("verify", "Read a session and compare it with what was burnt", Verify);
  verify->add_option("--session", arguments->session, "Its number; the last one if not given")
      ->check(CLI::PositiveNumber);
  verify->add_flag("--quick", arguments->quick, "Read samples only, which proves nothing");

  CLI::App* erase = add_job("erase", "Erase the disc: what is on it is lost", Erase);
  erase->add_option("--mode", arguments->mode, "minimal or full (BLANK), or format")
      ->check(CLI::IsMember({"minimal", "full", "format"}))
      ->capture_default_str();
  erase->add_option("--confirm", arguments->confirm, kConfirm)->required();

  CLI::App* close = add_job("close", "Close the session that a burn has left open", Close);
  CLI::Option* whole =
      close->add_flag("--disc", arguments->whole_disc, "Close the disc: it takes no session more");
  CLI::Option* confirm = close->add_option("--confirm", arguments->confirm, kConfirm);
  whole->needs(confirm);

  add_job("repair", "Put the first sectors back that a failed burn has left half written", Repair);
}

}  // namespace carousel::cli
