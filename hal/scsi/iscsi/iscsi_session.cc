#include "hal/scsi/iscsi/iscsi_session.h"

#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>
#include <poll.h>

#include <algorithm>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/memory/memory.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "hal/base/file.h"
#include "hal/base/status_macros.h"
#include "hal/scsi/sense.h"

namespace carousel::scsi {
namespace {

// How long the target may take to say that it has aborted a task.
constexpr absl::Duration kAbortTimeout = absl::Seconds(5);
// libiscsi wants to be called now and then though nothing comes.
constexpr absl::Duration kTick = absl::Milliseconds(200);
constexpr size_t kMostSecret = 4096;
constexpr size_t kSenseLength = 2;  // before the sense data of a response, RFC 7143 11.4.7

absl::StatusOr<std::string> ReadSecret(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMostSecret));
  return std::string(absl::StripAsciiWhitespace(text.substr(0, text.find('\n'))));
}

// libiscsi tells the target's word for it, login status class and detail (RFC 7143 11.13.5), in its
// message alone: "Authentication failure(513)".
absl::Status LoginError(const std::string& message) {
  if (absl::StrContains(message, "(513)") || absl::StrContains(message, "(514)")) {
    return absl::PermissionDeniedError(message);
  }
  if (absl::StrContains(message, "(515)")) return absl::NotFoundError(message);
  return absl::UnavailableError(message);
}

absl::StatusOr<Result> Judge(int status, const scsi_task& task, const Command& command,
                             const std::string& name) {
  switch (status) {
    case SCSI_STATUS_GOOD:
    case SCSI_STATUS_CHECK_CONDITION:
    case SCSI_STATUS_CONDITION_MET:
    case SCSI_STATUS_BUSY:
    case SCSI_STATUS_RESERVATION_CONFLICT:
    case SCSI_STATUS_TASK_SET_FULL:
    case SCSI_STATUS_TASK_ABORTED:
      break;
    default:
      return absl::UnavailableError(
          absl::StrCat(name, ": the command did not come through, status ", status));
  }
  Result result{.status = static_cast<ScsiStatus>(status)};
  const auto size = static_cast<size_t>(std::max(task.datain.size, 0));
  const absl::Span<const uint8_t> data(task.datain.data, task.datain.data == nullptr ? 0 : size);
  if (result.status == ScsiStatus::kCheckCondition) {
    if (data.size() > kSenseLength) result.sense = DecodeSense(data.subspan(kSenseLength));
    return result;
  }
  result.transferred = std::min(data.size(), command.data_in.size());
  std::copy_n(data.begin(), result.transferred, command.data_in.begin());
  return result;
}

}  // namespace

void IscsiSession::Note(iscsi_context*, int status, void*, void* waiting) {
  *static_cast<Waiting*>(waiting) = {.done = true, .status = status};
}

IscsiSession::IscsiSession(iscsi_context* context, const IscsiAddress& address)
    : context_(context),
      name_(absl::StrCat(address.target, " LUN ", address.lun, " at ", address.portal)),
      lun_(address.lun) {}

// Ends the connection without a logout, which a target that hangs would not answer.
IscsiSession::~IscsiSession() { iscsi_destroy_context(context_); }

std::string IscsiSession::Error() const {
  const char* const error = iscsi_get_error(context_);
  return error == nullptr ? "" : std::string(absl::StripAsciiWhitespace(error));
}

absl::StatusOr<std::unique_ptr<IscsiSession>> IscsiSession::Open(const IscsiAddress& address) {
  iscsi_context* const context = iscsi_create_context(address.initiator.c_str());
  if (context == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("no iSCSI name: ", address.initiator));
  }
  auto session = absl::WrapUnique(new IscsiSession(context, address));
  RETURN_IF_ERROR(session->LogIn(address));
  return session;
}

