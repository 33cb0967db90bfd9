#include "clients/cli/session.h"

#include <unistd.h>

#include <iostream>
#include <map>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/colours.h"
#include "clients/cli/progress.h"
#include "clients/cpp/channel.h"
#include "clients/cpp/operation.h"
#include "google/longrunning/operations.grpc.pb.h"

namespace carousel::cli {
namespace {

const std::map<std::string, Format> kFormats = {
    {"table", Format::kTable}, {"json", Format::kJson}, {"name", Format::kName}};

}  // namespace

void Session::AddOptions(CLI::App& app) {
  app.add_option("-a,--address", address_, "Where carouseld listens: HOST:PORT or unix:PATH")
      ->envname("CAROUSEL_ADDRESS")
      ->capture_default_str();
  app.add_option_function<std::string>(
         "-o,--output", [this](const std::string& format) { format_ = kFormats.at(format); },
         "How to print: table; json; or name, only the names of what is answered, one a line")
      ->check(CLI::IsMember({"table", "json", "name"}))
      ->default_str("table");
  SetColours(WantsColours(STDOUT_FILENO), std::cout);
  SetColours(WantsColours(STDERR_FILENO), std::cerr);
  app.add_option_function<std::string>(
         "--color",
         [](const std::string& when) {
           if (when == "auto") return;
           SetColours(when == "always", std::cout);
           SetColours(when == "always", std::cerr);
         },
         "Colours: auto is where a terminal has them and NO_COLOR is not set")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->default_str("auto");
  app.add_option("--timeout", timeout_seconds_,
                 "Seconds that one call may take; operations are waited for until they end")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("-q,--quiet", quiet_, "Show no progress");
  CLI::Option* const ca =
      app.add_option("--tls-ca", ca_file_, "Authority of the service's certificate, PEM")
          ->envname("CAROUSEL_TLS_CA");
  CLI::Option* const certificate =
      app.add_option("--tls-cert", certificate_file_, "Own certificate, PEM")
          ->envname("CAROUSEL_TLS_CERT");
  CLI::Option* const key =
      app.add_option("--tls-key", key_file_, "Its private key, PEM")->envname("CAROUSEL_TLS_KEY");
  ca->needs(certificate)->needs(key);
  certificate->needs(ca);
  key->needs(ca);
  app.add_option("--tls-name", server_name_,
                 "Name in the service's certificate, if not the address's")
      ->needs(ca);
}

const std::shared_ptr<grpc::Channel>& Session::channel() {
  if (channel_ != nullptr) return channel_;
  std::optional<client::TlsFiles> tls;
  if (!ca_file_.empty()) tls = {ca_file_, certificate_file_, key_file_, server_name_};
  absl::StatusOr<std::shared_ptr<grpc::Channel>> channel = client::OpenChannel(address_, tls);
  if (!channel.ok()) throw CommandFailed{client::ErrorOf(channel.status())};
  channel_ = *std::move(channel);
  return channel_;
}

void Session::Print(const google::protobuf::Message& message,
                    const std::function<void()>& table) const {
  switch (format()) {
    case Format::kJson:
      return PrintJson(message, std::cout);
    case Format::kName:
      return PrintNames(message, std::cout);
    case Format::kTable:
      return table();
  }
}

void Session::Check(const grpc::Status& status) const {
  if (!status.ok()) throw CommandFailed{client::ErrorOf(status)};
}

std::unique_ptr<grpc::ClientContext> Session::Context() const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(
      std::chrono::system_clock::now() +
      std::chrono::microseconds(static_cast<int64_t>(timeout_seconds_ * 1'000'000)));
  return context;
}

bool Session::Finish(google::longrunning::Operation operation, bool wait,
                     google::protobuf::Message* response) {
  if (!wait) {
    Print(operation, [&] { std::cout << operation.name() << "\n"; });
    return false;
  }
  const auto stub = google::longrunning::Operations::NewStub(channel());
  {
    ProgressLine line(&std::cerr, isatty(STDERR_FILENO) != 0);
    const auto show = [&line](const google::longrunning::Operation& now) { line.Show(now); };
    Check(client::WaitForOperation(*stub, &operation, quiet_ ? nullptr : std::function(show)));
    if (!quiet_) line.Show(operation);
  }
  if (operation.has_error()) throw CommandFailed{client::ErrorOf(operation.error())};
  operation.response().UnpackTo(response);
  return true;
}

std::string ResourceName(absl::string_view collection, const std::string& id) {
  const std::string prefix = absl::StrCat(collection, "/");
  return absl::StartsWith(id, prefix) ? id : prefix + id;
}

}  // namespace carousel::cli
