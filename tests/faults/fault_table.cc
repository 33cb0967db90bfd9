#include "tests/faults/fault_table.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/text_format.h"
#include "tests/faults/answers.h"

namespace carousel::faults {
namespace {

constexpr absl::string_view kHead =
    R"(# What comes of a burn when the drive answers with an error

Made from `tests/faults/faults.textproto` by `bazel run //tests/faults:write_page`: change the table, not this page. `burn_faults_test` burns every
row on drives of the virtual robot, on CD-R, DVD-R, DVD+R, BD-R (write-once) and DVD-RAM (overwritten), compares every column, looks at the sectors
on the disc, and writes the next session where the table says that the disc takes one. A disc that is overwritten has a session before; one that has
none needs *erase disc* where the table has *ask again* for a session that is partly written.

## Words

- **Command**: the one that is answered so: the first WRITE of the session, one in the middle, when part of the session is on the disc and part in the
  drive's buffer, the last one, the WRITE of the superblock, and CLOSE TRACK SESSION for the track and for the session.
- **Disc**: *untouched*; *partly written*: the first sectors are there and the session is not closed, or, where the medium is overwritten, the disc
  reads as it was; *not closed*: every sector is there; *written*; *in doubt*: somebody has to look.
- **Drive says**: the state that it gives when it is asked after the burn.
- **WRITE again**: the command is repeated, since the answer means that the drive has not taken it. No other is.
- **Next session**: *now*; *after erase*; *after close* of the session that is open; *after verify*, which says what is there. The journal holds a disc that a
  failed burn has changed until it was verified or somebody has acknowledged it.

| advice | what the operator does |
|---|---|
| nothing | nothing |
| ask again | asks for the same burn again: nothing is lost |
| other disc | takes another disc |
| erase disc | erases the disc (EraseMedia) and burns again: there was no session on it |
| close session | closes the session (CloseDisc) and burns again behind it: what was written is no whole session |
| close again | closes the session (CloseDisc), in another drive if that fails, and verifies it: all of it is there |
| inspect | verifies (VerifySession), then closes what is there or burns again |
| retire disc | takes the disc out of use: what was begun cannot be ended (discs that are written at once) |
| serve drive | takes the drive out of service, and goes on with the disc in another one, as for *inspect* |
| find initiator | finds the program that also commands the drive, then as for *inspect* |

)";

std::string Words(absl::string_view name) {
  std::string words = absl::AsciiStrToLower(name);
  absl::StrReplaceAll({{"_", " "}}, &words);
  return words;
}

absl::string_view MeaningOf(absl::string_view answer) {
  const auto* found = std::find_if(std::begin(kAnswers), std::end(kAnswers),
                                   [&](const Answer& known) { return known.text == answer; });
  return found == std::end(kAnswers) ? "?" : found->meaning;
}

std::string Line(const Fault& fault) {
  std::string moments;
  for (const int moment : fault.moments()) {
    absl::StrAppend(&moments, moments.empty() ? "" : ", ",
                    Words(Moment_Name(static_cast<Moment>(moment))));
  }
  return absl::StrCat("| ", Words(Kind_Name(fault.kind())), " | ", moments, " | ",
                      fault.imapi().empty() ? "" : absl::StrCat("`", fault.imapi(), "`"), " | ",
                      fault.grpc(), " | ", Words(Disc_Name(fault.disc())), " | ",
                      fault.drive_says(), " | ", Words(fault.advice()), " | ",
                      Words(fault.next_session()), " | ", fault.write_repeated() ? "yes" : "",
                      " |\n");
}

std::string Section(const Group& group) {
  std::string text = "## ";
  for (const std::string& answer : group.answers()) {
    absl::StrAppend(&text, &answer == &group.answers(0) ? "" : ", ", answer);
  }
  absl::StrAppend(&text, "\n\n", group.note(), "\n\n");
  for (const std::string& answer : group.answers()) {
    absl::StrAppend(&text, "- ", answer, ": ", MeaningOf(answer), "\n");
  }
  absl::StrAppend(&text, "\n| medium | command | IMAPI | gRPC | disc | drive says | operator | ",
                  "next session | WRITE again |\n|---|---|---|---|---|---|---|---|---|\n");
  for (const Fault& fault : group.faults()) absl::StrAppend(&text, Line(fault));
  return text;
}

}  // namespace

absl::StatusOr<FaultTable> ReadTable(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  std::ostringstream text;
  text << file.rdbuf();
  FaultTable table;
  if (!google::protobuf::TextFormat::ParseFromString(text.str(), &table)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": not a carousel.faults.FaultTable"));
  }
  return table;
}

std::vector<const Fault*> Find(const FaultTable& table, absl::string_view answer, Moment moment,
                               Kind kind) {
  std::vector<const Fault*> found;
  for (const Group& group : table.groups()) {
    if (std::count(group.answers().begin(), group.answers().end(), answer) == 0) continue;
    for (const Fault& fault : group.faults()) {
      const bool then = std::count(fault.moments().begin(), fault.moments().end(), moment) > 0;
      if (then && fault.kind() == kind) found.push_back(&fault);
    }
  }
  return found;
}

std::string Page(const FaultTable& table) {
  std::string page(kHead);
  for (const Group& group : table.groups()) {
    absl::StrAppend(&page, &group == &table.groups(0) ? "" : "\n", Section(group));
  }
  return page;
}

}  // namespace carousel::faults
