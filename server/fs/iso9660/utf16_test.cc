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

}  // namespace
}  // namespace carousel::iso9660
