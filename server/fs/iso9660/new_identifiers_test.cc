#include "server/fs/iso9660/new_identifiers.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/fs/iso9660/utf16.h"

namespace carousel::iso9660 {
namespace {

using testing::ElementsAre;

std::vector<EntryName> Files(const std::vector<std::string>& names) {
  std::vector<EntryName> entries;
  for (const std::string& name : names) entries.push_back(EntryName{name, false});
  return entries;
}

std::vector<std::string> Primary(const std::vector<std::string>& names, int level) {
  const auto identifiers = PrimaryIdentifiers(Files(names), level);
  EXPECT_OK(identifiers);
  return identifiers.value_or(std::vector<std::string>());
}

// In UTF-8.
std::vector<std::string> Joliet(const std::vector<std::string>& names, int max_characters = 64) {
  const auto identifiers = JolietIdentifiers(Files(names), max_characters);
  EXPECT_OK(identifiers);
  std::vector<std::string> texts;
  for (const std::string& units : identifiers.value_or(std::vector<std::string>())) {
    texts.emplace_back();
    AppendUtf8(absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(units.data()), units.size()),
               texts.back());
  }
  return texts;
}

TEST(PrimaryIdentifiers, AreCapitalsDigitsAndUnderscoresOfTheLevelsLength) {
  const std::vector<std::string> names = {"read me.text", "Archive-2024.tar.gz", "noextension",
                                          ".profile",     "Grüße.txt",           "\xFF\xFE.b"};
  EXPECT_THAT(Primary(names, 1), ElementsAre("READ_ME.TEX", "ARCHIVE_.GZ", "NOEXTENS.", "_PROFILE.",
                                             "GR__E.TXT", "__.B"));
  EXPECT_THAT(Primary(names, 2), ElementsAre("READ_ME.TEXT", "ARCHIVE_2024_TAR.GZ", "NOEXTENSION.",
                                             "_PROFILE.", "GR__E.TXT", "__.B"));
}

TEST(PrimaryIdentifiers, HaveThirtyCharactersAtLevelTwoAndDirectoriesOneMore) {
  const std::string long_name(40, 'x');
  EXPECT_THAT(Primary({long_name, long_name + ".html"}, 2),
              ElementsAre(std::string(30, 'X') + ".", std::string(26, 'X') + ".HTML"));
  const std::vector<EntryName> directory = {{long_name, true}};
  EXPECT_THAT(PrimaryIdentifiers(directory, 3), IsOkAndHolds(ElementsAre(std::string(31, 'X'))));
  EXPECT_THAT(PrimaryIdentifiers(directory, 1), IsOkAndHolds(ElementsAre(std::string(8, 'X'))));
}

TEST(PrimaryIdentifiers, NamesThatBecomeAlikeGetDigits) {
  EXPECT_THAT(Primary({"A.txt", "a.TXT", "a.txt"}, 1),
              ElementsAre("A.TXT", "A000.TXT", "A001.TXT"));
  // A digit that another has by itself is passed over.
  EXPECT_THAT(Primary({"longer name", "longer_name", "longe000"}, 1),
              ElementsAre("LONGER_N.", "LONGE001.", "LONGE000."));
}

TEST(PrimaryIdentifiers, AFileAndADirectoryAreToldApart) {
  const std::vector<EntryName> entries = {{"a", true}, {"A", false}};
  EXPECT_THAT(PrimaryIdentifiers(entries, 2), IsOkAndHolds(ElementsAre("A", "A000.")));
}

TEST(PrimaryIdentifiers, TellManyAlikeNamesApart) {
  std::vector<std::string> names;
  for (int i = 0; i < 20'000; ++i) names.push_back(absl::StrCat("a long common name ", i, ".dat"));
  const std::vector<std::string> identifiers = Primary(names, 1);
  EXPECT_EQ(std::set<std::string>(identifiers.begin(), identifiers.end()).size(), names.size());
  for (const std::string& identifier : identifiers) EXPECT_LE(identifier.size(), 12u);
}

TEST(JolietIdentifiers, KeepWhatJolietAllowsAndReplaceTheRest) {
  EXPECT_THAT(Joliet({"Grüße 漢字.txt", "a*b:c;d?e\\f\x01", "smile \xF0\x9F\x98\x80", "x\xFFy"}),
              ElementsAre("Grüße 漢字.txt", "a_b_c_d_e_f_", "smile _", "x_y"));
}

TEST(JolietIdentifiers, AreCutBeforeTheExtensionAndStayApart) {
  const std::string start(70, 'j');
  EXPECT_THAT(Joliet({start + "1.txt", start + "2.txt"}),
              ElementsAre(std::string(60, 'j') + ".txt", std::string(57, 'j') + "000.txt"));
  EXPECT_THAT(Joliet({start + "1.txt", start + "2.txt"}, 103),
              ElementsAre(start + "1.txt", start + "2.txt"));
}

TEST(JolietIdentifiers, AreNotCutAtADotOrBlankThatReadersTakeAway) {
  const std::string start(63, 'j');
  EXPECT_THAT(Joliet({start + "." + std::string(20, 'x'), start + " x", start + "."}),
              ElementsAre(start + "_", std::string(61, 'j') + "000", start + "."));
}

TEST(JolietIdentifiers, KeepCase) {
  EXPECT_THAT(Joliet({"README", "readme"}), ElementsAre("README", "readme"));
}

}  // namespace
}  // namespace carousel::iso9660
