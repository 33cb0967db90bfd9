#include <algorithm>
#include <deque>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "carousel/v1/image.grpc.pb.h"
#include "carousel/v1/image.pb.h"
#include "clients/cli/image_commands.h"
#include "clients/cli/paging.h"
#include "google/protobuf/util/time_util.h"

namespace carousel::cli {
namespace {

using google::protobuf::util::TimeUtil;
using v1::FileSystemImageService;

struct ImportArguments {
  std::string image;
  std::string drive;
  std::string path = "/";
  std::string file_system = "any";
  std::string preference = "complete";
  bool hash_files = false;
  std::string etag;
  bool recursive = false;
  bool no_wait = false;
};

v1::FileSystem FileSystemByName(const std::string& name) {
  if (name == "iso9660") return v1::FILE_SYSTEM_ISO9660;
  if (name == "joliet") return v1::FILE_SYSTEM_JOLIET;
  if (name == "udf") return v1::FILE_SYSTEM_UDF;
  return v1::FILE_SYSTEM_UNSPECIFIED;
}

void Identify(Session& session, const ImportArguments& arguments) {
  v1::IdentifyFileSystemsRequest request;
  request.set_image(ResourceName("images", arguments.image));
  if (!arguments.drive.empty()) request.set_drive(ResourceName("drives", arguments.drive));
  v1::IdentifyFileSystemsResponse response;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->IdentifyFileSystems(session.Context().get(), request, &response));
  session.Print(response, [&response] {
    for (const int file_system : response.file_systems()) {
      std::cout << v1::FileSystem_Name(static_cast<v1::FileSystem>(file_system)) << "\n";
    }
    if (response.rock_ridge()) std::cout << "with Rock Ridge\n";
  });
}

void PrintImported(const v1::ImportFileSystemResponse& response) {
  std::cout << "imported " << response.entry_count() << " entries of volume '"
            << Printable(response.image().imported_volume_name()) << "' from "
            << v1::FileSystem_Name(response.file_system())
            << (response.rock_ridge() ? " with Rock Ridge" : "") << "\n";
  for (const v1::Warning& warning : response.warnings()) {
    std::cout << "warning: " << Printable(warning.message()) << "\n";
  }
}

void Import(Session& session, const ImportArguments& arguments) {
  v1::ImportFileSystemRequest request;
  request.set_image(ResourceName("images", arguments.image));
  request.set_file_system(FileSystemByName(arguments.file_system));
  request.set_hash_files(arguments.hash_files);
  request.set_import_preference(arguments.preference == "imapi" ? v1::IMPORT_PREFERENCE_IMAPI
                                                                : v1::IMPORT_PREFERENCE_COMPLETE);
  request.set_etag(arguments.etag);
  google::longrunning::Operation operation;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->ImportFileSystem(session.Context().get(), request, &operation));
  v1::ImportFileSystemResponse response;
  if (!session.Finish(operation, !arguments.no_wait, &response)) return;
  session.Print(response, [&response] { PrintImported(response); });
}

char TypeLetter(v1::Item::Type type) {
  switch (type) {
    case v1::Item::DIRECTORY:
      return 'd';
    case v1::Item::SYMLINK:
      return 'l';
    case v1::Item::FIFO:
      return 'p';
    case v1::Item::CHARACTER_DEVICE:
      return 'c';
    case v1::Item::BLOCK_DEVICE:
      return 'b';
    case v1::Item::SOCKET:
      return 's';
    default:
      return '-';
  }
}

// As ls prints it; dashes without Rock Ridge.
std::string ModeText(const v1::Item& item) {
  std::string text(1, TypeLetter(item.type()));
  if (!item.has_mode()) return text + "---------";
  constexpr char kLetters[] = "rwxrwxrwx";
  for (int bit = 0; bit < 9; ++bit) {
    text.push_back((item.mode() & (0400u >> bit)) != 0 ? kLetters[bit] : '-');
  }
  return text;
}

std::vector<std::string> ItemRow(const v1::Item& item) {
  std::string name = Printable(item.path());
  if (item.type() == v1::Item::SYMLINK) {
    absl::StrAppend(&name, " -> ", Printable(item.symlink_target()));
  }
  return {ModeText(item), absl::StrFormat("%14d", item.size_bytes()),
          TimeUtil::ToString(item.modify_time()), name};
}

