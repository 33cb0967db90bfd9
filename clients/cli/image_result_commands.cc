#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "carousel/v1/image.grpc.pb.h"
#include "carousel/v1/image.pb.h"
#include "clients/cli/byte_output.h"
#include "clients/cli/image_commands.h"
#include "clients/cli/paging.h"
#include "google/protobuf/util/time_util.h"

namespace carousel::cli {
namespace {

using google::protobuf::util::TimeUtil;
using v1::FileSystemImageService;

struct ResultArguments {
  std::string image;
  std::string path;
  std::string to = "-";
  std::string time;
  std::string job;
  std::string etag;
  int64_t offset = 0;
  int64_t count = 0;
  bool write_all = false;
  bool no_wait = false;
};

void PrintResult(const v1::CreateResultImageResponse& response) {
  std::cout << "session " << response.session_id() << " of volume '"
            << Printable(response.volume_name()) << "': " << response.total_blocks()
            << " blocks from " << response.session_start_block() << " on ("
            << HumanBytes(response.total_blocks() * response.block_size()) << ")\n";
  if (response.referring_file_count() > 0) {
    std::cout << response.referring_file_count() << " files are on the disc already, "
              << HumanBytes(response.bytes_not_written()) << " not written again\n";
  }
  for (const v1::Warning& warning : response.warnings())
    std::cout << "warning: " << Printable(warning.message()) << "\n";
}

void Create(Session& session, const ResultArguments& arguments) {
  v1::CreateResultImageRequest request;
  request.set_image(ResourceName("images", arguments.image));
  request.set_etag(arguments.etag);
  request.set_job(arguments.job);
  if (!arguments.time.empty() &&
      !TimeUtil::FromString(arguments.time, request.mutable_creation_time())) {
    throw CLI::ValidationError("--time", absl::StrCat(arguments.time, " is no time of RFC 3339"));
  }
  if (arguments.write_all) request.set_refer_to_equal_files(false);
  google::longrunning::Operation operation;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->CreateResultImage(session.Context().get(), request, &operation));
  v1::CreateResultImageResponse response;
  if (!session.Finish(operation, !arguments.no_wait, &response)) return;
  session.Print(response, [&response] { PrintResult(response); });
}

// Copies a stream to where the arguments say. It may take longer than one call.
template <typename Response, typename Start>
void Copy(Session& session, const ResultArguments& arguments, Start start) {
  ByteOutput out(arguments.to);
  grpc::ClientContext context;
  const std::unique_ptr<grpc::ClientReader<Response>> reader = start(&context);
  Response response;
  while (reader->Read(&response)) out.Write(response.data());
  session.Check(reader->Finish());
  out.Close();
}

void Read(Session& session, const ResultArguments& arguments) {
  v1::ReadResultImageRequest request;
  request.set_image(ResourceName("images", arguments.image));
  request.set_offset_blocks(arguments.offset);
  request.set_count_blocks(arguments.count);
  const auto stub = FileSystemImageService::NewStub(session.channel());
  Copy<v1::ReadResultImageResponse>(session, arguments, [&](grpc::ClientContext* context) {
    return stub->ReadResultImage(context, request);
  });
}

void Cat(Session& session, const ResultArguments& arguments) {
  v1::ReadFileRequest request;
  request.set_image(ResourceName("images", arguments.image));
  request.set_path(arguments.path);
  request.set_offset(arguments.offset);
  const auto stub = FileSystemImageService::NewStub(session.channel());
  Copy<v1::ReadFileResponse>(session, arguments, [&](grpc::ClientContext* context) {
    return stub->ReadFile(context, request);
  });
}

void ListItems(Session& session, const ResultArguments& arguments) {
  v1::GetProgressItemsRequest request;
  request.set_image(ResourceName("images", arguments.image));
  const auto stub = FileSystemImageService::NewStub(session.channel());
  v1::GetProgressItemsResponse all;
  AllPages<v1::GetProgressItemsRequest, v1::GetProgressItemsResponse>(
      session, request,
      [&stub](auto* context, const auto& next, auto* page) {
        return stub->GetProgressItems(context, next, page);
      },
      &all);
  session.Print(all, [&all] {
    std::vector<std::vector<std::string>> rows = {{"FIRST", "LAST", "WHAT"}};
    for (const v1::ProgressItem& item : all.items()) {
      rows.push_back({absl::StrCat(item.first_block()), absl::StrCat(item.last_block()),
                      Printable(item.description())});
    }
    PrintTable(rows, std::cout);
  });
}

void AddResultCommands(CLI::App& app, Session& session,
                       const std::shared_ptr<ResultArguments>& arguments) {
  CLI::App* create = app.add_subcommand("create", "Plan the image's session; it changes no more");
  create->add_option("image", arguments->image, "Image")->required();
  create->add_option("--time", arguments->time, "Time of the session (RFC 3339); default now");
  create->add_option("--job", arguments->job, "What the manifest names as what had it written");
  create->add_flag("--write-all", arguments->write_all,
                   "Write files that are equal to files on the disc once more");
  create->add_option("--etag", arguments->etag, "Only if the image is at this etag");
  create->add_flag("--no-wait", arguments->no_wait, "Print the operation and return");
  create->callback([&session, arguments] { Create(session, *arguments); });

  CLI::App* read = app.add_subcommand("read", "The blocks that would be written");
  read->add_option("image", arguments->image, "Image")->required();
  read->add_option("--to", arguments->to, "File to write; - is the output")->capture_default_str();
  read->add_option("--offset", arguments->offset, "First block");
  read->add_option("--count", arguments->count, "How many blocks; 0: all that follow");
  read->callback([&session, arguments] { Read(session, *arguments); });

  CLI::App* items = app.add_subcommand("items", "What lies where in the blocks");
  items->add_option("image", arguments->image, "Image")->required();
  items->callback([&session, arguments] { ListItems(session, *arguments); });
}

}  // namespace

void AddImageResultCommands(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<ResultArguments>();
  CLI::App* cat = app.add_subcommand("cat", "The bytes of a file of the image");
  cat->add_option("image", arguments->image, "Image")->required();
  cat->add_option("path", arguments->path, "Absolute path")->required();
  cat->add_option("--to", arguments->to, "File to write; - is the output")->capture_default_str();
  cat->add_option("--offset", arguments->offset, "First byte");
  cat->callback([&session, arguments] { Cat(session, *arguments); });

  CLI::App* result = app.add_subcommand("result", "What is written of the image");
  result->require_subcommand(1);
  result->fallthrough();
  AddResultCommands(*result, session, arguments);
}

}  // namespace carousel::cli
