#include "hal/virtual_robot/fault_plan.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "hal/base/status_macros.h"
#include "hal/scsi/command.h"

namespace carousel::virtual_robot {
namespace {

constexpr size_t kLargestPlan = 1024 * 1024;
constexpr size_t kMostBytes = 64 * 1024;

using Words = std::vector<absl::string_view>;

absl::Status Refuse(absl::string_view what) { return absl::InvalidArgumentError(what); }

absl::StatusOr<uint8_t> HexByte(absl::string_view word) {
  absl::ConsumePrefix(&word, "0x");
  uint32_t value;
  if (word.size() > 2 || !absl::SimpleHexAtoi(word, &value) || value > 0xFF) {
    return Refuse(absl::StrCat("'", word.substr(0, 40), "' is not a byte in hexadecimal digits"));
  }
  return static_cast<uint8_t>(value);
}

// Two hexadecimal digits, or the standard's name with '-' for blanks.
absl::StatusOr<uint8_t> Opcode(absl::string_view word) {
  const absl::StatusOr<uint8_t> byte = HexByte(word);
  if (byte.ok()) return byte;
  for (int opcode = 0; opcode <= 0xFF; ++opcode) {
    const std::string name = scsi::OpcodeName(static_cast<uint8_t>(opcode));
    if (absl::StrReplaceAll(name, {{" ", "-"}}) == word) return static_cast<uint8_t>(opcode);
  }
  return Refuse(absl::StrCat("unknown opcode '", word.substr(0, 40), "'"));
}

absl::StatusOr<int64_t> Count(absl::string_view word) {
  int64_t count;
  if (!absl::SimpleAtoi(word, &count) || count < 1) {
    return Refuse(absl::StrCat("'", word.substr(0, 40), "' does not count from 1"));
  }
  return count;
}

absl::StatusOr<scsi::Sense> ParseSense(absl::string_view word) {
  const Words parts = absl::StrSplit(word, '/');
  if (parts.size() != 3) return Refuse("a sense is KEY/ASC/ASCQ, as 3/11/05");
  ASSIGN_OR_RETURN(const uint8_t key, HexByte(parts[0]));
  ASSIGN_OR_RETURN(const uint8_t asc, HexByte(parts[1]));
  ASSIGN_OR_RETURN(const uint8_t ascq, HexByte(parts[2]));
  if (key > 0xF) return Refuse("a sense key has one hexadecimal digit");
  return scsi::Sense{.key = static_cast<scsi::SenseKey>(key), .asc = asc, .ascq = ascq};
}

absl::StatusOr<DriveFault> ParseDriveFault(const Words& words) {
  if (words.size() < 4 || (words[0] != "at" && words[0] != "from")) {
    return Refuse("'at|from N OPCODE sense|hang|power-cut|bytes …' is wanted");
  }
  DriveFault fault{.and_after = words[0] == "from"};
  ASSIGN_OR_RETURN(fault.at, Count(words[1]));
  ASSIGN_OR_RETURN(fault.opcode, Opcode(words[2]));
  if (words[3] == "hang" && words.size() == 4) {
    fault.kind = DriveFault::Kind::kHang;
  } else if (words[3] == "power-cut" && words.size() == 4) {
    fault.kind = DriveFault::Kind::kPowerCut;
  } else if (words[3] == "sense" && words.size() == 5) {
    fault.kind = DriveFault::Kind::kSense;
    ASSIGN_OR_RETURN(fault.sense, ParseSense(words[4]));
  } else if (words[3] == "bytes" && words.size() - 4 <= kMostBytes) {
    fault.kind = DriveFault::Kind::kBytes;
    for (size_t i = 4; i < words.size(); ++i) {
      ASSIGN_OR_RETURN(const uint8_t byte, HexByte(words[i]));
      fault.bytes.push_back(byte);
    }
  } else {
    return Refuse("'sense K/AA/QQ', 'hang', 'power-cut' or 'bytes HH …' is wanted");
  }
  return fault;
}

absl::StatusOr<MoveFault> ParseMoveFault(const Words& words) {
  constexpr std::pair<absl::string_view, MoveFault::Kind> kNames[] = {
      {"not-ready", MoveFault::Kind::kNotReady},
      {"gripper", MoveFault::Kind::kGripper},
      {"stuck", MoveFault::Kind::kStuck},
      {"wrong-barcode", MoveFault::Kind::kWrongBarcode},
      {"hang", MoveFault::Kind::kHang},
      {"source-empty", MoveFault::Kind::kSourceEmpty},
      {"destination-full", MoveFault::Kind::kDestinationFull},
      {"door-open", MoveFault::Kind::kDoorOpen},
      {"exception", MoveFault::Kind::kException},
  };
  if (words.size() != 3 || (words[0] != "move" && words[0] != "read")) {
    return Refuse(
        "'move N "
        "not-ready|gripper|stuck|wrong-barcode|hang|source-empty|destination-full|door-open|"
        "exception' or 'read N silent' is wanted");
  }
  MoveFault fault{.kind = MoveFault::Kind::kSilent};
  ASSIGN_OR_RETURN(fault.at, Count(words[1]));
  if (words[0] == "read") {
    if (words[2] != "silent") return Refuse("'read N silent' is wanted");
    return fault;
  }
  for (const auto& [name, kind] : kNames) {
    if (name != words[2]) continue;
    fault.kind = kind;
    return fault;
  }
  return Refuse("unknown fault of the arm");
}

template <typename Fault>
absl::StatusOr<std::vector<Fault>> ParseLines(absl::string_view text,
                                              absl::StatusOr<Fault> (*parse)(const Words&)) {
  if (text.size() > kLargestPlan) return Refuse("a fault plan has at most 1 MiB");
  std::vector<Fault> faults;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, absl::ByAnyChar("\n;"))) {
    ++number;
    line = line.substr(0, line.find('#'));
    const Words words = absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty()) continue;
    absl::StatusOr<Fault> fault = parse(words);
    RETURN_IF_ERROR(Annotate(fault.status(), absl::StrCat("fault plan, line ", number)));
    faults.push_back(*std::move(fault));
  }
  return faults;
}

}  // namespace

const DriveFault* DriveFaultPlan::Next(uint8_t opcode) {
  const int64_t count = ++seen_[opcode];
  for (const DriveFault& fault : faults_) {
    if (fault.opcode == opcode && (fault.at == count || (fault.and_after && fault.at < count))) {
      return &fault;
    }
  }
  return nullptr;
}

absl::StatusOr<DriveFaultPlan> ParseDriveFaultPlan(absl::string_view text) {
  ASSIGN_OR_RETURN(std::vector<DriveFault> faults, ParseLines<DriveFault>(text, ParseDriveFault));
  return DriveFaultPlan(std::move(faults));
}

const MoveFault* MoveFaultPlan::Next() {
  ++seen_;
  for (const MoveFault& fault : faults_) {
    if (fault.at == seen_ && fault.kind != MoveFault::Kind::kSilent) return &fault;
  }
  return nullptr;
}

bool MoveFaultPlan::NextReadIsAnswered() {
  ++reads_seen_;
  return std::none_of(faults_.begin(), faults_.end(), [this](const MoveFault& fault) {
    return fault.at == reads_seen_ && fault.kind == MoveFault::Kind::kSilent;
  });
}

absl::StatusOr<MoveFaultPlan> ParseMoveFaultPlan(absl::string_view text) {
  ASSIGN_OR_RETURN(std::vector<MoveFault> faults, ParseLines<MoveFault>(text, ParseMoveFault));
  return MoveFaultPlan(std::move(faults));
}

}  // namespace carousel::virtual_robot
