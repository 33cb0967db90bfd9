#include "hal/virtual_robot/disc_arguments.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "hal/base/status_macros.h"
#include "hal/virtual_robot/sparse_copy.h"

namespace carousel::virtual_robot {
namespace {

absl::StatusOr<int64_t> SectorNumber(absl::string_view word, absl::string_view what) {
  int64_t value;
  if (!absl::SimpleAtoi(word, &value) || value < 0 || value > INT32_MAX) {
    return absl::InvalidArgumentError(absl::StrCat(what, " '", word, "' is not a sector number"));
  }
  return value;
}

// "FILE@LBA" at the last '@' that is followed by digits only; "FILE" otherwise.
std::pair<std::string, std::optional<int64_t>> SplitAddress(const std::string& word) {
  const size_t at = word.rfind('@');
  int64_t lba;
  if (at != std::string::npos && absl::SimpleAtoi(word.substr(at + 1), &lba) && lba >= 0 &&
      lba <= INT32_MAX) {
    return {word.substr(0, at), lba};
  }
  return {word, std::nullopt};
}

absl::Status ParseSession(const std::string& word, ParsedArguments& parsed) {
  auto [contents, address] = SplitAddress(word);
  PlannedSession session;
  if (address.has_value()) session.start = Lba(*address);
  absl::string_view count = contents;
  if (absl::ConsumePrefix(&count, "audio:") || absl::ConsumePrefix(&count, "zeros:")) {
    ASSIGN_OR_RETURN(const int64_t sectors, SectorNumber(count, "the length of a session"));
    session.payload = Sectors(sectors);
    session.audio = contents[0] == 'a';
    contents.clear();
  } else {
    ASSIGN_OR_RETURN(const int64_t bytes, FileSize(contents));
    session.payload = Sectors::Holding(bytes);
  }
  parsed.request.sessions.push_back(session);
  parsed.files.push_back(contents);
  return absl::OkStatus();
}

absl::Status ParseState(const std::string& word, DiscRequest& request) {
  if (word == "write-protected") {
    request.write_protected = true;
    return absl::OkStatus();
  }
  std::optional<DiscState> state = FindDiscState(word);
  if (word == "final-session") {
    request.final_session = true;
    state = DiscState::kAppendable;
  }
  if (!state.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat("unknown state '", word, "'"));
  }
  if (request.state.has_value() && *request.state != *state) {
    return absl::InvalidArgumentError(absl::StrCat("the disc cannot be ",
                                                   DiscStateName(*request.state), " and ",
                                                   DiscStateName(*state), " at once"));
  }
  request.state = state;
  return absl::OkStatus();
}

absl::Status ParseUnreadable(const std::string& word, DiscRequest& request) {
  const std::vector<std::string> ends = absl::StrSplit(word, '-');
  if (ends.size() > 2) return absl::InvalidArgumentError("--unreadable takes FIRST-LAST");
  ASSIGN_OR_RETURN(const int64_t first, SectorNumber(ends.front(), "--unreadable"));
  ASSIGN_OR_RETURN(const int64_t last, SectorNumber(ends.back(), "--unreadable"));
  if (last < first) return absl::InvalidArgumentError("--unreadable: LAST is before FIRST");
  request.unreadable.push_back(BadExtent{.first = Lba(first), .size = Sectors(last - first + 1)});
  return absl::OkStatus();
}

absl::Status ParseBackground(const std::string& word, DiscRequest& request) {
  if (word.empty()) return absl::OkStatus();
  constexpr std::pair<absl::string_view, mmc::BackgroundFormat> kNames[] = {
      {"none", mmc::BackgroundFormat::kNone},
      {"suspended", mmc::BackgroundFormat::kSuspended},
      {"running", mmc::BackgroundFormat::kRunning},
      {"complete", mmc::BackgroundFormat::kComplete}};
  for (const auto& [name, value] : kNames) {
    if (name == word) {
      request.background = value;
      return absl::OkStatus();
    }
  }
  return absl::InvalidArgumentError(absl::StrCat("unknown background format '", word, "'"));
}

}  // namespace

absl::StatusOr<ParsedArguments> ParseArguments(const DiscArguments& arguments) {
  ParsedArguments parsed;
  DiscRequest& request = parsed.request;
  request.barcode = arguments.barcode;
  request.medium = FindMedium(arguments.media);
  if (request.medium == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("unknown medium '", arguments.media, "'; known are ", MediaNames()));
  }
  for (const std::string& word : arguments.sessions) {
    RETURN_IF_ERROR(Annotate(ParseSession(word, parsed), "--session"));
  }
  for (const std::string& word : arguments.states) RETURN_IF_ERROR(ParseState(word, request));
  if (arguments.closed) RETURN_IF_ERROR(ParseState("finalized", request));
  for (const std::string& word : arguments.unreadable) {
    RETURN_IF_ERROR(ParseUnreadable(word, request));
  }
  RETURN_IF_ERROR(ParseBackground(arguments.background_format, request));
  request.intermediate = arguments.intermediate;
  request.minimally_blanked = arguments.minimally_blanked;
  request.spares = arguments.spares;
  if (arguments.capacity.has_value()) request.capacity = Sectors(*arguments.capacity);
  if (arguments.formatted.has_value()) request.formatted = Sectors(*arguments.formatted);
  return parsed;
}

std::string MediaNames() {
  return absl::StrJoin(Media(), ", ", [](std::string* out, const Medium& medium) {
    absl::StrAppend(out, medium.name);
  });
}

}  // namespace carousel::virtual_robot
