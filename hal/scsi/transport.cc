#include "hal/scsi/transport.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace carousel::scsi {

absl::Time Transport::Now() const { return clock_ == nullptr ? absl::Now() : clock_->Now(); }

absl::StatusOr<Result> Transport::Execute(const Command& command) {
  if (command.cdb_size < 6 || command.cdb_size > kMaxCdbSize) {
    return absl::InvalidArgumentError(
        absl::StrCat(name(), ": CDB of ", command.cdb_size, " bytes"));
  }
  if (!command.data_in.empty() && !command.data_out.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name(), ": command with data in both directions"));
  }
  const size_t size = std::max(command.data_in.size(), command.data_out.size());
  if (size > max_transfer()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name(), ": transfer of ", size, " bytes, the limit is ", max_transfer()));
  }
  const absl::Time start = Now();
  absl::StatusOr<Result> result = DoExecute(command);
  // A count beyond the buffer would make every parser above read past its end.
  if (result.ok()) result->transferred = std::min(result->transferred, command.data_in.size());
  if (observer_ != nullptr) observer_->OnCommand(command, result, Now() - start);
  return result;
}

}  // namespace carousel::scsi
