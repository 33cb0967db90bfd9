#include "proto/status/text.h"

#include <string>

#include "gtest/gtest.h"

namespace carousel {
namespace {

TEST(CleanText, KeepsCharactersOfEveryLength) {
  const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x92\xBF";
  EXPECT_EQ(CleanText(text, 100), text);
  EXPECT_TRUE(IsUtf8(text));
}

TEST(CleanText, ReplacesWhatIsNoCharacter) {
  // Overlong, surrogate, above U+10FFFF, a lone tail, a cut one: each byte is replaced.
  for (const std::string bad :
       {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xE2\x82"}) {
    EXPECT_FALSE(IsUtf8(bad));
    EXPECT_TRUE(IsUtf8(CleanText("a" + bad + "b", 100)));
    EXPECT_EQ(CleanText("a" + bad, 100).size(), 1 + 3 * bad.size());
    EXPECT_EQ(ToUtf8("a" + bad).size(), 1 + 3 * bad.size());
  }
}

TEST(CleanText, TakesControlCharactersOut) {
  EXPECT_EQ(CleanText("a\x1B[31m\nb\x7F", 100), "a [31m b ");
  EXPECT_EQ(ToUtf8("a\nb"), "a\nb");
}

TEST(CleanText, CutsBetweenCharactersAndSaysSo) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "\xE2\x82\xAC";
  const std::string cut = CleanText(text, 20);
  EXPECT_EQ(cut, text.substr(0, 15) + "...");
  EXPECT_EQ(CleanText(std::string(20, 'x'), 20), std::string(20, 'x'));
  EXPECT_EQ(CleanText(std::string(21, 'x'), 20), std::string(17, 'x') + "...");
}

}  // namespace
}  // namespace carousel
