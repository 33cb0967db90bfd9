// Commands that change an image: `carouselctl image rm, mv, mkdir, symlink, lock, rollback,
// update`.
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "carousel/v1/image.grpc.pb.h"
#include "carousel/v1/image.pb.h"
#include "clients/cli/image_commands.h"

namespace carousel::cli {
namespace {

using v1::FileSystemImageService;

struct EditArguments {
  std::string image;
  std::string path;
  std::string destination;
  std::string target;
  std::string etag;
  int64_t change_point = 0;
  bool recursive = false;
  bool parents = false;
};

template <typename Request>
Request RequestFor(const EditArguments& arguments) {
  Request request;
  request.set_image(ResourceName("images", arguments.image));
  request.set_etag(arguments.etag);
  return request;
}

// Prints what was done and the change point that it made, the one to roll back to.
void PrintEdit(const Session& session, const v1::Image& image, const std::string& what) {
  session.Print(image,
                [&] { std::cout << what << " (change point " << image.change_point() << ")\n"; });
}

void Remove(Session& session, const EditArguments& arguments) {
  const auto stub = FileSystemImageService::NewStub(session.channel());
  v1::Image image;
  if (arguments.recursive) {
    auto request = RequestFor<v1::RemoveTreeRequest>(arguments);
    request.set_path(arguments.path);
    session.Check(stub->RemoveTree(session.Context().get(), request, &image));
  } else {
    auto request = RequestFor<v1::RemoveItemRequest>(arguments);
    request.set_path(arguments.path);
    session.Check(stub->RemoveItem(session.Context().get(), request, &image));
  }
  PrintEdit(session, image, absl::StrCat("removed ", Printable(arguments.path)));
}

void Move(Session& session, const EditArguments& arguments) {
  auto request = RequestFor<v1::MoveItemRequest>(arguments);
  request.set_path(arguments.path);
  request.set_destination(arguments.destination);
  v1::Image image;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->MoveItem(session.Context().get(), request, &image));
  PrintEdit(
      session, image,
      absl::StrCat("moved ", Printable(arguments.path), " to ", Printable(arguments.destination)));
}

// Whether there is a directory at `path`; throws as Check does.
bool IsDirectory(Session& session, FileSystemImageService::StubInterface& stub,
                 const std::string& image, const std::string& path) {
  v1::GetItemRequest request;
  request.set_image(ResourceName("images", image));
  request.set_path(path);
  v1::Item item;
  try {
    session.Check(stub.GetItem(session.Context().get(), request, &item));
  } catch (const CommandFailed& failed) {
    if (failed.error.reason != "IMAPI_E_ITEM_NOT_FOUND") throw;
    return false;
  }
  return item.type() == v1::Item::DIRECTORY;
}

// "/a", "/a/b" of "/a/b".
std::vector<std::string> PathsTo(const std::string& path) {
  std::vector<std::string> paths;
  for (size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1))
    paths.push_back(path.substr(0, end));
  paths.push_back(path);
  return paths;
}

void MakeDirectory(Session& session, const EditArguments& arguments) {
  const auto stub = FileSystemImageService::NewStub(session.channel());
  auto request = RequestFor<v1::AddDirectoryRequest>(arguments);
  v1::GetImageRequest get;
  get.set_name(request.image());
  v1::Image image;
  session.Check(stub->GetImage(session.Context().get(), get, &image));
  for (const std::string& path :
       arguments.parents ? PathsTo(arguments.path) : std::vector<std::string>{arguments.path}) {
    if (arguments.parents && IsDirectory(session, *stub, arguments.image, path)) continue;
    request.set_path(path);
    session.Check(stub->AddDirectory(session.Context().get(), request, &image));
    if (!request.etag().empty()) request.set_etag(image.etag());
  }
  PrintEdit(session, image, absl::StrCat("made ", Printable(arguments.path)));
}

void MakeSymlink(Session& session, const EditArguments& arguments) {
  auto request = RequestFor<v1::AddSymlinkRequest>(arguments);
  request.set_path(arguments.path);
  request.set_target(arguments.target);
  v1::Image image;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->AddSymlink(session.Context().get(), request, &image));
  PrintEdit(session, image,
            absl::StrCat("made ", Printable(arguments.path), " -> ", Printable(arguments.target)));
}

void LockIn(Session& session, const EditArguments& arguments) {
  const auto request = RequestFor<v1::LockInChangePointRequest>(arguments);
  v1::Image image;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->LockInChangePoint(session.Context().get(), request, &image));
  PrintEdit(session, image, "locked in");
}

void Rollback(Session& session, const EditArguments& arguments) {
  auto request = RequestFor<v1::RollbackToChangePointRequest>(arguments);
  request.set_change_point(arguments.change_point);
  v1::Image image;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->RollbackToChangePoint(session.Context().get(), request, &image));
  PrintEdit(session, image, "rolled back");
}

// A subcommand with what all of them have.
CLI::App* AddCommand(CLI::App& app, const std::string& name, const std::string& description,
                     EditArguments* arguments) {
  CLI::App* command = app.add_subcommand(name, description);
  command->add_option("image", arguments->image, "Image")->required();
  command->add_option("--etag", arguments->etag, "Only if the image is at this etag");
  return command;
}

}  // namespace

void AddImageEditCommands(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<EditArguments>();
  CLI::App* remove = AddCommand(app, "rm", "Remove an entry of the image", arguments.get());
  remove->add_option("path", arguments->path, "Absolute path")->required();
  remove->add_flag("-r,--recursive", arguments->recursive, "With everything below");
  remove->callback([&session, arguments] { Remove(session, *arguments); });

  CLI::App* move = AddCommand(app, "mv", "Give an entry another path", arguments.get());
  move->add_option("path", arguments->path, "Absolute path")->required();
  move->add_option("destination", arguments->destination, "Absolute path, where nothing is")
      ->required();
  move->callback([&session, arguments] { Move(session, *arguments); });

  CLI::App* mkdir = AddCommand(app, "mkdir", "A new directory", arguments.get());
  mkdir->add_option("path", arguments->path, "Absolute path")->required();
  mkdir->add_flag("-p,--parents", arguments->parents, "With the directories above it");
  mkdir->callback([&session, arguments] { MakeDirectory(session, *arguments); });

  CLI::App* link = AddCommand(app, "symlink", "A new symbolic link", arguments.get());
  link->add_option("target", arguments->target, "What it points to")->required();
  link->add_option("path", arguments->path, "Absolute path")->required();
  link->callback([&session, arguments] { MakeSymlink(session, *arguments); });

  AddCommand(app, "lock", "Forbid to roll back to before now", arguments.get())
      ->callback([&session, arguments] { LockIn(session, *arguments); });

  CLI::App* rollback =
      AddCommand(app, "rollback", "Make the tree what it was at a change point", arguments.get());
  rollback->add_option("change-point", arguments->change_point, "As an edit printed it")
      ->required();
  rollback->callback([&session, arguments] { Rollback(session, *arguments); });
}

}  // namespace carousel::cli
