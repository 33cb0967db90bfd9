// A device that answers each opcode as it was told, in any order: for tests of what asks a drive
// many questions. A single answer that differs is queued in front (Once). What it was not told to
// answer it refuses with 5/20/00, invalid command operation code.
#ifndef HAL_SCSI_ANSWERING_TRANSPORT_H_
#define HAL_SCSI_ANSWERING_TRANSPORT_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"
#include "hal/scsi/sense.h"
#include "hal/scsi/transport.h"

namespace carousel::scsi {

class AnsweringTransport : public Transport {
 public:
  using Cdb = absl::Span<const uint8_t>;
  using Answer = std::function<absl::StatusOr<std::vector<uint8_t>>(Cdb)>;

  // Answers `opcode` with these bytes, or by calling `answer`.
  void Give(uint8_t opcode, std::vector<uint8_t> bytes) {
    Give(opcode, [bytes = std::move(bytes)](Cdb) { return bytes; });
  }
  void Give(uint8_t opcode, Answer answer) { answers_[opcode] = std::move(answer); }
  // What an Answer returns to end in CHECK CONDITION.
  static absl::Status CheckCondition(SenseKey key, uint8_t asc, uint8_t ascq) {
    return SenseStatus(Sense{.key = key, .asc = asc, .ascq = ascq}, 0, "answer");
  }
  void Refuse(uint8_t opcode, SenseKey key, uint8_t asc, uint8_t ascq) {
    Give(opcode, [=](Cdb) { return CheckCondition(key, asc, ascq); });
  }
  // The next command with `opcode` is answered so, and then as before.
  void Once(uint8_t opcode, Answer answer) { once_[opcode].push_back(std::move(answer)); }
  void OnceSense(uint8_t opcode, SenseKey key, uint8_t asc, uint8_t ascq) {
    Once(opcode, [=](Cdb) { return CheckCondition(key, asc, ascq); });
  }

  // How often `opcode` was asked, and all CDBs.
  int asked(uint8_t opcode) const {
    int count = 0;
    for (const Command& command : commands_) count += command.opcode() == opcode;
    return count;
  }
  const std::vector<Command>& commands() const { return commands_; }
  // Data that commands have sent, one entry a command that did.
  const std::vector<std::vector<uint8_t>>& sent() const { return sent_; }

  size_t max_transfer() const override { return 64 * 1024; }
  absl::string_view name() const override { return "answering device"; }

 private:
  absl::StatusOr<Result> DoExecute(const Command& command) override;

  std::map<uint8_t, Answer> answers_;
  std::map<uint8_t, std::deque<Answer>> once_;
  std::vector<Command> commands_;
  std::vector<std::vector<uint8_t>> sent_;
};

}  // namespace carousel::scsi

#endif  // HAL_SCSI_ANSWERING_TRANSPORT_H_
