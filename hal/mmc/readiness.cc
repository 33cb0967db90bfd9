#include "hal/mmc/readiness.h"

#include <algorithm>

#include "hal/base/status_macros.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kMaxSense = 252;  // SPC-4 4.5.1

}  // namespace

scsi::Command MakeCommand(const TestUnitReadyCdb&) {
  return NewCommand(scsi::opcode::kTestUnitReady, 6, kQuickTimeout);
}

absl::StatusOr<TestUnitReadyCdb> DecodeTestUnitReadyCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kTestUnitReady, 6));
  return TestUnitReadyCdb{};
}

scsi::Command MakeCommand(const RequestSenseCdb& cdb, absl::Span<uint8_t> data_in) {
  const absl::Span<uint8_t> buffer = data_in.subspan(0, kMaxSense);
  scsi::Command command = NewCommand(scsi::opcode::kRequestSense, 6, kQuickTimeout, buffer);
  command.cdb[1] = cdb.descriptor_format;
  command.cdb[4] = static_cast<uint8_t>(buffer.size());
  return command;
}

absl::StatusOr<RequestSenseCdb> DecodeRequestSenseCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kRequestSense, 6));
  return RequestSenseCdb{.descriptor_format = (cdb[1] & 1) != 0, .allocation_length = cdb[4]};
}

}  // namespace carousel::mmc