absl::Status IscsiSession::LogIn(const IscsiAddress& address) {
  // Reconnecting by itself would send again what had been sent: a MOVE or a WRITE.
  iscsi_set_noautoreconnect(context_, 1);
  if (iscsi_set_targetname(context_, address.target.c_str()) != 0 ||
      iscsi_set_session_type(context_, ISCSI_SESSION_NORMAL) != 0 ||
      iscsi_set_header_digest(context_, ISCSI_HEADER_DIGEST_NONE_CRC32C) != 0) {
    return absl::InvalidArgumentError(absl::StrCat(name_, ": ", Error()));
  }
  if (!address.chap_user.empty()) {
    ASSIGN_OR_RETURN(const std::string secret, ReadSecret(address.chap_secret_file));
    if (iscsi_set_initiator_username_pwd(context_, address.chap_user.c_str(), secret.c_str()) !=
        0) {
      return absl::InvalidArgumentError(absl::StrCat(name_, ": ", Error()));
    }
  }
  const absl::Time deadline = absl::Now() + address.login_timeout;
  Waiting connected;
  if (iscsi_connect_async(context_, address.portal.c_str(), &Note, &connected) != 0) {
    return absl::UnavailableError(absl::StrCat(name_, ": ", Error()));
  }
  RETURN_IF_ERROR(Await(connected, deadline));
  if (connected.status != SCSI_STATUS_GOOD) {
    return absl::UnavailableError(absl::StrCat(name_, ": cannot connect: ", Error()));
  }
  Waiting logged_in;
  if (iscsi_login_async(context_, &Note, &logged_in) != 0) {
    return absl::UnavailableError(absl::StrCat(name_, ": ", Error()));
  }
  RETURN_IF_ERROR(Await(logged_in, deadline));
  if (logged_in.status == SCSI_STATUS_GOOD) return absl::OkStatus();
  return LoginError(absl::StrCat(name_, ": the target refuses the login: ", Error()));
}

absl::Status IscsiSession::Await(const Waiting& waiting, absl::Time deadline) {
  while (!waiting.done) {
    const absl::Time now = absl::Now();
    if (now >= deadline) return absl::DeadlineExceededError(absl::StrCat(name_, ": no answer"));
    pollfd descriptor{.fd = iscsi_get_fd(context_),
                      .events = static_cast<int16_t>(iscsi_which_events(context_))};
    const int64_t wait = absl::ToInt64Milliseconds(
        absl::Ceil(std::min(deadline - now, kTick), absl::Milliseconds(1)));
    poll(&descriptor, 1, static_cast<int>(wait));
    if (iscsi_service(context_, descriptor.revents) < 0) {
      lost_ = true;
      // What was under way has been told; nothing else will come.
      if (!waiting.done) {
        return absl::UnavailableError(absl::StrCat(name_, ": the connection is lost: ", Error()));
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Result> IscsiSession::Execute(const Command& command) {
  int direction = SCSI_XFER_NONE;
  size_t size = 0;
  if (!command.data_in.empty()) {
    direction = SCSI_XFER_READ;
    size = command.data_in.size();
  } else if (!command.data_out.empty()) {
    direction = SCSI_XFER_WRITE;
    size = command.data_out.size();
  }
  auto cdb = command.cdb;
  scsi_task* const task =
      scsi_create_task(command.cdb_size, cdb.data(), direction, static_cast<int>(size));
  if (task == nullptr) return absl::UnavailableError(absl::StrCat(name_, ": no memory"));
  // libiscsi lets go of a task when its callback has been called, which the end of the context does
  // at the latest.
  const auto free_task = absl::MakeCleanup([task] { scsi_free_scsi_task(task); });
  iscsi_data data{.size = command.data_out.size(),
                  .data = const_cast<uint8_t*>(command.data_out.data())};
  Waiting answer;
  if (iscsi_scsi_command_async(context_, lun_, task, &Note,
                               command.data_out.empty() ? nullptr : &data, &answer) != 0) {
    lost_ = true;
    return absl::UnavailableError(absl::StrCat(name_, ": ", Error()));
  }
  const absl::Status awaited = Await(answer, absl::Now() + command.timeout);
  if (absl::IsDeadlineExceeded(awaited)) return Abort(task, answer);
  if (!awaited.ok()) {
    iscsi_scsi_cancel_task(context_, task);
    return awaited;
  }
  return Judge(answer.status, *task, command, name_);
}

absl::Status IscsiSession::Abort(scsi_task* task, const Waiting& answer) {
  Waiting aborted;
  const bool sent = iscsi_task_mgmt_abort_task_async(context_, task, &Note, &aborted) == 0;
  const bool confirmed = sent && Await(aborted, absl::Now() + kAbortTimeout).ok();
  // The callback of a task that is not answered any more has to be called, since its frame ends.
  if (!answer.done) iscsi_scsi_cancel_task(context_, task);
  // And that of the abort, by the end of the session.
  if (!confirmed) lost_ = true;
  return absl::DeadlineExceededError(absl::StrCat(
      name_, ": no answer in time", confirmed ? "; aborted" : "; the session is given up"));
}

}  // namespace carousel::scsi
