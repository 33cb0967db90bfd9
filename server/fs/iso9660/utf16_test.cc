#include "server/fs/iso9660/utf16.h"

#include <vector>

#include "gtest/gtest.h"

namespace carousel::iso9660 {
namespace {

std::string Utf8(std::vector<uint8_t> units) {
  std::string text;
  AppendUtf8(units, text);
  return text;
}

TEST(AppendUtf8, ConvertsEveryLengthOfCodePoint) {
  EXPECT_EQ(Utf8({}), "");
  EXPECT_EQ(Utf8({0, 'a', 0, 0xE4, 0x20, 0xAC}), "a\xC3\xA4\xE2\x82\xAC");
  EXPECT_EQ(Utf8({0xD8, 0x3D, 0xDE, 0x00}), "\xF0\x9F\x98\x80");
}

TEST(AppendUtf8, KeepsLoneSurrogatesApart) {
  EXPECT_EQ(Utf8({0xD8, 0x3D}), "\xED\xA0\xBD");
  EXPECT_EQ(Utf8({0xD8, 0x3D, 0, 'a'}),
            "\xED\xA0\xBD"
            "a");
  EXPECT_EQ(Utf8({0xDE, 0x00}), "\xED\xB8\x80");
}

TEST(AppendUtf8, IgnoresHalfAUnit) { EXPECT_EQ(Utf8({0, 'a', 0}), "a"); }

std::string Ucs2(absl::string_view text) {
  std::string units;
  AppendUcs2(text, units);
  return units;
}

TEST(AppendUcs2, ConvertsWhatItHasAndReplacesTheRest) {
  EXPECT_EQ(Ucs2("a\xC3\xA4\xE2\x82\xAC"), std::string("\0a\0\xE4\x20\xAC", 6));
  EXPECT_EQ(Ucs2("\xF0\x9F\x98\x80"), std::string("\0_", 2));
}

TEST(AppendUcs2, ReplacesEachByteThatIsNoUtf8) {
  EXPECT_EQ(Ucs2("\xC3"), std::string("\0_", 2));                // cut
  EXPECT_EQ(Ucs2("\xC0\x80"), std::string("\0_\0_", 4));         // longer than needed
  EXPECT_EQ(Ucs2("\xE0\x80\x80"), std::string("\0_\0_\0_", 6));  // the same
  EXPECT_EQ(Ucs2("\xFF"
                 "a"),
            std::string("\0_\0a", 4));
  EXPECT_EQ(Ucs2("\xF5\x80\x80\x80"), std::string("\0_\0_\0_\0_", 8));
}

TEST(AppendUcs2, GivesLoneSurrogatesBack) {
  EXPECT_EQ(Ucs2("\xED\xA0\xBD"), std::string("\xD8\x3D", 2));
}

}  // namespace
}  // namespace carousel::iso9660
