// TEST UNIT READY and REQUEST SENSE (SPC-4 6.37, 6.39). Their answer is sense data:
// scsi::DecodeSense.
#ifndef HAL_MMC_READINESS_H_
#define HAL_MMC_READINESS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

struct TestUnitReadyCdb {
  bool operator==(const TestUnitReadyCdb&) const = default;
};
scsi::Command MakeCommand(const TestUnitReadyCdb& cdb);
absl::StatusOr<TestUnitReadyCdb> DecodeTestUnitReadyCdb(absl::Span<const uint8_t> cdb);

struct RequestSenseCdb {
  bool descriptor_format = false;
  uint8_t allocation_length = 0;
  bool operator==(const RequestSenseCdb&) const = default;
};
// A buffer above 255 bytes announces 252, the largest sense data there is.
scsi::Command MakeCommand(const RequestSenseCdb& cdb, absl::Span<uint8_t> data_in);
absl::StatusOr<RequestSenseCdb> DecodeRequestSenseCdb(absl::Span<const uint8_t> cdb);

}  // namespace carousel::mmc

#endif  // HAL_MMC_READINESS_H_
