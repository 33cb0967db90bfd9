// One run of carouselctl: where the service is, how to print, and what every command needs for a
// call.
#ifndef CLIENTS_CLI_SESSION_H_
#define CLIENTS_CLI_SESSION_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/string_view.h"
#include "clients/cli/output.h"
#include "google/longrunning/operations.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace carousel::cli {

// A command's failure; carries its exit code. Commands end by throwing it, because CLI11 calls them
// from inside its parser; main catches it.
struct CommandFailed {
  client::Error error;
};

class Session {
 public:
  // Options that every command has.
  void AddOptions(CLI::App& app);

  bool quiet() const { return quiet_; }
  Format format() const { return format_; }
  const std::shared_ptr<grpc::Channel>& channel();

  // Prints `message` as JSON, or the names in it, if asked for; else calls `table`.
  void Print(const google::protobuf::Message& message, const std::function<void()>& table) const;

  // Throws CommandFailed if the call failed.
  void Check(const grpc::Status& status) const;

  // A context with the session's deadline.
  std::unique_ptr<grpc::ClientContext> Context() const;

  // Waits for the operation, showing progress on stderr. Throws CommandFailed if the operation
  // failed. With `wait` false prints the operation's name instead and returns false.
  bool Finish(google::longrunning::Operation operation, bool wait,
              google::protobuf::Message* response);

 private:
  std::string address_ = "127.0.0.1:7070";
  std::string ca_file_, certificate_file_, key_file_, server_name_;
  double timeout_seconds_ = 60;
  bool quiet_ = false;
  Format format_ = Format::kTable;
  std::shared_ptr<grpc::Channel> channel_;
};

// `drive0` and `drives/drive0` are the same to a person: the name with its collection in front.
std::string ResourceName(absl::string_view collection, const std::string& id);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_SESSION_H_
