#include "hal/scsi/sg/sg_io.h"

#include <algorithm>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/scsi/sense.h"

namespace carousel::scsi {
namespace {

// Host bytes, include/scsi/scsi_status.h of the kernel.
constexpr uint16_t kDidNoConnect = 0x01;
constexpr uint16_t kDidTimeOut = 0x03;
constexpr uint16_t kDidBadTarget = 0x04;
// Driver bytes: the low four bits tell what happened.
constexpr uint16_t kDriverMask = 0x0F;
constexpr uint16_t kDriverTimeout = 0x06;
constexpr uint16_t kDriverSense = 0x08;

absl::string_view HostStatusName(uint16_t status) {
  constexpr absl::string_view kNames[] = {"DID_OK",
                                          "DID_NO_CONNECT",
                                          "DID_BUS_BUSY",
                                          "DID_TIME_OUT",
                                          "DID_BAD_TARGET",
                                          "DID_ABORT",
                                          "DID_PARITY",
                                          "DID_ERROR",
                                          "DID_RESET",
                                          "DID_BAD_INTR",
                                          "DID_PASSTHROUGH",
                                          "DID_SOFT_ERROR",
                                          "DID_IMM_RETRY",
                                          "DID_REQUEUE",
                                          "DID_TRANSPORT_DISRUPTED",
                                          "DID_TRANSPORT_FAILFAST"};
  return status < std::size(kNames) ? kNames[status] : "unknown";
}

bool IsKnown(uint8_t status) {
  switch (static_cast<ScsiStatus>(status)) {
    case ScsiStatus::kGood:
    case ScsiStatus::kCheckCondition:
    case ScsiStatus::kConditionMet:
    case ScsiStatus::kBusy:
    case ScsiStatus::kReservationConflict:
    case ScsiStatus::kTaskSetFull:
    case ScsiStatus::kTaskAborted:
      return true;
  }
  return false;
}

absl::Status CameNotThrough(absl::string_view name, absl::string_view what) {
  return absl::UnavailableError(absl::StrCat(name, ": the command did not come through: ", what));
}

}  // namespace

sg_io_hdr MakeSgIo(const Command& command, std::array<uint8_t, kSgSenseSize>* sense) {
  sg_io_hdr header = {};
  header.interface_id = 'S';
  header.cmd_len = command.cdb_size;
  // The kernel takes both without const and writes to neither.
  header.cmdp = const_cast<uint8_t*>(command.cdb.data());
  header.mx_sb_len = kSgSenseSize;
  header.sbp = sense->data();
  header.dxfer_direction = SG_DXFER_NONE;
  if (!command.data_in.empty()) {
    header.dxfer_direction = SG_DXFER_FROM_DEV;
    header.dxferp = command.data_in.data();
    header.dxfer_len = static_cast<unsigned>(command.data_in.size());
  } else if (!command.data_out.empty()) {
    header.dxfer_direction = SG_DXFER_TO_DEV;
    header.dxferp = const_cast<uint8_t*>(command.data_out.data());
    header.dxfer_len = static_cast<unsigned>(command.data_out.size());
  }
  const int64_t milliseconds = absl::ToInt64Milliseconds(
      absl::Ceil(std::max(command.timeout, absl::Milliseconds(1)), absl::Milliseconds(1)));
  header.timeout =
      static_cast<unsigned>(std::min<int64_t>(milliseconds, std::numeric_limits<int>::max()));
  return header;
}

absl::StatusOr<Result> JudgeSgIo(const sg_io_hdr& header, absl::string_view name) {
  const uint16_t driver = header.driver_status & kDriverMask;
  if (header.host_status == kDidTimeOut || driver == kDriverTimeout) {
    return absl::DeadlineExceededError(
        absl::StrCat(name, ": no answer within ", header.timeout, " ms"));
  }
  if (header.host_status != 0) {
    return CameNotThrough(
        name, absl::StrCat("the host adapter says ", HostStatusName(header.host_status), " (",
                           header.host_status, ")"));
  }
  if (driver != 0 && driver != kDriverSense) {
    return CameNotThrough(name, absl::StrCat("the driver says ", driver));
  }
  // The standard leaves bits 0, 6 and 7 to vendors' old use.
  const uint8_t status = header.status & 0x7E;
  if (!IsKnown(status)) return CameNotThrough(name, absl::StrCat("status ", header.status));
  Result result{.status = static_cast<ScsiStatus>(status)};
  const size_t sense_size = std::min<size_t>(header.sb_len_wr, kSgSenseSize);
  if (sense_size > 0) result.sense = DecodeSense(absl::MakeConstSpan(header.sbp, sense_size));
  // Sense that came beside GOOD was fetched for a check condition that the adapter swallowed.
  if (result.good() && driver == kDriverSense && result.sense.key != SenseKey::kNoSense) {
    result.status = ScsiStatus::kCheckCondition;
  }
  if (header.dxfer_direction == SG_DXFER_FROM_DEV) {
    const auto size = static_cast<int64_t>(header.dxfer_len);
    // Adapters report none where there was one, and nonsense: then all of it may be data.
    const bool sane = header.resid >= 0 && header.resid <= size;
    result.transferred = static_cast<size_t>(sane ? size - header.resid : size);
  }
  return result;
}

bool IsGone(const sg_io_hdr& header) {
  return header.host_status == kDidNoConnect || header.host_status == kDidBadTarget;
}

}  // namespace carousel::scsi
