// A transport that plays a script: bytes out, bytes in. For tests of encoders, decoders and
// drivers; it fails the test on any command that the script does not expect next.
#ifndef HAL_SCSI_SCRIPTED_TRANSPORT_H_
#define HAL_SCSI_SCRIPTED_TRANSPORT_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/scsi/command.h"
#include "hal/scsi/transport.h"

namespace carousel::scsi {

class ScriptedTransport : public Transport {
 public:
  ScriptedTransport() = default;
  // Fails the test if steps are left over.
  ~ScriptedTransport() override;

  struct Step {
    uint8_t opcode = 0;
    // Compared with the CDB's first bytes when not empty.
    std::vector<uint8_t> cdb_prefix;
    // Copied into data_in, cut at its size.
    std::vector<uint8_t> reply;
    ScsiStatus status = ScsiStatus::kGood;
    Sense sense;
    // Returned in place of an answer when not OK.
    absl::Status failure;
    // What the transport claims to have received, if it lies.
    std::optional<size_t> claimed_transfer;
  };
  void Expect(Step step) { steps_.push_back(std::move(step)); }
  void ExpectGood(uint8_t opcode, std::vector<uint8_t> reply = {});
  void ExpectSense(uint8_t opcode, SenseKey key, uint8_t asc, uint8_t ascq);

  // Data that commands have sent, one entry a command.
  const std::vector<std::vector<uint8_t>>& sent() const { return sent_; }

  size_t max_transfer() const override { return 64 * 1024; }
  absl::string_view name() const override { return "scripted"; }

 private:
  absl::StatusOr<Result> DoExecute(const Command& command) override;

  std::deque<Step> steps_;
  std::vector<std::vector<uint8_t>> sent_;
};

}  // namespace carousel::scsi

#endif  // HAL_SCSI_SCRIPTED_TRANSPORT_H_
