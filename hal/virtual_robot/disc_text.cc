#include "hal/virtual_robot/disc_text.h"

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "hal/base/status_macros.h"

namespace carousel::virtual_robot {
namespace {

constexpr absl::string_view kVersion = "1";
constexpr size_t kLargestText = 256 * 1024;

constexpr std::pair<mmc::BackgroundFormat, absl::string_view> kBackgroundNames[] = {
    {mmc::BackgroundFormat::kNone, "none"},
    {mmc::BackgroundFormat::kSuspended, "suspended"},
    {mmc::BackgroundFormat::kRunning, "running"},
    {mmc::BackgroundFormat::kComplete, "complete"},
};

using Words = std::vector<absl::string_view>;

absl::Status Refuse(absl::string_view what) { return absl::InvalidArgumentError(what); }

absl::StatusOr<int64_t> Number(absl::string_view word) {
  int64_t value;
  // Every number of a disc is an address, a count or a size of at most 31 bits.
  if (word.empty() || !absl::SimpleAtoi(word, &value) || value < 0 || value > INT32_MAX) {
    return Refuse(absl::StrCat("'", word.substr(0, 40), "' is not a number of the disc"));
  }
  return value;
}

absl::StatusOr<bool> YesOrNo(absl::string_view word) {
  if (word == "yes") return true;
  if (word == "no") return false;
  return Refuse("neither 'yes' nor 'no'");
}

// "start=0 size=192 …" with exactly the keys `wanted`.
absl::StatusOr<std::map<absl::string_view, absl::string_view>> Fields(
    const Words& words, const std::set<absl::string_view>& wanted) {
  std::map<absl::string_view, absl::string_view> fields;
  for (size_t i = 1; i < words.size(); ++i) {
    const std::pair<absl::string_view, absl::string_view> field =
        absl::StrSplit(words[i], absl::MaxSplits('=', 1));
    if (wanted.count(field.first) == 0 || !fields.insert(field).second) {
      return Refuse(absl::StrCat("unknown or repeated '", field.first.substr(0, 40), "'"));
    }
  }
  if (fields.size() != wanted.size()) {
    return Refuse(absl::StrCat("needs ", wanted.size(), " fields"));
  }
  return fields;
}

absl::Status ParseTrack(const Words& words, Disc& disc) {
  ASSIGN_OR_RETURN(const auto fields,
                   Fields(words, {"session", "start", "size", "payload", "kind"}));
  ASSIGN_OR_RETURN(const int64_t session, Number(fields.at("session")));
  ASSIGN_OR_RETURN(const int64_t start, Number(fields.at("start")));
  ASSIGN_OR_RETURN(const int64_t size, Number(fields.at("size")));
  ASSIGN_OR_RETURN(const int64_t payload, Number(fields.at("payload")));
  if (session > UINT16_MAX) return Refuse("session number too large");
  const absl::string_view kind = fields.at("kind");
  if (kind != "data" && kind != "audio") return Refuse("kind is neither data nor audio");
  disc.tracks.push_back(DiscTrack{.session = SessionNumber(static_cast<uint16_t>(session)),
                                  .start = Lba(start),
                                  .size = Sectors(size),
                                  .payload = Sectors(payload),
                                  .data = kind == "data"});
  return absl::OkStatus();
}

absl::Status ParseUnreadable(const Words& words, Disc& disc) {
  ASSIGN_OR_RETURN(const auto fields, Fields(words, {"first", "size"}));
  ASSIGN_OR_RETURN(const int64_t first, Number(fields.at("first")));
  ASSIGN_OR_RETURN(const int64_t size, Number(fields.at("size")));
  disc.unreadable.push_back(BadExtent{.first = Lba(first), .size = Sectors(size)});
  return absl::OkStatus();
}

absl::Status ParseGap(const Words& words, Disc& disc) {
  if (words.size() != 3) return Refuse("gap has two numbers");
  ASSIGN_OR_RETURN(const int64_t first, Number(words[1]));
  ASSIGN_OR_RETURN(const int64_t later, Number(words[2]));
  disc.gap = {Sectors(first), Sectors(later)};
  return absl::OkStatus();
}

absl::Status ParseFlag(const Words& words, bool& flag) {
  if (words.size() != 2) return Refuse("one 'yes' or 'no' is wanted");
  ASSIGN_OR_RETURN(flag, YesOrNo(words[1]));
  return absl::OkStatus();
}

absl::Status ParseSectors(const Words& words, Sectors& count) {
  if (words.size() != 2) return Refuse("one number is wanted");
  ASSIGN_OR_RETURN(const int64_t value, Number(words[1]));
  count = Sectors(value);
  return absl::OkStatus();
}

absl::Status ParseName(const Words& words, Disc& disc) {
  if (words.size() != 2) return Refuse("one word is wanted");
  if (words[0] == "barcode") {
    disc.barcode = std::string(words[1]);
  } else if (words[0] == "medium") {
    disc.medium = FindMedium(words[1]);
    if (disc.medium == nullptr) return Refuse("unknown medium");
  } else if (words[0] == "state") {
    const std::optional<DiscState> state = FindDiscState(words[1]);
    if (!state.has_value()) return Refuse("unknown state");
    disc.state = *state;
  } else {
    for (const auto& [value, name] : kBackgroundNames) {
      if (name == words[1]) {
        disc.background = value;
        return absl::OkStatus();
      }
    }
    return Refuse("unknown background format");
  }
  return absl::OkStatus();
}

absl::Status ParseLine(const Words& words, Disc& disc) {
  const absl::string_view key = words[0];
  if (key == "disc-format") {
    return words.size() == 2 && words[1] == kVersion ? absl::OkStatus()
                                                     : Refuse("unknown version of the format");
  }
  if (key == "track") return ParseTrack(words, disc);
  if (key == "unreadable") return ParseUnreadable(words, disc);
  if (key == "gap") return ParseGap(words, disc);
  if (key == "capacity") return ParseSectors(words, disc.capacity);
  if (key == "formatted") return ParseSectors(words, disc.formatted);
  if (key == "write-protected") return ParseFlag(words, disc.write_protected);
  if (key == "intermediate") return ParseFlag(words, disc.intermediate);
  if (key == "minimally-blanked") return ParseFlag(words, disc.minimally_blanked);
  if (key == "spares") return ParseFlag(words, disc.spares);
  if (key == "track-closed") return ParseFlag(words, disc.track_closed);
  if (key == "barcode" || key == "medium" || key == "state" || key == "background-format") {
    return ParseName(words, disc);
  }
  return Refuse(absl::StrCat("unknown key '", key.substr(0, 40), "'"));
}

bool MayRepeat(absl::string_view key) { return key == "track" || key == "unreadable"; }

}  // namespace

absl::StatusOr<Disc> ParseDisc(absl::string_view text) {
  if (text.size() > kLargestText) return Refuse("a disc's text has at most 256 KiB");
  Disc disc;
  std::set<absl::string_view> seen;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const Words words = absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty() || words[0][0] == '#') continue;
    if (seen.empty() && words[0] != "disc-format") {
      return Refuse("a disc's text begins with 'disc-format 1'");
    }
    if (!seen.insert(words[0]).second && !MayRepeat(words[0])) {
      return Refuse(absl::StrCat("line ", number, ": '", words[0].substr(0, 40), "' is repeated"));
    }
    RETURN_IF_ERROR(Annotate(ParseLine(words, disc), absl::StrCat("line ", number)));
  }
  for (absl::string_view key : {"disc-format", "barcode", "medium", "state", "capacity", "gap"}) {
    if (seen.count(key) == 0) return Refuse(absl::StrCat("'", key, "' is missing"));
  }
  RETURN_IF_ERROR(Validate(disc));
  return disc;
}

