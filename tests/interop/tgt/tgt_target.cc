#include "tests/interop/tgt/tgt_target.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "hal/base/file.h"
#include "hal/base/status_macros.h"

namespace carousel {
namespace {

constexpr char kTarget[] = "iqn.2026-11.test.carousel:robot";
constexpr absl::Duration kStartTime = absl::Seconds(20);
constexpr int kTries = 5;

using Words = std::vector<std::string>;

// A child with these words, whose output goes to `log`. 0 if it cannot be started.
pid_t Spawn(const Words& words, const Words& environment, const std::string& log) {
  std::vector<char*> argv, envp;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  for (const std::string& one : environment) envp.push_back(const_cast<char*>(one.c_str()));
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child = 0;
  const int error = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? child : 0;
}

int ExitCode(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Whether a listener may have `port` of loopback; 0: any. The port.
int TryPort(int port) {
  const FileDescriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int reuse = 1;
  setsockopt(probe.get(), SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(probe.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      listen(probe.get(), 1) != 0 ||
      getsockname(probe.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 0;
  }
  return ntohs(address.sin_port);
}

Words Environment(const std::string& folder, const std::map<std::string, std::string>& more) {
  Words environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                       absl::StrCat("TGT_IPC_SOCKET=", folder, "/ctl")};
  for (const auto& [name, value] : more) environment.push_back(absl::StrCat(name, "=", value));
  return environment;
}

}  // namespace

TgtTarget::TgtTarget(std::string folder, std::map<std::string, std::string> environment)
    : folder_(std::move(folder)), environment_(std::move(environment)) {}

TgtTarget::~TgtTarget() { Kill(); }

absl::Status TgtTarget::StartDaemon() {
  // It ends by itself should this process be killed.
  daemon_ =
      Spawn({"/usr/bin/timeout", "-s", "KILL", "600", "/usr/sbin/tgtd", "-f", "-C", "1", "--iscsi",
             absl::StrCat("portal=127.0.0.1:", port_, ",nop_interval=0,nop_count=0")},
            Environment(folder_, environment_), absl::StrCat(folder_, "/tgtd.log"));
  if (daemon_ == 0) return absl::NotFoundError("tgtd cannot be started");
  const absl::Time deadline = absl::Now() + kStartTime;
  absl::Status status;
  do {
    status = Admin("--op show --mode system");
    if (status.ok()) return status;
    std::this_thread::yield();
  } while (absl::Now() < deadline && waitpid(daemon_, nullptr, WNOHANG) == 0);
  return status;
}

absl::Status TgtTarget::Start(const std::vector<std::string>& setup) {
  const bool again = port_ != 0;
  absl::Status status = absl::InternalError("not tried");
  for (int i = 0; i < kTries && !status.ok(); ++i) {
    // tgtd cannot choose one: a port that was free a moment ago.
    if (!again) port_ = TryPort(0);
    status = StartDaemon();
    if (!status.ok()) Kill();
  }
  RETURN_IF_ERROR(status);
  RETURN_IF_ERROR(Admin(absl::StrCat("--op new --mode target --tid 1 -T ", kTarget)));
  for (const std::string& words : setup) RETURN_IF_ERROR(Admin(words));
  return Admin("--op bind --mode target --tid 1 -I 127.0.0.1");
}

absl::Status TgtTarget::Admin(absl::string_view words) {
  Words command = {"/usr/sbin/tgtadm", "-C", "1", "--lld", "iscsi"};
  for (const absl::string_view word : absl::StrSplit(words, ' ', absl::SkipEmpty())) {
    command.emplace_back(word);
  }
  const std::string log = absl::StrCat(folder_, "/tgtadm.log");
  const pid_t child = Spawn(command, Environment(folder_, {}), log);
  if (child != 0 && ExitCode(child) == 0) return absl::OkStatus();
  const auto said = ReadFile(log, 1 << 20);
  return absl::InternalError(absl::StrCat("tgtadm ", words, ": ", said.ok() ? *said : ""));
}

void TgtTarget::Kill() {
  if (daemon_ == 0) return;
  // timeout's child is the daemon: both are one process group of their own, timeout's.
  kill(-daemon_, SIGKILL);
  ExitCode(daemon_);
  // The daemon is nobody's child now; it is gone when its port is free.
  const absl::Time deadline = absl::Now() + kStartTime;
  while (TryPort(port_) == 0 && absl::Now() < deadline) std::this_thread::yield();
  daemon_ = 0;
}

void TgtTarget::Suspend() { kill(-daemon_, SIGSTOP); }
void TgtTarget::Continue() { kill(-daemon_, SIGCONT); }

scsi::IscsiAddress TgtTarget::Address(int lun) const {
  return {.portal = absl::StrCat("127.0.0.1:", port_),
          .target = kTarget,
          .lun = lun,
          .initiator = "iqn.2026-11.test.carousel:test"};
}

}  // namespace carousel
