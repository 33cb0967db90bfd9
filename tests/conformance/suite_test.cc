#include "tests/conformance/suite.h"

#include <filesystem>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/imapi/hresult.h"
#include "tests/conformance/discs.h"

namespace carousel::conformance {
namespace {

namespace v1 = carousel::v1;
using testing::IsEmpty;

constexpr char kCases[] = "tests/conformance/cases.textproto";
constexpr char kContract[] = "docs/contract.md";

std::set<std::string> RowsOfCases(const Suite& suite) {
  std::set<std::string> rows;
  for (const Case& test_case : suite.cases()) {
    rows.insert(test_case.rows().begin(), test_case.rows().end());
  }
  return rows;
}

std::set<std::string> Without(std::set<std::string> rows, const std::set<std::string>& others) {
  for (const std::string& row : others) rows.erase(row);
  return rows;
}

TEST(Cases, CoverEveryRowOfTheContract) {
  ASSERT_OK_AND_ASSIGN(const Suite suite, ReadSuite(kCases));
  ASSERT_OK_AND_ASSIGN(const std::set<std::string> contract, ReadContractRows(kContract));
  // That the page was understood at all.
  EXPECT_THAT(contract, testing::SizeIs(50));
  EXPECT_THAT(Without(contract, RowsOfCases(suite)), IsEmpty());
  EXPECT_THAT(Without(RowsOfCases(suite), contract), IsEmpty());
}

TEST(Cases, ExpectOnlyReasonsThatTheCatalogueHas) {
  ASSERT_OK_AND_ASSIGN(const Suite suite, ReadSuite(kCases));
  for (const Case& test_case : suite.cases()) {
    for (const Step& step : test_case.steps()) {
      const Expectation& expect = step.expect();
      EXPECT_EQ(expect.code().empty(), expect.reason().empty()) << test_case.name();
      if (!expect.reason().empty()) {
        EXPECT_NE(imapi::FindHresultByName(expect.reason()), nullptr) << expect.reason();
      }
    }
  }
}

// An element that is not named is told, too: by an empty value.
TEST(Cases, TellRuleAndElementOfEveryRefusal) {
  ASSERT_OK_AND_ASSIGN(const Suite suite, ReadSuite(kCases));
  for (const Case& test_case : suite.cases()) {
    for (const Step& step : test_case.steps()) {
      if (!step.has_set() || step.expect().reason() == "IMAPI_E_PROPERTY_NOT_ACCESSIBLE") continue;
      const bool refused = !step.expect().code().empty();
      EXPECT_EQ(step.expect().metadata().count("rule"), refused ? 1 : 0) << test_case.name();
      EXPECT_EQ(step.expect().metadata().count("element"), refused ? 1 : 0) << test_case.name();
    }
  }
}

// What every success tells: which interface was chosen.
TEST(Cases, TellTheChoiceOfEverySuccess) {
  ASSERT_OK_AND_ASSIGN(const Suite suite, ReadSuite(kCases));
  for (const Case& test_case : suite.cases()) {
    for (const Step& step : test_case.steps()) {
      if (!step.has_set() || !step.expect().code().empty()) continue;
      EXPECT_TRUE(step.expect().has_chosen_element()) << test_case.name();
      EXPECT_NE(step.expect().chosen().kind_case(), v1::MultisessionInterface::KIND_NOT_SET)
          << test_case.name();
    }
  }
}

TEST(Cases, ShowEveryCodeOfTheDocumentedMethod) {
  ASSERT_OK_AND_ASSIGN(const Suite suite, ReadSuite(kCases));
  std::set<std::string> missing = {
      "E_POINTER",
      "E_NOINTERFACE",
      "IMAPI_E_INCOMPATIBLE_MULTISESSION_TYPE",
      "IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED",
      "IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE",
      "IMAPI_E_BAD_MULTISESSION_PARAMETER",
      "IMAPI_E_FSI_INTERNAL_ERROR",
      "IMAPI_E_IMPORT_SEEK_FAILURE",
  };
  for (const Case& test_case : suite.cases()) {
    for (const Step& step : test_case.steps()) missing.erase(step.expect().reason());
  }
  EXPECT_THAT(missing, IsEmpty());
}

TEST(Discs, CanAllBeMade) {
  ASSERT_OK_AND_ASSIGN(const Suite suite, ReadSuite(kCases));
  const std::string store = absl::StrCat(testing::TempDir(), "/suite_test_store");
  std::filesystem::create_directories(store);
  int slot = 0;
  for (const Disc& disc : suite.discs()) EXPECT_OK(MakeDisc(store, disc, ++slot));
  std::filesystem::remove_all(store);
}

TEST(Discs, AreAllUsed) {
  ASSERT_OK_AND_ASSIGN(const Suite suite, ReadSuite(kCases));
  std::set<std::string> unused;
  for (const Disc& disc : suite.discs()) unused.insert(disc.barcode());
  for (const Case& test_case : suite.cases()) unused.erase(test_case.disc());
  EXPECT_THAT(unused, IsEmpty());
}

}  // namespace
}  // namespace carousel::conformance
