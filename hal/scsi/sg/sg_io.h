// What Linux' SG_IO says of a command, judged: the status of the device, of the host adapter and of
// the driver, the residual, the sense. No system call.
#ifndef HAL_SCSI_SG_SG_IO_H_
#define HAL_SCSI_SG_SG_IO_H_

#include <scsi/sg.h>

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/scsi/command.h"

namespace carousel::scsi {

// The kernel cuts sense at what fits; 64 bytes hold every format that is decoded.
inline constexpr size_t kSgSenseSize = 64;

// A header that sends `command`. Points into `command` and `sense`, which must outlive it.
// Time-outs are whole milliseconds, rounded up.
sg_io_hdr MakeSgIo(const Command& command, std::array<uint8_t, kSgSenseSize>* sense);

// What a header that the kernel has completed means. OK: the device answered. DEADLINE_EXCEEDED:
// the host adapter or the driver gave the command up after its time-out. UNAVAILABLE: it did not
// come through; a status of GOOD beside an error of the adapter is worth nothing.
absl::StatusOr<Result> JudgeSgIo(const sg_io_hdr& header, absl::string_view name);

// The command never reached a device that is there: it was unplugged, or its path has failed.
bool IsGone(const sg_io_hdr& header);

}  // namespace carousel::scsi

#endif  // HAL_SCSI_SG_SG_IO_H_
