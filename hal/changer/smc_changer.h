// A Changer that speaks SMC-3 through a scsi::Transport.
//
//           first use              no answer
//   (closed) -------> (open) -------------------+
//      ^                                        |
//      +----------------------------------------+   the next call opens it anew
//
// Of a move it believes what it sees afterwards and not what was answered: MOVE MEDIUM is sent
// once, then the source, the destination and the picker are read.
#ifndef HAL_CHANGER_SMC_CHANGER_H_
#define HAL_CHANGER_SMC_CHANGER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/changer/changer.h"
#include "hal/drive/mmc_device.h"
#include "hal/scsi/transport.h"
#include "hal/smc/element_pages.h"

namespace carousel {

class SmcChanger : public Changer {
 public:
  using OpenTransport = std::function<absl::StatusOr<std::unique_ptr<scsi::Transport>>()>;
  struct Options {
    // How long an arm that is becoming ready, busy or paused is waited for before a move and after
    // a command that was not answered.
    absl::Duration ready_budget = absl::Minutes(15);
    absl::Duration poll_interval = absl::Seconds(1);
  };

  // `clock` is the changer's; outlives it. Opens nothing before the first call.
  SmcChanger(OpenTransport open, Clock* clock, Options options);
  SmcChanger(OpenTransport open, Clock* clock) : SmcChanger(std::move(open), clock, Options()) {}

  absl::StatusOr<ChangerIdentity> Identify() override;
  absl::StatusOr<std::vector<Element>> ReadElements() override;
  MoveResult Move(ElementAddress source, ElementAddress destination) override;
  MoveResult Exchange(ElementAddress source, ElementAddress first, ElementAddress second) override;
  absl::Status Rescan(std::optional<ElementRange> range) override;
  absl::Status PositionTo(ElementAddress element) override;
  absl::Status PreventRemoval(bool prevent) override;

  // Of one disc.
  struct Way {
    ElementAddress source;
    ElementAddress destination;
  };

 private:
  // A unit attention is news when the elements were read before it, and none when they are about to
  // be read.
  enum class Attention : uint8_t { kTake, kRefuse };

  absl::Status Open();
  absl::Status BecomeReady(Attention attention);
  // Sends one command to a changer that is open; closes it where no answer came.
  absl::StatusOr<size_t> Execute(const scsi::Command& command);
  // ReadElements of a changer that need not be ready.
  absl::StatusOr<std::vector<Element>> ReadKnown();
  absl::Status ReadAddresses();
  absl::Status ReadRange(const smc::ElementRange& range, ElementType type,
                         std::vector<Element>* elements);
  absl::StatusOr<size_t> ReadStatus(ElementType type, uint16_t first, uint16_t count);
  // Sends `command` once and says where the discs of `wanted` are then.
  MoveResult Carry(const scsi::Command& command, const std::vector<Way>& wanted);
  MoveResult Settle(const std::vector<Element>& before, const std::vector<Way>& wanted,
                    absl::Status answer);

  const OpenTransport open_;
  Clock* const clock_;
  const Options options_;
  std::unique_ptr<MmcDevice> device_;  // null while closed
  std::optional<smc::ElementAddressAssignment> addresses_;
  // What the changer has refused once is not asked for again.
  bool has_volume_tags_ = true;
  bool has_device_ids_ = true;
  std::vector<uint8_t> buffer_;
};

}  // namespace carousel

#endif  // HAL_CHANGER_SMC_CHANGER_H_
