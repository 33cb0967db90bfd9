#include "server/imapi/hresult.h"

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace carousel::imapi {
namespace {

using testing::SizeIs;

// Codes of winerror.h that stand behind IMAPI's own in the catalogue.
constexpr size_t kComCodes = 11;
constexpr size_t kImapiCodes = 152;

struct TableRow {
  std::string name;
  uint32_t value = 0;
  std::string code;
  std::string retry;
};

std::vector<TableRow> ReadTable() {
  std::vector<TableRow> rows;
  std::ifstream file("server/imapi/testdata/hresults.tsv");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string> columns = absl::StrSplit(line, '\t');
    TableRow row{.name = columns.at(0), .code = columns.at(2), .retry = columns.at(3)};
    EXPECT_TRUE(absl::SimpleHexAtoi(columns.at(1), &row.value)) << line;
    rows.push_back(row);
  }
  return rows;
}

std::string RetryName(const HresultInfo& info) {
  switch (info.retry) {
    case Retry::kYes:
      return "yes";
    case Retry::kPreWrite:
      return "pre-write";
    case Retry::kNo:
      break;
  }
  return info.code == absl::StatusCode::kOk ? "-" : "no";
}

TEST(Catalogue, IsTheTableRowByRow) {
  const std::vector<TableRow> table = ReadTable();
  ASSERT_THAT(table, SizeIs(kImapiCodes));
  ASSERT_THAT(AllHresults(), SizeIs(kImapiCodes + kComCodes));
  for (size_t i = 0; i < table.size(); ++i) {
    const HresultInfo& info = AllHresults()[i];
    EXPECT_EQ(info.name, table[i].name);
    EXPECT_EQ(static_cast<uint32_t>(info.hresult), table[i].value) << info.name;
    EXPECT_EQ(absl::StatusCodeToString(info.code), table[i].code) << info.name;
    EXPECT_EQ(RetryName(info), table[i].retry) << info.name;
  }
}

TEST(Catalogue, HasEachNameAndEachValueOnce) {
  std::set<std::string> names;
  std::set<Hresult> values;
  for (const HresultInfo& info : AllHresults()) {
    EXPECT_TRUE(names.insert(std::string(info.name)).second) << info.name;
    EXPECT_TRUE(values.insert(info.hresult).second) << info.name;
    EXPECT_FALSE(info.gloss.empty()) << info.name;
  }
}

TEST(Catalogue, HasASuccessExactlyWhereTheSeverityBitIsClear) {
  for (const HresultInfo& info : AllHresults()) {
    const bool success = (static_cast<uint32_t>(info.hresult) & 0x80000000) == 0;
    EXPECT_EQ(info.code == absl::StatusCode::kOk, success) << info.name;
  }
}

TEST(FindHresult, FindsByValueAndByName) {
  EXPECT_EQ(FindHresult(static_cast<Hresult>(0xC0AAB156))->name, "IMAPI_E_IMPORT_SEEK_FAILURE");
  EXPECT_EQ(FindHresultByName("E_POINTER")->hresult, Hresult::E_POINTER);
  EXPECT_EQ(FindHresult(static_cast<Hresult>(0xC0AAB107)), nullptr);
  EXPECT_EQ(FindHresultByName("E_NO_SUCH_CODE"), nullptr);
}

TEST(HresultName, SaysThatAValueIsNotKnown) {
  EXPECT_EQ(HresultName(static_cast<Hresult>(0xC0AAB107)), "UNKNOWN_HRESULT");
}

TEST(CanonicalCode, OfAnUnknownValueComesFromItsSeverityAndFacility) {
  EXPECT_EQ(CanonicalCode(static_cast<Hresult>(0x00000001)), absl::StatusCode::kOk);
  EXPECT_EQ(CanonicalCode(static_cast<Hresult>(0x80AA0BFF)), absl::StatusCode::kInternal);
  EXPECT_EQ(CanonicalCode(static_cast<Hresult>(0x80070002)), absl::StatusCode::kUnknown);
}

}  // namespace
}  // namespace carousel::imapi
