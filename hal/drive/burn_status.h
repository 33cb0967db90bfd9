// How a command that changes a disc ended.
//
// A type of its own and no absl::Status, because of one rule: what may have changed a disc is never
// UNAVAILABLE. Callers, and the clients of callers, try again on UNAVAILABLE, and the second try
// burns the disc twice. BurnStatus cannot hold that code, converts to no absl::Status by itself,
// and says with the error what is known of the disc.
#ifndef HAL_DRIVE_BURN_STATUS_H_
#define HAL_DRIVE_BURN_STATUS_H_

#include <cstdint>
#include <ostream>

#include "absl/status/status.h"
#include "hal/base/types.h"

namespace carousel {

enum class DiscEffect : uint8_t {
  kNone,    // the drive refused: the disc is as it was
  kPartly,  // the first BurnStatus::taken() sectors of the request, nothing behind them
  kDone,    // as asked
  // Carried out in whole, in part or not at all, or the drive has lost what it had taken before.
  // The media state has to be read before anything else is sent to this disc.
  kUnknown,
};

// `status` with ABORTED in place of UNAVAILABLE; message and payloads stay.
absl::Status NeverUnavailable(const absl::Status& status);

// A value.
class [[nodiscard]] BurnStatus {
 public:
  // As asked. `taken`: the sectors, of a write.
  static BurnStatus Done(Sectors taken = Sectors(0));
  // `error` is not OK. Before it `taken` sectors of the same request went well.
  static BurnStatus Refused(const absl::Status& error, Sectors taken = Sectors(0));
  static BurnStatus InDoubt(const absl::Status& error, Sectors taken = Sectors(0));
  // Refused or InDoubt, by what the device said: a refusal is ILLEGAL REQUEST, DATA PROTECT, NOT
  // READY, BUSY, RESERVATION CONFLICT, and a command that was never sent. Anything else is in
  // doubt; so is a unit attention, since a drive that was reset has lost its buffer, and 5/63, the
  // end of the user area, which comes when blocks may have been taken. `error` is not OK.
  static BurnStatus FromError(const absl::Status& error, Sectors taken = Sectors(0));

  bool ok() const { return status_.ok(); }
  // Never UNAVAILABLE. Carries the sense where there is one (scsi::GetSense).
  const absl::Status& status() const { return status_; }
  DiscEffect effect() const { return effect_; }
  // Of a write: sectors that the drive has acknowledged. They are on the disc after Synchronize.
  Sectors taken() const { return taken_; }
  // The drive said 5/21/02, invalid address for write: the address is not the next writable one.
  // Somebody else has written, or this session was burnt before. An alarm, never to be worked
  // around.
  bool wrong_address() const;

 private:
  BurnStatus(const absl::Status& status, DiscEffect effect, Sectors taken);

  absl::Status status_;
  DiscEffect effect_;
  Sectors taken_;
};

std::ostream& operator<<(std::ostream& out, DiscEffect effect);
std::ostream& operator<<(std::ostream& out, const BurnStatus& status);

}  // namespace carousel

#endif  // HAL_DRIVE_BURN_STATUS_H_
