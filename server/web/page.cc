#include "server/web/page.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace carousel::web {
namespace {

// A row is some 100 bytes; beyond it a page says how many there are.
constexpr size_t kMaxRows = 2000;

// Control characters, which HTML forbids, come out as what they are called.
std::string Escaped(absl::string_view text) {
  std::string clean;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      absl::StrAppendFormat(&clean, "\\x%02X", static_cast<unsigned char>(c));
    } else {
      clean.push_back(c);
    }
  }
  return absl::StrReplaceAll(
      clean, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

absl::string_view MoodName(Mood mood) {
  switch (mood) {
    case Mood::kGood:
      return "good";
    case Mood::kWorking:
      return "working";
    case Mood::kBad:
      return "bad";
    case Mood::kIdle:
      return "idle";
  }
  return "idle";
}

std::string State(absl::string_view word, Mood mood) {
  return absl::StrCat("<span class=\"state ", MoodName(mood), "\">", Escaped(word), "</span>");
}

std::string Code(absl::string_view text) {
  return text.empty() ? "" : absl::StrCat("<code>", Escaped(text), "</code>");
}

// UTC: forty robots stand in more than one place.
std::string Time(absl::Time time) {
  const std::string text = absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::UTCTimeZone());
  return absl::StrCat("<time datetime=\"",
                      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()), "\">",
                      text, "</time>");
}

std::string Part(const JobRow& job) {
  if (!job.part.has_value()) return "";
  const int percent = static_cast<int>(std::clamp(*job.part, 0.0, 1.0) * 100);
  return absl::StrCat("<progress max=\"100\" value=\"", percent, "\"></progress> ", percent, "%");
}

std::string Left(const std::optional<absl::Duration>& remaining) {
  if (!remaining.has_value()) return "";
  const int64_t seconds = absl::ToInt64Seconds(*remaining);
  return absl::StrFormat("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

// A table of cells that are HTML already; its first column names the row.
class Table {
 public:
  Table(absl::string_view caption, const std::vector<absl::string_view>& heads) {
    absl::StrAppend(&html_, "<div class=\"scroll\"><table><caption>", caption,
                    "</caption><thead><tr>");
    for (const absl::string_view head : heads)
      absl::StrAppend(&html_, "<th scope=\"col\">", head, "</th>");
    absl::StrAppend(&html_, "</tr></thead><tbody>\n");
  }

  void Add(const std::vector<std::string>& cells) {
    if (++rows_ > kMaxRows) return;
    absl::StrAppend(&html_, "<tr><th scope=\"row\">", cells.front(), "</th>");
    for (size_t i = 1; i < cells.size(); ++i) absl::StrAppend(&html_, "<td>", cells[i], "</td>");
    absl::StrAppend(&html_, "</tr>\n");
  }

  // `empty`: what is said where there is no row.
  std::string End(absl::string_view empty) {
    absl::StrAppend(&html_, "</tbody></table></div>\n");
    if (rows_ == 0) absl::StrAppend(&html_, "<p class=\"none\">", empty, "</p>\n");
    if (rows_ > kMaxRows)
      absl::StrAppend(&html_, "<p class=\"none\">And ", rows_ - kMaxRows, " more.</p>\n");
    return std::move(html_);
  }

 private:
  std::string html_;
  size_t rows_ = 0;
};

std::string Drives(const Page& page) {
  Table table("Drives", {"Drive", "State", "Disc", "Medium", "Model", "Note"});
  for (const DriveRow& drive : page.drives) {
    table.Add({Code(drive.name), State(drive.state, drive.mood), Code(drive.disc),
               Escaped(drive.medium), Escaped(drive.model), Escaped(drive.note)});
  }
  return table.End("No drive is configured.");
}

std::string Jobs(const Page& page) {
  Table table("Running", {"Operation", "What", "Drive", "Disc", "Step", "Done", "Left", "Since"});
  for (const JobRow& job : page.jobs) {
    table.Add({Code(job.name), Escaped(job.what), Code(job.drive), Code(job.disc),
               Escaped(job.step), Part(job), Left(job.remaining), Time(job.since)});
  }
  return table.End("Nothing runs.");
}

std::string Ended(const Page& page) {
  Table table("Ended last", {"Operation", "What", "Drive", "Disc", "Outcome", "Time"});
  for (const EndedRow& ended : page.ended) {
    const std::string message =
        ended.message.empty() ? ""
                              : absl::StrCat("<br><small>", Escaped(ended.message), "</small>");
    table.Add({Code(ended.name), Escaped(ended.what), Code(ended.drive), Code(ended.disc),
               State(ended.outcome, ended.mood) + message, Time(ended.time)});
  }
  return table.End("Nothing has ended yet.");
}

std::string Failures(const Page& page) {
  Table table("Validations that failed last", {"Time", "Reason", "Rule", "What was wrong"});
  for (const FailureRow& failure : page.failures) {
    table.Add({Time(failure.time), Code(failure.reason), Escaped(failure.rule),
               Escaped(failure.message)});
  }
  return table.End("None since the start.");
}

std::string Places(absl::string_view caption, absl::string_view head,
                   const std::vector<PlaceRow>& places, absl::string_view empty) {
  Table table(caption, {head, "Disc"});
  for (const PlaceRow& place : places) table.Add({Code(place.name), Code(place.disc)});
  return table.End(empty);
}

std::string Problems(const Page& page) {
  if (page.problems.empty()) return absl::StrCat("<p>", State("no problem", Mood::kGood), "</p>\n");
  std::string html = "<ul class=\"problems\">\n";
  for (const std::string& problem : page.problems)
    absl::StrAppend(&html, "<li>", State("problem", Mood::kBad), " ", Escaped(problem), "</li>\n");
  return html + "</ul>\n";
}

// First what is to be known from afar, in a row of tabs.
std::string Title(const Page& page) {
  const size_t count = page.problems.size();
  const std::string state =
      count == 0 ? "ok" : absl::StrCat(count, count == 1 ? " problem" : " problems");
  return absl::StrCat(Escaped(page.robot), ": ", state);
}

}  // namespace

std::string RenderPage(const Page& page) {
  std::string slots =
      absl::StrCat("Slots with a disc: ", page.slots.size(), " of ", page.slot_count);
  std::string ports;
  if (!page.ports.empty()) ports = Places("Import/export slots", "Slot", page.ports, "");
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>\n<title>",
      Title(page),
      "</title>\n<link rel=\"stylesheet\" href=\"/carousel.css\">\n"
      "<script src=\"/carousel.js\" defer></script>\n</head>\n<body>\n<header>\n<h1>",
      Escaped(page.robot), "</h1>\n<p>carouseld ", Escaped(page.version), ", as of ",
      Time(page.now), " UTC <span id=\"lost\" role=\"status\"></span></p>\n</header>\n<main>\n",
      Problems(page), Drives(page), "<p>The arm holds ",
      page.arm_disc.empty() ? "nothing" : Code(page.arm_disc), ".</p>\n", Jobs(page),
      Failures(page), Ended(page), "<div class=\"places\">\n",
      Places(slots, "Slot", page.slots, "All are empty."), ports,
      "</div>\n</main>\n<footer><p>Read only. Numbers for Prometheus: "
      "<a href=\"/metrics\">/metrics</a>; probes: <a href=\"/livez\">/livez</a>, "
      "<a href=\"/readyz\">/readyz</a>.</p></footer>\n</body>\n</html>\n");
}

