#include "server/mastering/manifest.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel::mastering {
namespace {

using absl::StatusCode;
using testing::Eq;
using testing::HasSubstr;

constexpr char kZeros[] = "0000000000000000000000000000000000000000000000000000000000000000";

Manifest Example() {
  return Manifest{.session = "3f0c9f6e-0a52-4d0e-9f3a-0d5b7d2f8a11",
                  .job = "operations/42",
                  .program = "carousel 0.1",
                  .files = {{"/a", Sha256Digest{0xAB, 0x01}}, {"/b/ c", Sha256Digest{}}}};
}

TEST(FormatManifest, IsWhatSha256sumChecks) {
  EXPECT_THAT(FormatManifest(Example()),
              IsOkAndHolds(absl::StrCat("# carousel manifest 1\n"
                                        "# session: 3f0c9f6e-0a52-4d0e-9f3a-0d5b7d2f8a11\n"
                                        "# job: operations/42\n"
                                        "# program: carousel 0.1\n"
                                        "ab01",
                                        std::string(60, '0'), "  ./a\n", kZeros, "  ./b/ c\n")));
}

TEST(FormatManifest, EscapesAsSha256sumDoes) {
  const Manifest manifest = {.files = {{"/a\nb\\c\rd", Sha256Digest{}}}};
  EXPECT_THAT(FormatManifest(manifest),
              IsOkAndHolds(HasSubstr(absl::StrCat("\n\\", kZeros, "  ./a\\nb\\\\c\\rd\n"))));
}

TEST(FormatManifest, RefusesWhatWouldNotBeReadAgain) {
  EXPECT_THAT(FormatManifest({.job = "two\nlines"}), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(FormatManifest({.files = {{"relative", Sha256Digest{}}}}),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(FormatManifest({.files = {{"/", Sha256Digest{}}}}),
              StatusIs(StatusCode::kInvalidArgument));
}

TEST(ParseManifest, ReadsWhatFormatManifestWrites) {
  Manifest manifest = Example();
  for (const char* path : {"/\\", "/-", "/#", "/\xFF", "/ ", "/.", "/n\\n", "/end\r"})
    manifest.files.push_back({path, Sha256Digest{1, 2, 3}});
  ASSERT_OK_AND_ASSIGN(const std::string text, FormatManifest(manifest));
  EXPECT_THAT(ParseManifest(text), IsOkAndHolds(Eq(manifest)));
}

TEST(ParseManifest, PassesOverCommentsOfALaterVersion) {
  EXPECT_THAT(ParseManifest("# carousel manifest 1\n# colour: red\n#\n"), IsOkAndHolds(Manifest()));
}

TEST(ParseManifest, NamesTheLineThatIsWrong) {
  const std::string first = "# carousel manifest 1\n";
  const auto refusal = [&](const std::string& line) {
    const auto parsed = ParseManifest(first + line);
    EXPECT_THAT(parsed, StatusIs(StatusCode::kInvalidArgument)) << line;
    return std::string(parsed.status().message());
  };
  const std::string digest = kZeros;
  for (const std::string& line :
       {std::string("\n"), std::string("text\n"), digest + "\n", digest + "  ./\n",
        digest + "  a\n", digest + " *./a\n", digest + "  .//a\n", digest + "  ./a",
        "\\" + digest + "  ./a\n", digest + "  ./a\\b\n", "\\" + digest + "  ./a\\x\n",
        "\\" + digest + "  ./a\\\n",
        absl::StrCat(digest, "  ./a", absl::string_view("\0", 1), "\n"),
        std::string("# job: \r\n")})
    EXPECT_THAT(refusal(line), HasSubstr("line 2")) << line;
  EXPECT_THAT(ParseManifest(""), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseManifest("# carousel manifest 2\n"), StatusIs(StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace carousel::mastering
