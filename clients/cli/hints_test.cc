#include "clients/cli/hints.h"

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "clients/cpp/error.h"
#include "gtest/gtest.h"

namespace carousel::cli {
namespace {

// "..._BUSY" in the list of documented codes is one of E_IMAPI_RECORDER_MEDIA_..., of a comment
// that names several.
std::string Whole(const std::string& reason) {
  if (absl::StartsWith(reason, "..._MEDIA_"))
    return absl::StrReplaceAll(reason, {{"..._", "E_IMAPI_RECORDER_"}});
  if (reason == "..._COMMAND_TIMEOUT") return "E_IMAPI_RECORDER_COMMAND_TIMEOUT";
  return absl::StrReplaceAll(reason, {{"..._", "E_IMAPI_RECORDER_MEDIA_"}});
}

TEST(HintsTest, EveryDocumentedReasonHasWhatToDoNext) {
  std::ifstream file("tests/component/documented_codes.txt");
  std::string line;
  int reasons = 0;
  while (std::getline(file, line)) {
    std::string method;
    std::string reason;
    std::istringstream words(line);
    if (absl::StartsWith(line, "#") || !(words >> method >> reason)) continue;
    EXPECT_NE(HintFor({.code = grpc::StatusCode::INVALID_ARGUMENT, .reason = Whole(reason)}), "")
        << line;
    ++reasons;
  }
  EXPECT_GT(reasons, 100);
}

TEST(HintsTest, AServiceThatDoesNotAnswerHasOneToo) {
  EXPECT_NE(HintFor({.code = grpc::StatusCode::UNAVAILABLE}), "");
}

}  // namespace
}  // namespace carousel::cli
