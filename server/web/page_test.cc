#include "server/web/page.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace carousel::web {
namespace {

using testing::HasSubstr;
using testing::Not;

Page Some() {
  return {.robot = "robot1", .version = "1.2", .now = absl::FromUnixSeconds(0), .slot_count = 12};
}

TEST(PageTest, AnIdleRobotHasNoProblem) {
  const std::string html = RenderPage(Some());
  EXPECT_THAT(html, HasSubstr("<title>robot1: ok</title>"));
  EXPECT_THAT(html, HasSubstr("no problem"));
  EXPECT_THAT(html, HasSubstr("Nothing runs."));
  EXPECT_THAT(html, HasSubstr("Slots with a disc: 0 of 12"));
  EXPECT_THAT(html, HasSubstr("<time datetime=\"1970-01-01T00:00:00Z\">"));
}

TEST(PageTest, ProblemsAreInItsTitleAndAreWords) {
  Page page = Some();
  page.problems = {"drive0 does not answer", "the changer does not answer"};
  page.drives = {{.name = "drive0", .state = "failed", .mood = Mood::kBad, .note = "no answer"}};
  const std::string html = RenderPage(page);
  EXPECT_THAT(html, HasSubstr("<title>robot1: 2 problems</title>"));
  EXPECT_THAT(html, HasSubstr("drive0 does not answer"));
  EXPECT_THAT(html, HasSubstr("<span class=\"state bad\">failed</span>"));
}

TEST(PageTest, TextOfDiscsAndDevicesIsNeverMarkup) {
  const std::string hostile = "<script>alert('\"&\x1b[31m";
  Page page = Some();
  page.robot = page.version = page.arm_disc = hostile;
  page.problems = {hostile};
  page.drives = {{hostile, hostile, Mood::kBad, hostile, hostile, hostile, hostile}};
  page.slots = page.ports = {{hostile, hostile}};
  page.jobs = {{hostile, hostile, hostile, hostile, hostile}};
  page.ended = {{hostile, hostile, hostile, hostile, hostile, Mood::kBad, hostile}};
  page.failures = {{.reason = hostile, .rule = hostile, .message = hostile}};
  const std::string html = RenderPage(page);
  EXPECT_THAT(html, Not(HasSubstr("<script>")));
  EXPECT_THAT(html, Not(HasSubstr("'")));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&#39;&quot;&amp;\\x1B[31m"));
}

TEST(PageTest, AJobShowsHowFarItIsAndHowLongItTakes) {
  Page page = Some();
  page.jobs = {{.name = "operations/a",
                .what = "write image",
                .step = "writing data",
                .part = 0.426,
                .remaining = absl::Seconds(3725)}};
  const std::string html = RenderPage(page);
  EXPECT_THAT(html, HasSubstr("<progress max=\"100\" value=\"42\"></progress> 42%"));
  EXPECT_THAT(html, HasSubstr("1:02:05"));
}

TEST(PageTest, AHugeRobotMakesABoundedPage) {
  Page page = Some();
  for (int i = 0; i < 10'000; ++i) page.slots.push_back({absl::StrCat("slot", i), "A"});
  const std::string html = RenderPage(page);
  EXPECT_LT(html.size(), 400'000u);
  EXPECT_THAT(html, HasSubstr("And 8000 more."));
}

}  // namespace
}  // namespace carousel::web
