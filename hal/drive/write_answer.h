// What a drive's answer to WRITE means: taken, to be sent again, or the end. Pure; the only place
// that says when a WRITE may be repeated.
//
//   GOOD, 1/xx/xx ............................ taken
//   2/04/08 .................................. buffer full: when there is room
//   2/04/04, 2/04/07 ......................... busy with a format or what came before: later
//   2/04/01, and nothing was written yet ..... becoming ready: later
//   5/2C/00 .................................. out of sequence: once, after SYNCHRONIZE CACHE
//   everything else .......................... the end; also a unit attention, since a drive that
//                                              was reset has lost what it had taken, and BUSY
#ifndef HAL_DRIVE_WRITE_ANSWER_H_
#define HAL_DRIVE_WRITE_ANSWER_H_

#include <cstdint>

#include "absl/status/status.h"

namespace carousel {

enum class WriteAnswer : uint8_t {
  kTaken,
  kBufferFull,
  kLater,
  kAfterSynchronize,
  kFailed,
};

// `first`: nothing has been written since the drive's buffer was last on the disc.
WriteAnswer JudgeWrite(const absl::Status& status, bool first);

}  // namespace carousel

#endif  // HAL_DRIVE_WRITE_ANSWER_H_
