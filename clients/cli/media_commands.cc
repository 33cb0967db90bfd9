#include "clients/cli/media_commands.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "carousel/v1/disc_format.grpc.pb.h"
#include "carousel/v1/disc_format.pb.h"

namespace carousel::cli {
namespace {

using v1::DiscFormatService;

std::string StatusNames(const v1::DiscFormat& format) {
  std::vector<std::string> names;
  for (const int status : format.media_statuses()) {
    names.push_back(v1::MediaStatus_Name(static_cast<v1::MediaStatus>(status)));
  }
  return absl::StrFormat("0x%04X %s", format.media_status_bits(), absl::StrJoin(names, " "));
}

void PrintMedia(const v1::DiscFormat& format) {
  std::vector<std::string> speeds;
  for (const v1::WriteSpeed& speed : format.supported_write_speeds()) {
    speeds.push_back(absl::StrCat(speed.sectors_per_second()));
  }
  PrintFields(
      {{"disc", format.disc()},
       {"medium", format.profile()},
       {"type", v1::PhysicalMediaType_Name(format.physical_media_type())},
       {"status", StatusNames(format)},
       {"blank", format.physically_blank()      ? "yes"
                 : format.heuristically_blank() ? "no, but nothing is written on it"
                                                : "no"},
       {"sessions", absl::StrCat(format.session_count())},
       {"previous session",
        format.start_address_of_previous_session() < 0
            ? "none"
            : absl::StrCat("sectors ", format.start_address_of_previous_session(), " to ",
                           format.has_last_written_address_of_previous_session()
                               ? absl::StrCat(format.last_written_address_of_previous_session())
                               : "?")},
       {"next writable", format.has_next_writable_address()
                             ? absl::StrCat("sector ", format.next_writable_address())
                             : "nothing can be appended"},
       {"free", absl::StrCat(format.free_sectors(), " sectors, ",
                             HumanBytes(format.free_sectors() * 2048))},
       {"total", absl::StrCat(format.total_sectors(), " sectors, ",
                              HumanBytes(format.total_sectors() * 2048))},
       {"write speeds", speeds.empty() ? "" : absl::StrJoin(speeds, ", ") + " sectors/s"},
       {"media generation", absl::StrCat(format.media_generation())}},
      std::cout);
  for (const v1::Warning& warning : format.warnings()) {
    std::cout << "warning: " << Printable(warning.message()) << "\n";
  }
}

void ShowMedia(Session& session, const std::string& drive) {
  v1::GetDiscFormatRequest request;
  request.set_name(absl::StrCat(ResourceName("drives", drive), "/discFormat"));
  v1::DiscFormat format;
  session.Check(DiscFormatService::NewStub(session.channel())
                    ->GetDiscFormat(session.Context().get(), request, &format));
  session.Print(format, [&format] { PrintMedia(format); });
}

std::string OrDash(bool present, int64_t value) { return present ? absl::StrCat(value) : "-"; }

std::vector<std::string> InterfaceRow(const v1::MultisessionInterface& interface) {
  const std::string in_use = interface.in_use() ? "in use" : "";
  const std::string supported = !interface.has_supported_on_current_media_state() ? "?"
                                : interface.supported_on_current_media_state()    ? "yes"
                                                                                  : "no";
  if (interface.has_sequential()) {
    const v1::SequentialMultisession& it = interface.sequential();
    return {
        "sequential",
        supported,
        OrDash(it.has_start_address_of_previous_session(), it.start_address_of_previous_session()),
        OrDash(it.has_last_written_address_of_previous_session(),
               it.last_written_address_of_previous_session()),
        OrDash(it.has_next_writable_address(), it.next_writable_address()),
        OrDash(it.has_free_sectors_on_media(), it.free_sectors_on_media()),
        OrDash(it.has_write_unit_size(), it.write_unit_size()),
        in_use};
  }
  if (interface.has_random_write()) {
    const v1::RandomWriteMultisession& it = interface.random_write();
    return {"random write",
            supported,
            "-",
            OrDash(it.has_last_written_address(), it.last_written_address()),
            "-",
            OrDash(it.has_total_sectors_on_media(), it.total_sectors_on_media()),
            OrDash(it.has_write_unit_size(), it.write_unit_size()),
            in_use};
  }
  return {Printable(absl::StrCat("other ", interface.other().type_name())),
          supported,
          "-",
          "-",
          "-",
          "-",
          "-",
          in_use};
}

void ShowInterfaces(Session& session, const std::string& drive) {
  const v1::MultisessionInterfaceList list = InterfacesOfDrive(session, drive);
  session.Print(list, [&list] { PrintInterfaces(list); });
}

}  // namespace

v1::MultisessionInterfaceList InterfacesOfDrive(Session& session, const std::string& drive) {
  v1::DiscFormatServiceGetMultisessionInterfacesRequest request;
  request.set_drive(ResourceName("drives", drive));
  v1::DiscFormatServiceGetMultisessionInterfacesResponse response;
  session.Check(DiscFormatService::NewStub(session.channel())
                    ->GetMultisessionInterfaces(session.Context().get(), request, &response));
  return response.multisession_interfaces();
}

void PrintInterfaces(const v1::MultisessionInterfaceList& list) {
  std::vector<std::vector<std::string>> rows = {
      {"TYPE", "SUPPORTED", "START", "LAST", "NEXT", "FREE OR TOTAL", "UNIT", "NOTE"}};
  for (const auto& interface : list.interfaces()) rows.push_back(InterfaceRow(interface));
  PrintTable(rows, std::cout);
}

void AddMediaCommands(CLI::App& app, Session& session) {
  const auto drive = std::make_shared<std::string>();
  CLI::App* media = app.add_subcommand("media", "The medium in a drive");
  media->add_option("drive", *drive, "Drive, such as drive0")->required();
  media->callback([&session, drive] { ShowMedia(session, *drive); });

  CLI::App* multisession =
      app.add_subcommand("multisession", "The multi-session interfaces that a drive offers");
  multisession->add_option("drive", *drive, "Drive, such as drive0")->required();
  multisession->callback([&session, drive] { ShowInterfaces(session, *drive); });
}

}  // namespace carousel::cli