const absl::string_view kStyle = R"(:root {
  color-scheme: light dark;
  --text: #1c2126; --dim: #57606a; --back: #f6f7f9; --card: #ffffff; --line: #d5dae0;
  --good: #13653a; --good-back: #dcf3e4; --working: #7a4b00; --working-back: #fdeccb;
  --bad: #a3161f; --bad-back: #fde1e1; --idle: #4a545e; --idle-back: #e8ebee; --bar: #2263b8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e8ec; --dim: #a2abb5; --back: #14181c; --card: #1d2329; --line: #363f48;
    --good: #86e0a8; --good-back: #143d25; --working: #ffd084; --working-back: #473004;
    --bad: #ffaaaa; --bad-back: #571a1d; --idle: #bdc5cd; --idle-back: #303840; --bar: #7db4ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 84rem; background: var(--back); color: var(--text);
  font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1rem; }
h1 { margin: 0; font-size: 1.5rem; }
header p, footer, .none, small { color: var(--dim); }
a { color: var(--bar); }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.92em; }
.scroll { overflow-x: auto; margin: 1rem 0 0.3rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 6px; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; font-weight: 600; padding: 0.6rem 0.8rem 0.3rem; }
th, td { text-align: left; padding: 0.35rem 0.8rem; vertical-align: top; font-weight: normal; white-space: nowrap; }
td small { white-space: normal; }
thead th { color: var(--dim); font-size: 0.85em; }
tbody tr { border-top: 1px solid var(--line); }
tbody:empty { display: none; }
.none { margin: 0.2rem 0.8rem 0.8rem; }
.state { display: inline-block; padding: 0 0.5em; border-radius: 4px; font-weight: 600; font-size: 0.92em; }
.good { color: var(--good); background: var(--good-back); }
.working { color: var(--working); background: var(--working-back); }
.bad { color: var(--bad); background: var(--bad-back); }
.idle { color: var(--idle); background: var(--idle-back); }
.problems { list-style: none; padding: 0; }
.problems li { margin: 0.3rem 0; }
.places { display: grid; grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: 0 1rem; align-items: start; }
progress { width: 8rem; height: 0.8em; accent-color: var(--bar); vertical-align: -0.05em; }
#lost { color: var(--bad); font-weight: 600; }
footer { margin-top: 1.5rem; font-size: 0.9em; }
)";

const absl::string_view kScript = R"("use strict";
// Takes the page's newest contents in place of those that are shown; without it the page reloads itself.
const PAUSE = 2000;
let seen = new Date();
async function refresh() {
  const lost = document.getElementById("lost");
  try {
    const answer = await fetch("/", {cache: "no-store", signal: AbortSignal.timeout(5 * PAUSE)});
    if (!answer.ok) throw new Error(answer.statusText);
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.title = next.title;
    for (const part of ["header", "main"]) document.querySelector(part).replaceWith(document.adoptNode(next.querySelector(part)));
    seen = new Date();
  } catch (error) {
    lost.textContent = `not reached since ${seen.toISOString().slice(11, 19)}`;
  }
  setTimeout(refresh, PAUSE);
}
setTimeout(refresh, PAUSE);
)";

}  // namespace carousel::web
