#include "clients/cli/operation_commands.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/paging.h"
#include "clients/cli/progress.h"
#include "clients/cli/watching.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "google/protobuf/empty.pb.h"

namespace carousel::cli {
namespace {

using google::longrunning::Operation;
using google::longrunning::Operations;

std::string Outcome(const Operation& operation) {
  if (!operation.done()) return "RUNNING";
  if (!operation.has_error()) return "SUCCEEDED";
  return absl::StrCat("FAILED ", client::ErrorOf(operation.error()).reason);
}

void List(Session& session, const std::string& filter) {
  const auto stub = Operations::NewStub(session.channel());
  google::longrunning::ListOperationsRequest request;
  request.set_name("operations");
  request.set_filter(filter);
  google::longrunning::ListOperationsResponse all;
  AllPages<google::longrunning::ListOperationsRequest, google::longrunning::ListOperationsResponse>(
      session, request,
      [&stub](auto* context, const auto& next, auto* page) {
        return stub->ListOperations(context, next, page);
      },
      &all);
  session.Print(all, [&all] {
    std::vector<std::vector<std::string>> rows = {{"OPERATION", "STATE", "PROGRESS"}};
    for (const Operation& operation : all.operations()) {
      rows.push_back({operation.name(), Outcome(operation), DescribeProgress(operation)});
    }
    PrintTable(rows, std::cout);
  });
}

void Show(Session& session, const std::string& name) {
  google::longrunning::GetOperationRequest request;
  request.set_name(ResourceName("operations", name));
  Operation operation;
  session.Check(Operations::NewStub(session.channel())
                    ->GetOperation(session.Context().get(), request, &operation));
  session.Print(operation, [&] {
    PrintFields({{"operation", operation.name()},
                 {"state", Outcome(operation)},
                 {"progress", DescribeProgress(operation)}},
                std::cout);
    if (operation.has_error()) {
      PrintError(client::ErrorOf(operation.error()), session.format(), std::cout);
    }
  });
}

void Wait(Session& session, const std::string& name) {
  Operation operation;
  operation.set_name(ResourceName("operations", name));
  google::protobuf::Empty unread;
  session.Finish(operation, /*wait=*/true, &unread);
  Show(session, name);
}

void Cancel(Session& session, const std::string& name) {
  google::longrunning::CancelOperationRequest request;
  request.set_name(ResourceName("operations", name));
  google::protobuf::Empty response;
  session.Check(Operations::NewStub(session.channel())
                    ->CancelOperation(session.Context().get(), request, &response));
  session.Print(response, [&request] { std::cout << "asked to end: " << request.name() << "\n"; });
}

void Delete(Session& session, const std::string& name) {
  google::longrunning::DeleteOperationRequest request;
  request.set_name(ResourceName("operations", name));
  google::protobuf::Empty response;
  session.Check(Operations::NewStub(session.channel())
                    ->DeleteOperation(session.Context().get(), request, &response));
  session.Print(response, [&request] { std::cout << "deleted " << request.name() << "\n"; });
}

}  // namespace

void AddOperationCommands(CLI::App& app, Session& session) {
  const auto filter = std::make_shared<std::string>();
  CLI::App* list = app.add_subcommand("list", "Operations, running and finished");
  list->add_option("--filter", *filter, "Such as: done=false AND drive=drives/drive0");
  AddWatch(*list, [&session, filter] { List(session, *filter); });

  const auto name = std::make_shared<std::string>();
  const auto add = [&](const char* command, const char* help) {
    CLI::App* sub = app.add_subcommand(command, help);
    sub->add_option("operation", *name, "Operation")->required();
    return sub;
  };
  AddWatch(*add("show", "One operation"), [&session, name] { Show(session, *name); });
  const auto add_once = [&](const char* command, const char* help,
                            void (*run)(Session&, const std::string&)) {
    add(command, help)->callback([&session, name, run] { run(session, *name); });
  };
  add_once("wait", "Wait until it is done, with its progress", Wait);
  add_once("cancel", "Ask it to end", Cancel);
  add_once("delete", "Forget a finished one", Delete);
}

}  // namespace carousel::cli