v1::ListItemsResponse ListDirectory(Session& session, FileSystemImageService::StubInterface& stub,
                                    const std::string& image, const std::string& directory) {
  v1::ListItemsRequest request;
  request.set_image(ResourceName("images", image));
  request.set_directory(directory);
  v1::ListItemsResponse all;
  AllPages<v1::ListItemsRequest, v1::ListItemsResponse>(
      session, request,
      [&stub](auto* context, const auto& next, auto* page) {
        return stub.ListItems(context, next, page);
      },
      &all);
  return all;
}

void ListTree(Session& session, const ImportArguments& arguments) {
  const auto stub = FileSystemImageService::NewStub(session.channel());
  v1::ListItemsResponse all;
  std::deque<std::string> directories = {arguments.path};
  while (!directories.empty()) {
    const v1::ListItemsResponse page =
        ListDirectory(session, *stub, arguments.image, directories.front());
    directories.pop_front();
    for (const v1::Item& item : page.items()) {
      if (arguments.recursive && item.type() == v1::Item::DIRECTORY) {
        directories.push_back(item.path());
      }
    }
    all.MergeFrom(page);
  }
  std::sort(all.mutable_items()->begin(), all.mutable_items()->end(),
            [](const v1::Item& a, const v1::Item& b) { return a.path() < b.path(); });
  session.Print(all, [&all] {
    std::vector<std::vector<std::string>> rows;
    for (const v1::Item& item : all.items()) rows.push_back(ItemRow(item));
    PrintTable(rows, std::cout);
  });
}

void Stat(Session& session, const ImportArguments& arguments) {
  v1::GetItemRequest request;
  request.set_image(ResourceName("images", arguments.image));
  request.set_path(arguments.path);
  v1::Item item;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->GetItem(session.Context().get(), request, &item));
  session.Print(item, [&item] {
    PrintTable({ItemRow(item)}, std::cout);
    for (const v1::Item::Extent& extent : item.extents()) {
      std::cout << "  sector " << extent.start() << ", " << extent.size_bytes() << " bytes\n";
    }
  });
}

}  // namespace

void AddImageImportCommands(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<ImportArguments>();
  CLI::App* identify = app.add_subcommand("identify", "File systems of a disc's last session");
  identify->add_option("image", arguments->image, "Image")->required();
  identify->add_option("drive", arguments->drive, "Drive; without it the image's own");
  identify->callback([&session, arguments] { Identify(session, *arguments); });

  CLI::App* take_over = app.add_subcommand("import", "Read the last session's tree into the image");
  take_over->add_option("image", arguments->image, "Image")->required();
  take_over->add_option("--file-system", arguments->file_system, "Import this one and no other")
      ->check(CLI::IsMember({"any", "iso9660", "joliet", "udf"}))
      ->capture_default_str();
  take_over->add_flag("--hash-files", arguments->hash_files,
                      "Read every file that no manifest knows, so that the next one names it");
  take_over->add_option("--preference", arguments->preference, "Which tree comes first")
      ->check(CLI::IsMember({"complete", "imapi"}))
      ->capture_default_str();
  take_over->add_option("--etag", arguments->etag, "Only if the image is at this etag");
  take_over->add_flag("--no-wait", arguments->no_wait, "Print the operation and return");
  take_over->callback([&session, arguments] { Import(session, *arguments); });

  CLI::App* ls = app.add_subcommand("ls", "Entries of a directory of the image");
  ls->add_option("image", arguments->image, "Image")->required();
  ls->add_option("path", arguments->path, "Absolute path")->capture_default_str();
  ls->add_flag("-R,--recursive", arguments->recursive, "With everything below");
  ls->callback([&session, arguments] { ListTree(session, *arguments); });

  CLI::App* stat = app.add_subcommand("stat", "One entry and where its data lie");
  stat->add_option("image", arguments->image, "Image")->required();
  stat->add_option("path", arguments->path, "Absolute path")->required();
  stat->callback([&session, arguments] { Stat(session, *arguments); });
}

}  // namespace carousel::cli
