// MOVE MEDIUM, EXCHANGE MEDIUM and POSITION TO ELEMENT (SMC-3 6.7, 6.2, 6.9).
#ifndef HAL_SMC_MOVE_MEDIUM_H_
#define HAL_SMC_MOVE_MEDIUM_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::smc {

// A transport element of 0 is the default one (SMC-3 6.7).
struct MoveMediumCdb {
  uint16_t transport = 0;
  uint16_t source = 0;
  uint16_t destination = 0;
  bool invert = false;
  bool operator==(const MoveMediumCdb&) const = default;
};
scsi::Command MakeCommand(const MoveMediumCdb& cdb);
absl::StatusOr<MoveMediumCdb> DecodeMoveMediumCdb(absl::Span<const uint8_t> cdb);

// What lies in the first destination goes to the second one, which may be the source.
struct ExchangeMediumCdb {
  uint16_t transport = 0;
  uint16_t source = 0;
  uint16_t first_destination = 0;
  uint16_t second_destination = 0;
  bool operator==(const ExchangeMediumCdb&) const = default;
};
scsi::Command MakeCommand(const ExchangeMediumCdb& cdb);
absl::StatusOr<ExchangeMediumCdb> DecodeExchangeMediumCdb(absl::Span<const uint8_t> cdb);

// Moves the transport and no medium.
struct PositionToElementCdb {
  uint16_t transport = 0;
  uint16_t destination = 0;
  bool operator==(const PositionToElementCdb&) const = default;
};
scsi::Command MakeCommand(const PositionToElementCdb& cdb);
absl::StatusOr<PositionToElementCdb> DecodePositionToElementCdb(absl::Span<const uint8_t> cdb);

}  // namespace carousel::smc

#endif  // HAL_SMC_MOVE_MEDIUM_H_
