// The web page of the robot: what it shows, and how that becomes HTML. Text may come from discs and
// devices and is never taken for markup. Not where it comes from, and not how it is served.
#ifndef SERVER_WEB_PAGE_H_
#define SERVER_WEB_PAGE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace carousel::web {

// What a state means for whoever looks: it is shown as a word and, beside it, as a colour.
enum class Mood { kGood, kWorking, kIdle, kBad };

struct DriveRow {
  std::string name;
  std::string state;  // "ready"
  Mood mood = Mood::kIdle;
  std::string disc;    // empty: none
  std::string medium;  // "BD-R SRM"; empty: not known
  std::string model;
  std::string note;  // the operation that has it, or why it is not ready
};

struct PlaceRow {
  std::string name;
  std::string disc;
};

struct JobRow {
  std::string name;  // "operations/..."
  std::string what;  // "write image"
  std::string drive;
  std::string disc;
  std::string step;            // "writing data"
  std::optional<double> part;  // of the step, 0 to 1
  std::optional<absl::Duration> remaining;
  absl::Time since;
};

struct EndedRow {
  std::string name;
  std::string what;
  std::string drive;
  std::string disc;
  std::string outcome;  // "done", or the error's reason
  Mood mood = Mood::kGood;
  std::string message;
  absl::Time time;
};

struct FailureRow {
  absl::Time time;
  std::string reason;  // IMAPI's name
  std::string rule;    // of docs/contract.md
  std::string message;
};

struct Page {
  std::string robot;
  std::string version;
  absl::Time now;
  std::vector<std::string> problems;  // a line each; empty: none
  std::string arm_disc;               // empty: the hand is empty, as far as is known
  std::vector<DriveRow> drives;
  std::vector<PlaceRow> slots;  // those with a disc
  size_t slot_count = 0;
  std::vector<PlaceRow> ports;
  std::vector<JobRow> jobs;
  std::vector<EndedRow> ended;
  std::vector<FailureRow> failures;
};

// The whole document, UTF-8. Works as it is; with the script it stays up to date.
std::string RenderPage(const Page& page);

// What the page asks for, and nothing else: kStyle as /carousel.css, kScript as /carousel.js.
extern const absl::string_view kStyle;
extern const absl::string_view kScript;

}  // namespace carousel::web

#endif  // SERVER_WEB_PAGE_H_