std::string FormatDisc(const Disc& disc) {
  std::string text = absl::StrCat(
      "disc-format ", kVersion, "\nbarcode ", disc.barcode, "\nmedium ", disc.medium->name,
      "\nstate ", DiscStateName(disc.state), "\ncapacity ", disc.capacity.value(), "\ngap ",
      disc.gap.after_first.value(), " ", disc.gap.after_later.value(), "\n");
  if (disc.formatted != Sectors(0)) {
    absl::StrAppend(&text, "formatted ", disc.formatted.value(), "\n");
  }
  for (const auto& [value, name] : kBackgroundNames) {
    if (value == disc.background && value != mmc::BackgroundFormat::kNone) {
      absl::StrAppend(&text, "background-format ", name, "\n");
    }
  }
  if (disc.write_protected) absl::StrAppend(&text, "write-protected yes\n");
  if (disc.intermediate) absl::StrAppend(&text, "intermediate yes\n");
  if (disc.minimally_blanked) absl::StrAppend(&text, "minimally-blanked yes\n");
  if (disc.spares) absl::StrAppend(&text, "spares yes\n");
  if (disc.track_closed) absl::StrAppend(&text, "track-closed yes\n");
  for (const DiscTrack& track : disc.tracks) {
    absl::StrAppend(&text, "track session=", track.session.value(), " start=", track.start.value(),
                    " size=", track.size.value(), " payload=", track.payload.value(),
                    " kind=", track.data ? "data" : "audio", "\n");
  }
  for (const BadExtent& bad : disc.unreadable) {
    absl::StrAppend(&text, "unreadable first=", bad.first.value(), " size=", bad.size.value(),
                    "\n");
  }
  return text;
}

}  // namespace carousel::virtual_robot
