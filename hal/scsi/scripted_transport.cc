#include "hal/scsi/scripted_transport.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace carousel::scsi {

ScriptedTransport::~ScriptedTransport() {
  EXPECT_TRUE(steps_.empty()) << steps_.size()
                              << " steps of the script were not played; the next is "
                              << OpcodeName(steps_.front().opcode);
}

void ScriptedTransport::ExpectGood(uint8_t opcode, std::vector<uint8_t> reply) {
  Expect(Step{.opcode = opcode, .reply = std::move(reply)});
}

void ScriptedTransport::ExpectSense(uint8_t opcode, SenseKey key, uint8_t asc, uint8_t ascq) {
  Expect(Step{.opcode = opcode,
              .status = ScsiStatus::kCheckCondition,
              .sense = Sense{.key = key, .asc = asc, .ascq = ascq}});
}

absl::StatusOr<Result> ScriptedTransport::DoExecute(const Command& command) {
  if (steps_.empty() || steps_.front().opcode != command.opcode()) {
    ADD_FAILURE() << "unexpected " << OpcodeName(command.opcode()) << ", the script has "
                  << (steps_.empty() ? "ended" : OpcodeName(steps_.front().opcode));
    return absl::InternalError("the script does not have this command");
  }
  const Step step = std::move(steps_.front());
  steps_.pop_front();
  EXPECT_TRUE(std::equal(step.cdb_prefix.begin(), step.cdb_prefix.end(), command.cdb.begin()))
      << "the CDB of " << OpcodeName(step.opcode) << " differs from the script's";
  if (!command.data_out.empty())
    sent_.emplace_back(command.data_out.begin(), command.data_out.end());
  if (!step.failure.ok()) return step.failure;
  const size_t size = std::min(step.reply.size(), command.data_in.size());
  std::copy_n(step.reply.begin(), size, command.data_in.begin());
  return Result{.status = step.status,
                .sense = step.sense,
                .transferred = step.claimed_transfer.value_or(size)};
}

}  // namespace carousel::scsi
