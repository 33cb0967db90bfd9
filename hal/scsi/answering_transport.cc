#include "hal/scsi/answering_transport.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace carousel::scsi {

absl::StatusOr<Result> AnsweringTransport::DoExecute(const Command& command) {
  commands_.push_back(command);
  if (!command.data_out.empty()) {
    sent_.emplace_back(command.data_out.begin(), command.data_out.end());
  }
  commands_.back().data_in = {};  // the caller's buffers end with the call
  commands_.back().data_out = {};
  Answer answer = [](Cdb) { return CheckCondition(SenseKey::kIllegalRequest, 0x20, 0x00); };
  if (std::deque<Answer>& queue = once_[command.opcode()]; !queue.empty()) {
    answer = std::move(queue.front());
    queue.pop_front();
  } else if (const auto found = answers_.find(command.opcode()); found != answers_.end()) {
    answer = found->second;
  }
  const absl::StatusOr<std::vector<uint8_t>> bytes =
      answer(absl::MakeConstSpan(command.cdb).subspan(0, command.cdb_size));
  if (!bytes.ok()) {
    const std::optional<SensePayload> payload = GetSense(bytes.status());
    if (!payload.has_value()) return bytes.status();
    return Result{.status = ScsiStatus::kCheckCondition, .sense = payload->sense};
  }
  const size_t size = std::min(bytes->size(), command.data_in.size());
  std::copy_n(bytes->begin(), size, command.data_in.begin());
  return Result{.transferred = size};
}

}  // namespace carousel::scsi
