#include "clients/cli/watching.h"

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace carousel::cli {
namespace {

// What comes of a command that prints `answers`, one a run.
std::string Shown(const std::vector<std::string>& answers, bool terminal) {
  std::ostringstream out;
  size_t runs = 0;
  Watch({.out = &out, .terminal = terminal, .pause = [&] { return runs < answers.size(); }},
        [&] { out << answers[runs++]; });
  EXPECT_EQ(runs, answers.size());
  return out.str();
}

TEST(WatchingTest, ShowsWhatHasChangedAndNothingElse) {
  EXPECT_EQ(Shown({"idle\n", "idle\n", "busy\n", "idle\n"}, false), "idle\nbusy\nidle\n");
}

TEST(WatchingTest, ATerminalShowsTheNewestAlone) {
  EXPECT_EQ(Shown({"idle\n", "busy\n"}, true), "\033[H\033[Jidle\n\033[H\033[Jbusy\n");
}

TEST(WatchingTest, EndsWithTheCommandsErrorAndLeavesTheStreamAsItWas) {
  std::ostringstream out;
  const auto fail = [&] {
    out << "half";
    throw std::runtime_error("gone");
  };
  EXPECT_THROW(Watch({.out = &out, .pause = [] { return true; }}, fail), std::runtime_error);
  out << "error: gone";
  EXPECT_EQ(out.str(), "error: gone");
}

}  // namespace
}  // namespace carousel::cli
