// Commands that bring files into an image: `carouselctl image add, add-tree`.
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "carousel/v1/image.grpc.pb.h"
#include "carousel/v1/image.pb.h"
#include "clients/cli/image_commands.h"
#include "clients/cli/local_tree.h"
#include "clients/cli/progress.h"
#include "clients/cpp/upload.h"

namespace carousel::cli {
namespace {

using v1::FileSystemImageService;

constexpr std::chrono::milliseconds kRedraw{250};

struct AddArguments {
  std::string image;
  std::vector<std::string> paths;
  std::string source;
  std::string to = "/";
  std::string etag;
  bool with_base = false;
  bool no_wait = false;
};

// The files of one command, sent one after another.
class Adder {
 public:
  Adder(Session& session, const AddArguments& arguments)
      : session_(session),
        image_(ResourceName("images", arguments.image)),
        stub_(FileSystemImageService::NewStub(session.channel())),
        line_(&std::cerr, isatty(STDERR_FILENO) != 0),
        entries_(ListLocalTrees(arguments.paths, arguments.to)) {
    for (const LocalEntry& entry : entries_) {
      if (entry.type != LocalEntry::Type::kFile) continue;
      ++transfer_.files_total;
      transfer_.bytes_total += entry.bytes;
    }
  }

  // The image after the last.
  v1::Image Run() {
    for (const LocalEntry& entry : entries_) {
      switch (entry.type) {
        case LocalEntry::Type::kFile:
          AddFile(entry);
          break;
        case LocalEntry::Type::kDirectory:
          AddDirectory(entry);
          break;
        case LocalEntry::Type::kLink:
          AddLink(entry);
          break;
      }
    }
    transfer_.item.clear();
    Show(/*now=*/true);
    v1::GetImageRequest request;
    request.set_name(image_);
    v1::Image image;
    session_.Check(stub_->GetImage(session_.Context().get(), request, &image));
    return image;
  }

  const Transfer& transfer() const { return transfer_; }

 private:
  void AddFile(const LocalEntry& entry) {
    transfer_.item = entry.path;
    const int64_t before = transfer_.bytes_done;
    v1::UploadStart start;
    start.set_image(image_);
    start.set_path(entry.path);
    session_.Check(client::DescribeUpload(
        entry.local_path, [this](int64_t) { Show(/*now=*/false); }, &start));
    v1::UploadFileResponse response;
    session_.Check(client::SendUpload(
        *stub_, entry.local_path, start,
        [&](int64_t bytes) {
          transfer_.bytes_done = before + bytes;
          Show(/*now=*/false);
        },
        &response));
    transfer_.bytes_done = before + start.size_bytes();
    ++transfer_.files_done;
    Show(/*now=*/false);
  }

  // One that is there is as good: an earlier run may have made it.
  void AddDirectory(const LocalEntry& entry) {
    v1::AddDirectoryRequest request;
    request.set_image(image_);
    request.set_path(entry.path);
    v1::Image image;
    const grpc::Status added = stub_->AddDirectory(session_.Context().get(), request, &image);
    if (added.ok() || ItemAt(entry.path).type() == v1::Item::DIRECTORY) return;
    session_.Check(added);
  }

  void AddLink(const LocalEntry& entry) {
    v1::AddSymlinkRequest request;
    request.set_image(image_);
    request.set_path(entry.path);
    request.set_target(entry.target);
    v1::Image image;
    const grpc::Status added = stub_->AddSymlink(session_.Context().get(), request, &image);
    if (added.ok() || ItemAt(entry.path).symlink_target() == entry.target) return;
    session_.Check(added);
  }

  // Empty if there is none.
  v1::Item ItemAt(const std::string& path) {
    v1::GetItemRequest request;
    request.set_image(image_);
    request.set_path(path);
    v1::Item item;
    return stub_->GetItem(session_.Context().get(), request, &item).ok() ? item : v1::Item();
  }

  void Show(bool now) {
    const auto time = std::chrono::steady_clock::now();
    if (session_.quiet() || (!now && time - shown_ < kRedraw)) return;
    shown_ = time;
    transfer_.seconds = std::chrono::duration<double>(time - start_).count();
    line_.ShowText(DescribeTransfer(transfer_));
  }

  Session& session_;
  const std::string image_;
  const std::unique_ptr<FileSystemImageService::Stub> stub_;
  ProgressLine line_;
  const std::vector<LocalEntry> entries_;
  Transfer transfer_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_;
};

void Add(Session& session, const AddArguments& arguments) {
  v1::Image image;
  Transfer done;
  {
    Adder adder(session, arguments);
    image = adder.Run();
    done = adder.transfer();
  }
  session.Print(image, [&] {
    std::cout << "added " << done.files_done << " files, " << HumanBytes(done.bytes_done)
              << " (change point " << image.change_point() << ")\n";
  });
}

void AddTree(Session& session, const AddArguments& arguments) {
  v1::AddTreeRequest request;
  request.set_image(ResourceName("images", arguments.image));
  request.set_source(arguments.source);
  request.set_directory(arguments.to);
  request.set_include_base_directory(arguments.with_base);
  request.set_etag(arguments.etag);
  google::longrunning::Operation operation;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->AddTree(session.Context().get(), request, &operation));
  v1::AddTreeResponse response;
  if (!session.Finish(operation, !arguments.no_wait, &response)) return;
  session.Print(response, [&response] {
    std::cout << "added " << response.file_count() << " files, " << response.directory_count()
              << " directories, " << response.link_count() << " links, "
              << HumanBytes(response.size_bytes()) << " (change point "
              << response.image().change_point() << ")\n";
  });
}

}  // namespace

void AddImageAddCommands(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<AddArguments>();
  CLI::App* add = app.add_subcommand(
      "add", "Send files and whole directories; the same command again goes on where one ended");
  add->add_option("image", arguments->image, "Image")->required();
  add->add_option("path", arguments->paths, "Files and directories of this machine")->required();
  add->add_option("--to", arguments->to, "Directory of the image")->capture_default_str();
  add->callback([&session, arguments] { Add(session, *arguments); });

  CLI::App* tree = app.add_subcommand(
      "add-tree", "Add a directory of the service's staging root, all or nothing");
  tree->add_option("image", arguments->image, "Image")->required();
  tree->add_option("source", arguments->source, "Directory, relative to the staging root")
      ->required();
  tree->add_option("--to", arguments->to, "Directory of the image")->capture_default_str();
  tree->add_flag("--with-base", arguments->with_base, "Into a directory named as the source");
  tree->add_option("--etag", arguments->etag, "Only if the image is at this etag");
  tree->add_flag("--no-wait", arguments->no_wait, "Print the operation and return");
  tree->callback([&session, arguments] { AddTree(session, *arguments); });
}

}  // namespace carousel::cli
