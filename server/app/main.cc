// carouseld: the service of one disc-archive robot.
#include <pthread.h>
#include <signal.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>

#include "CLI/CLI.hpp"
#include "server/app/process_limits.h"
#include "server/app/server.h"
#include "server/config/config.h"
#include "server/log/log.h"

namespace {

struct Flags {
  std::string config;
  std::string port_file;
  carousel::ConfigOverrides overrides;
};

void AddFlags(CLI::App& app, Flags& flags) {
  app.add_option("--config", flags.config,
                 "Configuration (textproto); without it a virtual robot of two drives and twelve "
                 "slots");
  app.add_option("--state_dir", flags.overrides.state_dir, "Folder of the service's state");
  app.add_option("--listen", flags.overrides.grpc_address, "gRPC: HOST:PORT or unix:PATH");
  app.add_option("--http_listen", flags.overrides.http_address, "HTTP: loopback HOST:PORT");
  app.add_option("--port_file", flags.port_file,
                 "File for the addresses, grpc=... and http=..., once the service listens");
}

absl::StatusOr<carousel::Config> ReadConfig(const Flags& flags) {
  if (!flags.config.empty()) return carousel::LoadConfig(flags.config, flags.overrides);
  return carousel::ParseConfig(carousel::DefaultConfigText(), "the embedded configuration", ".",
                               flags.overrides);
}

int Fail(const absl::Status& status) {
  std::cerr << "carouseld: " << status.message() << "\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The service of one disc-archive robot.", "carouseld");
  Flags flags;
  AddFlags(app, flags);
  CLI11_PARSE(app, argc, argv);

  carousel::KeepFreedMemory();
  // Before any thread begins, so that all of them leave the signals to sigwait.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const absl::StatusOr<carousel::Config> config = ReadConfig(flags);
  if (!config.ok()) return Fail(config.status());
  carousel::Log log;
  const auto server = carousel::Server::Start(*config, &log);
  if (!server.ok()) return Fail(server.status());
  if (!flags.port_file.empty()) {
    // Whole at once: whoever waits for the file reads both lines.
    const std::string draft = flags.port_file + ".new";
    std::ofstream(draft) << "grpc=" << (*server)->grpc_address() << "\n"
                         << "http=" << (*server)->http_address() << "\n";
    if (std::rename(draft.c_str(), flags.port_file.c_str()) != 0) {
      return Fail(absl::InternalError(flags.port_file + " cannot be written"));
    }
  }
  int received = 0;
  sigwait(&signals, &received);
  (*server)->Drain();
  return 0;
}
