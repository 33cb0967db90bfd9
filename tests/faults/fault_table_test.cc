// The table is whole, and the page is made of it.
#include "tests/faults/fault_table.h"

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/imapi/hresult.h"
#include "tests/faults/answers.h"
#include "tests/faults/faulty_burn.h"

namespace carousel::faults {
namespace {

class FaultTableTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(table_, ReadTable("tests/faults/faults.textproto"));
  }
  FaultTable table_;
};

TEST_F(FaultTableTest, EveryAnswerHasOneOutcomeAtEveryMomentOfEveryKindOfMedium) {
  for (const std::string medium : {"DVD+R", "DVD-RAM"}) {
    for (const Moment moment : MomentsOf(medium)) {
      for (const Answer& answer : kAnswers) {
        EXPECT_EQ(Find(table_, answer.text, moment, KindOf(medium)).size(), 1u)
            << answer.text << " at " << Moment_Name(moment) << " on " << medium;
      }
    }
  }
}

TEST_F(FaultTableTest, TheTableHasNoAnswerThatIsNotInTheList) {
  std::set<std::string> known;
  for (const Answer& answer : kAnswers) {
    EXPECT_TRUE(known.insert(std::string(answer.text)).second) << answer.text << " stands twice";
  }
  for (const Group& group : table_.groups()) {
    EXPECT_FALSE(group.note().empty());
    for (const std::string& answer : group.answers()) {
      EXPECT_EQ(known.erase(answer), 1u) << answer;
    }
  }
}

TEST_F(FaultTableTest, EveryCodeIsOneOfTheCatalogue) {
  for (const Group& group : table_.groups()) {
    for (const Fault& fault : group.faults()) {
      EXPECT_EQ(fault.imapi().empty(), fault.grpc() == "OK");
      EXPECT_TRUE(fault.imapi().empty() || imapi::FindHresultByName(fault.imapi()) != nullptr)
          << fault.imapi();
      EXPECT_NE(fault.grpc(), "UNAVAILABLE") << "clients try again on it";
      EXPECT_NE(fault.grpc(), "CANCELLED");
    }
  }
}

TEST_F(FaultTableTest, ThePageIsTheTables) {
  std::ifstream file("docs/burn_faults.md");
  std::ostringstream page;
  page << file.rdbuf();
  EXPECT_EQ(page.str(), Page(table_)) << "bazel run //tests/faults:write_page";
}

}  // namespace
}  // namespace carousel::faults
