// A kind of drive: what it reads and writes, and how long everything takes. Text files, three of
// them built in (drive_types/); README.md explains the lines.
#ifndef HAL_VIRTUAL_ROBOT_DRIVE_TYPE_H_
#define HAL_VIRTUAL_ROBOT_DRIVE_TYPE_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/types.h"
#include "hal/mmc/profile.h"

namespace carousel::virtual_robot {

enum class Family : uint8_t { kCd = 0, kDvd = 1, kBd = 2 };
inline constexpr size_t kFamilies = 3;
Family FamilyOf(mmc::Profile profile);
// Bytes a second of 1x.
double BaseRate(Family family);

// Speed by place on the disc, in multiples of 1x.
struct ReadSpeed {
  enum class Mode : uint8_t { kConstantLinear, kConstantAngular, kZoned };
  struct Zone {
    double from = 0;  // part of the disc, 0 to 1
    double speed = 0;
  };
  Mode mode = Mode::kConstantLinear;
  // kConstantLinear: one. kConstantAngular: at the inner edge and at the outer. kZoned: ascending,
  // the first from 0.
  std::vector<Zone> zones;

  // `part` of the disc's sectors lie before the place.
  double At(double part) const;
  double Fastest() const;
};

struct SeekStep {
  // Jumps shorter than this take `time`.
  Sectors below;
  absl::Duration time;
};

struct FamilySupport {
  bool reads = false;
  bool writes = false;
  ReadSpeed read_speed;
  std::vector<double> write_speeds;  // fastest first
  absl::Duration ready_time;         // from the closed tray to ready
};

struct DriveType {
  std::string name, vendor, product, revision;
  std::array<FamilySupport, kFamilies> families;
  absl::Duration command_time;
  Sectors pass_over;            // a jump ahead of at most this is waited for, not sought
  std::vector<SeekStep> seeks;  // ascending; beyond the last: seek_far
  absl::Duration seek_far;
  Sectors read_ahead;  // the drive goes on reading so far beyond what was asked for
  absl::Duration retry_time;
  absl::Duration spin_down_after, spin_up_time;
  absl::Duration tray_time;

  const FamilySupport& family(Family which) const { return families[static_cast<size_t>(which)]; }
  bool writes_anything() const;
};

// INVALID_ARGUMENT with the line's number: not understood, repeated, missing or out of range.
absl::StatusOr<DriveType> ParseDriveType(absl::string_view text);

// The text of a built-in type; empty if there is none of this name.
absl::string_view BuiltInDriveType(absl::string_view name);

// `type` is the name of a built-in type, or, if it has a line break, the text of one.
// INVALID_ARGUMENT: no such name, or ParseDriveType fails.
absl::StatusOr<DriveType> FindDriveType(absl::string_view type);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_DRIVE_TYPE_H_
