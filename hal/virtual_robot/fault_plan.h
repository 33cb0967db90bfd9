// Faults to order: at the n-th command of an opcode a drive answers a sense, answers given bytes,
// or does not answer; at the n-th move or reading of its elements the arm fails. Text, one fault a
// line; README.md has the grammar.
#ifndef HAL_VIRTUAL_ROBOT_FAULT_PLAN_H_
#define HAL_VIRTUAL_ROBOT_FAULT_PLAN_H_

#include <cstdint>
#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/scsi/sense.h"

namespace carousel::virtual_robot {

struct DriveFault {
  enum class Kind : uint8_t { kSense, kHang, kBytes, kPowerCut };
  uint8_t opcode = 0;
  int64_t at = 1;          // counts the commands of the opcode, from 1
  bool and_after = false;  // also every later one
  // kSense: not executed, unless it tells of a recovered error; a unit attention of a reset also
  // loses what is buffered. kHang: executed, never answered; kPowerCut: executed, then the drive is
  // off and on again.
  Kind kind = Kind::kHang;
  scsi::Sense sense;
  std::vector<uint8_t> bytes;

  bool executed() const {
    return kind == Kind::kHang || kind == Kind::kPowerCut ||
           (kind == Kind::kSense && sense.key == scsi::SenseKey::kRecoveredError);
  }
  // SPC-4 annex D: power on, reset, or bus device reset occurred.
  bool reset() const { return sense.key == scsi::SenseKey::kUnitAttention && sense.asc == 0x29; }
};

// A plan and how far it has come. Not thread-safe.
class DriveFaultPlan {
 public:
  DriveFaultPlan() = default;
  explicit DriveFaultPlan(std::vector<DriveFault> faults) : faults_(std::move(faults)) {}

  // Counts a command; the fault that it meets, null if none.
  const DriveFault* Next(uint8_t opcode);

 private:
  std::vector<DriveFault> faults_;
  std::map<uint8_t, int64_t> seen_;
};

// "at N OPCODE sense K/AA/QQ", "at N OPCODE hang", "at N OPCODE power-cut", "at N OPCODE bytes HH
// …"; "from N" for every command from the n-th on. Lines end at a line break or ';', '#' begins a
// comment. INVALID_ARGUMENT with the line's number.
absl::StatusOr<DriveFaultPlan> ParseDriveFaultPlan(absl::string_view text);

struct MoveFault {
  enum class Kind : uint8_t {
    kNotReady,         // 2/04/01, nothing moves
    kGripper,          // 4/15/01, the disc stays in the picker
    kStuck,            // 4/53/00, the disc stays at its source
    kWrongBarcode,     // the move is done, but another bar code is read at the destination once
    kHang,             // the move is done, the answer is lost
    kSourceEmpty,      // 5/3B/0E, nothing moves, whatever is there
    kDestinationFull,  // 5/3B/0D, nothing moves, whatever is there
    kDoorOpen,         // 2/04/03 for a minute, then 6/28/00: somebody has been at the elements
    kException,  // 4/40/80, the disc stays, its element is in an exception until it is rescanned
    kSilent,     // a reading of the elements that is not answered
  };
  int64_t at = 1;
  Kind kind = Kind::kNotReady;
};

class MoveFaultPlan {
 public:
  MoveFaultPlan() = default;
  explicit MoveFaultPlan(std::vector<MoveFault> faults) : faults_(std::move(faults)) {}

  // Counts a move; the fault that it meets, null if none.
  const MoveFault* Next();
  // Counts a reading of the elements; whether it is answered.
  bool NextReadIsAnswered();

 private:
  std::vector<MoveFault> faults_;
  int64_t seen_ = 0;
  int64_t reads_seen_ = 0;
};

// "move N not-ready | gripper | stuck | wrong-barcode | hang | source-empty | destination-full |
// door-open | exception", "read N silent".
absl::StatusOr<MoveFaultPlan> ParseMoveFaultPlan(absl::string_view text);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_FAULT_PLAN_H_
