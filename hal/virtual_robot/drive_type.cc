#include "hal/virtual_robot/drive_type.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "hal/base/status_macros.h"

namespace carousel::virtual_robot {
namespace {

// The texts of drive_types/, as string literals.
constexpr char kBd16x[] =
#include "hal/virtual_robot/drive_types/bd_16x.inc"
    ;
constexpr char kDvd16x[] =
#include "hal/virtual_robot/drive_types/dvd_16x.inc"
    ;
constexpr char kBdRom8x[] =
#include "hal/virtual_robot/drive_types/bd_rom_8x.inc"
    ;

constexpr size_t kLargestText = 64 * 1024;
// IEC 60908, ECMA-267 and the BD format's book: the program area of a 12 cm disc in millimetres.
constexpr double kInnerRadius = 24;
constexpr double kOuterRadius = 58;
constexpr double kLargestNumber = 1e6;

using Words = std::vector<absl::string_view>;

absl::Status Refuse(absl::string_view what) { return absl::InvalidArgumentError(what); }

absl::StatusOr<double> Number(absl::string_view word, double least) {
  double value;
  if (!absl::SimpleAtod(word, &value) || !(value >= least && value <= kLargestNumber)) {
    return Refuse(absl::StrCat("'", word.substr(0, 40), "' is not a number from ", least, " to ",
                               kLargestNumber));
  }
  return value;
}

std::optional<Family> FindFamily(absl::string_view name) {
  if (name == "cd") return Family::kCd;
  if (name == "dvd") return Family::kDvd;
  if (name == "bd") return Family::kBd;
  return std::nullopt;
}

absl::StatusOr<FamilySupport*> SupportOf(const Words& words, DriveType& type) {
  const std::optional<Family> family = words.size() < 2 ? std::nullopt : FindFamily(words[1]);
  if (!family.has_value()) return Refuse("cd, dvd or bd is wanted");
  return &type.families[static_cast<size_t>(*family)];
}

// Smallest speed that makes sense, so that no division by it overflows.
constexpr double kSlowest = 0.01;

absl::StatusOr<ReadSpeed> ParseZones(const Words& words) {
  ReadSpeed speed{.mode = ReadSpeed::Mode::kZoned};
  double last = -1;
  for (size_t i = 3; i < words.size(); ++i) {
    const Words zone = absl::StrSplit(words[i], ':');
    if (zone.size() != 2) return Refuse("a zone is PER-CENT:SPEED");
    ASSIGN_OR_RETURN(const double from, Number(zone[0], 0));
    ASSIGN_OR_RETURN(const double at, Number(zone[1], kSlowest));
    if (from >= 100 || from <= last || (i == 3 && from != 0)) {
      return Refuse("zones begin at 0 and ascend to below 100");
    }
    last = from;
    speed.zones.push_back({from / 100, at});
  }
  if (speed.zones.empty()) return Refuse("ZCLV needs zones");
  return speed;
}

absl::StatusOr<ReadSpeed> ParseReadSpeed(const Words& words) {
  if (words.size() < 4) return Refuse("read-speed FAMILY CLV|CAV|ZCLV NUMBERS is wanted");
  if (words[2] == "ZCLV") return ParseZones(words);
  ReadSpeed speed;
  for (size_t i = 3; i < words.size(); ++i) {
    ASSIGN_OR_RETURN(const double at, Number(words[i], kSlowest));
    speed.zones.push_back({0, at});
  }
  if (words[2] == "CLV" && speed.zones.size() == 1) return speed;
  if (words[2] == "CAV" && speed.zones.size() == 2) {
    speed.mode = ReadSpeed::Mode::kConstantAngular;
    return speed;
  }
  return Refuse("CLV has one speed, CAV an inner and an outer one");
}

absl::Status ParseFamilies(const Words& words, bool FamilySupport::*flag, DriveType& type) {
  if (words.size() < 2) return Refuse("a family is wanted");
  for (size_t i = 1; i < words.size(); ++i) {
    const std::optional<Family> family = FindFamily(words[i]);
    if (!family.has_value()) return Refuse("a family is cd, dvd or bd");
    type.families[static_cast<size_t>(*family)].*flag = true;
  }
  return absl::OkStatus();
}

absl::Status ParseWriteSpeed(const Words& words, DriveType& type) {
  ASSIGN_OR_RETURN(FamilySupport * support, SupportOf(words, type));
  for (size_t i = 2; i < words.size(); ++i) {
    ASSIGN_OR_RETURN(const double speed, Number(words[i], kSlowest));
    if (!support->write_speeds.empty() && speed >= support->write_speeds.back()) {
      return Refuse("write speeds are given once, fastest first");
    }
    support->write_speeds.push_back(speed);
  }
  return absl::OkStatus();
}

absl::Status ParseSeek(const Words& words, DriveType& type) {
  if (words.size() != 3) return Refuse("seek SECTORS|far MILLISECONDS is wanted");
  ASSIGN_OR_RETURN(const double time, Number(words[2], 0));
  if (words[1] == "far") {
    type.seek_far = absl::Milliseconds(time);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const double below, Number(words[1], 1));
  if (!type.seeks.empty() && below <= type.seeks.back().below.value()) {
    return Refuse("seek distances ascend");
  }
  type.seeks.push_back({Sectors(static_cast<int64_t>(below)), absl::Milliseconds(time)});
  return absl::OkStatus();
}

absl::Status ParseText(const Words& words, size_t longest, std::string& text) {
  text = absl::StrJoin(words.begin() + 1, words.end(), " ");
  return !text.empty() && text.size() <= longest
             ? absl::OkStatus()
             : Refuse(absl::StrCat("1 to ", longest, " characters are wanted"));
}

absl::Status ParseDuration(const Words& words, absl::Duration unit, absl::Duration& duration) {
  ASSIGN_OR_RETURN(const double count, Number(words.back(), 0));
  duration = count * unit;
  return absl::OkStatus();
}

absl::Status ParseSectors(const Words& words, Sectors& sectors) {
  ASSIGN_OR_RETURN(const double count, Number(words.back(), 0));
  sectors = Sectors(static_cast<int64_t>(count));
  return absl::OkStatus();
}

absl::Status ParseFamilyLine(const Words& words, DriveType& type) {
  ASSIGN_OR_RETURN(FamilySupport * support, SupportOf(words, type));
  if (words[0] == "ready-seconds") {
    if (words.size() != 3) return Refuse("ready-seconds FAMILY SECONDS is wanted");
    return ParseDuration(words, absl::Seconds(1), support->ready_time);
  }
  ASSIGN_OR_RETURN(support->read_speed, ParseReadSpeed(words));
  return absl::OkStatus();
}

absl::Status ParseLine(const Words& words, DriveType& type) {
  const absl::string_view key = words[0];
  // INQUIRY's fields: SPC-4 table 139.
  if (key == "vendor") return ParseText(words, 8, type.vendor);
  if (key == "product") return ParseText(words, 16, type.product);
  if (key == "revision") return ParseText(words, 4, type.revision);
  if (key == "name") return ParseText(words, 32, type.name);
  if (key == "reads") return ParseFamilies(words, &FamilySupport::reads, type);
  if (key == "writes") return ParseFamilies(words, &FamilySupport::writes, type);
  if (key == "write-speed") return ParseWriteSpeed(words, type);
  if (key == "read-speed" || key == "ready-seconds") return ParseFamilyLine(words, type);
  if (key == "seek") return ParseSeek(words, type);
  if (words.size() != 2) return Refuse("unknown key, or not one number behind it");
  if (key == "drive-type") return words[1] == "1" ? absl::OkStatus() : Refuse("unknown version");
  if (key == "command-ms") return ParseDuration(words, absl::Milliseconds(1), type.command_time);
  if (key == "pass-over") return ParseSectors(words, type.pass_over);
  if (key == "read-ahead") return ParseSectors(words, type.read_ahead);
  const absl::Duration second = absl::Seconds(1);
  if (key == "retry-seconds") return ParseDuration(words, second, type.retry_time);
  if (key == "spin-down-seconds") return ParseDuration(words, second, type.spin_down_after);
  if (key == "spin-up-seconds") return ParseDuration(words, second, type.spin_up_time);
  if (key == "tray-seconds") return ParseDuration(words, second, type.tray_time);
  return Refuse(absl::StrCat("unknown key '", key.substr(0, 40), "'"));
}

// Keys that stand once for each family or distance are told apart by their first word behind.
std::string KeyOf(const Words& words) {
  const bool by_word = words[0] == "read-speed" || words[0] == "write-speed" ||
                       words[0] == "ready-seconds" || words[0] == "seek";
  return by_word && words.size() > 1 ? absl::StrCat(words[0], " ", words[1])
                                     : std::string(words[0]);
}

absl::Status CheckComplete(const std::set<std::string>& seen, const DriveType& type) {
  for (const char* key : {"drive-type", "name", "vendor", "product", "revision", "reads",
                          "command-ms", "pass-over", "seek far", "read-ahead", "retry-seconds",
                          "spin-down-seconds", "spin-up-seconds", "tray-seconds"}) {
    if (seen.count(key) == 0) return Refuse(absl::StrCat("'", key, "' is missing"));
  }
  for (const FamilySupport& family : type.families) {
    if (family.reads && family.read_speed.zones.empty()) {
      return Refuse("a family that is read has no read-speed");
    }
    if (family.writes && (!family.reads || family.write_speeds.empty())) {
      return Refuse("a family that is written is not read or has no write-speed");
    }
  }
  return absl::OkStatus();
}

}  // namespace

Family FamilyOf(mmc::Profile profile) {
  if (mmc::IsCd(profile)) return Family::kCd;
  switch (profile) {
    case mmc::Profile::kBdRom:
    case mmc::Profile::kBdRSequential:
    case mmc::Profile::kBdRRandom:
    case mmc::Profile::kBdRe:
      return Family::kBd;
    default:
      return Family::kDvd;
  }
}

double BaseRate(Family family) {
  switch (family) {
    case Family::kCd:
      return 75 * static_cast<double>(kSectorSize);  // 75 sectors a second
    case Family::kDvd:
      return 1.385e6;
    case Family::kBd:
      return 4.5e6;
  }
  return 0;
}

double ReadSpeed::At(double part) const {
  const double at = std::clamp(part, 0.0, 1.0);
  if (mode == Mode::kConstantAngular) {
    // Sectors lie evenly on the area; the speed grows with the radius.
    const double inner = kInnerRadius * kInnerRadius;
    const double outer = kOuterRadius * kOuterRadius;
    const double radius = std::sqrt(inner + at * (outer - inner));
    const double share = (radius - kInnerRadius) / (kOuterRadius - kInnerRadius);
    return zones[0].speed + share * (zones[1].speed - zones[0].speed);
  }
  double speed = zones[0].speed;
  for (const Zone& zone : zones) {
    if (zone.from <= at) speed = zone.speed;
  }
  return speed;
}

double ReadSpeed::Fastest() const {
  double fastest = 0;
  for (const Zone& zone : zones) fastest = std::max(fastest, zone.speed);
  return fastest;
}

bool DriveType::writes_anything() const {
  return std::any_of(families.begin(), families.end(),
                     [](const FamilySupport& family) { return family.writes; });
}

absl::StatusOr<DriveType> ParseDriveType(absl::string_view text) {
  if (text.size() > kLargestText) return Refuse("a drive type has at most 64 KiB");
  DriveType type;
  std::set<std::string> seen;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = line.substr(0, line.find('#'));
    const Words words = absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty()) continue;
    if (!seen.insert(KeyOf(words)).second) {
      return Refuse(absl::StrCat("drive type, line ", number, ": repeated"));
    }
    RETURN_IF_ERROR(Annotate(ParseLine(words, type), absl::StrCat("drive type, line ", number)));
  }
  RETURN_IF_ERROR(Annotate(CheckComplete(seen, type), "drive type"));
  return type;
}

absl::string_view BuiltInDriveType(absl::string_view name) {
  if (name == "BD-16x") return kBd16x;
  if (name == "DVD-16x") return kDvd16x;
  if (name == "BD-ROM-8x") return kBdRom8x;
  return "";
}

absl::StatusOr<DriveType> FindDriveType(absl::string_view type) {
  if (type.find('\n') != absl::string_view::npos) return ParseDriveType(type);
  const absl::string_view text = BuiltInDriveType(type);
  if (text.empty()) {
    return Refuse(absl::StrCat("unknown drive type '", type.substr(0, 40),
                               "'; known are BD-16x, DVD-16x, BD-ROM-8x"));
  }
  return ParseDriveType(text);
}

}  // namespace carousel::virtual_robot
