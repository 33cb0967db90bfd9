// The cases' lists against the rules, without a service: real answers of the virtual drive, read by
// MmcDrive, made into facts. Where this passes and the service's test fails, the service is at
// fault. Steps other than SetMultisessionInterfaces need a service and are not looked at.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_macros.h"
#include "hal/base/status_matchers.h"
#include "hal/drive/mmc_drive.h"
#include "hal/virtual_robot/testing_robot.h"
#include "hal/virtual_robot/virtual_robot.h"
#include "proto/status/rpc_status.h"
#include "server/disc_format/media_facts_reader.h"
#include "server/multisession/multisession.h"
#include "tests/conformance/comparison.h"
#include "tests/conformance/discs.h"
#include "tests/conformance/suite.h"

namespace carousel::conformance {
namespace {

using multisession::Kind;
using multisession::Types;

constexpr char kDrive[] = "drive0";

template <typename T, typename Proto>
void Copy(bool has, Proto value, std::optional<T>* to) {
  if (has) *to = T(value);
}

Kind KindOf(const Element& element) {
  const v1::MultisessionInterface& proto = element.interface();
  if (proto.has_sequential()) return Kind::kSequential;
  if (proto.has_random_write()) return Kind::kRandomWrite;
  if (proto.has_other()) {
    return proto.other().is_multisession() ? Kind::kOther : Kind::kForeign;
  }
  return element.newer() ? Kind::kNewer : Kind::kNull;
}

// What the case says about an element, over what is there already.
void Merge(const Element& from, multisession::Element* to) {
  const v1::MultisessionInterface& proto = from.interface();
  if (from.has_interface()) to->kind = KindOf(from);
  to->in_use = proto.in_use();
  if (proto.import_recorder() == "{drive}") to->import_recorder = kDrive;
  if (proto.import_recorder() == "{other_drive}") to->import_recorder = "drive1";
  if (absl::StartsWith(proto.import_recorder(), "drives/")) {
    to->import_recorder = std::string(absl::StripPrefix(proto.import_recorder(), "drives/"));
  }
  to->type_name = proto.other().type_name();
  if (from.generation_offset() != 0) {
    to->generation = MediaGeneration(to->generation->value() + from.generation_offset());
  }
  const v1::SequentialMultisession& sequential = proto.sequential();
  Copy(sequential.has_first_data_session(), sequential.first_data_session(),
       &to->first_data_session);
  Copy(sequential.has_next_writable_address(), sequential.next_writable_address(),
       &to->next_writable);
}

multisession::List ListOf(const Set& set, const MediaFacts& facts) {
  if (set.absent()) return std::nullopt;
  std::vector<multisession::Element> list;
  if (set.of_drive()) list = multisession::InterfacesOf(facts, kDrive);
  for (int i = 0; i < set.elements_size(); ++i) {
    if (i == static_cast<int>(list.size())) list.emplace_back();
    Merge(set.elements(i), &list[i]);
  }
  return list;
}

// The drive with the case's disc, and its facts.
class DiscInDrive {
 public:
  absl::Status Insert(const Suite& suite, const Case& test_case) {
    robot_.options.drives[0].fault_plan = test_case.faults().plan();
    robot_.options.drives[0].quirks = {test_case.faults().quirks().begin(),
                                       test_case.faults().quirks().end()};
    for (const Disc& disc : suite.discs()) {
      if (disc.barcode() == test_case.disc()) {
        RETURN_IF_ERROR(MakeDisc(robot_.options.store, disc, /*slot=*/1));
      }
    }
    VirtualRobot& robot = robot_.Start();
    if (!test_case.disc().empty()) {
      RETURN_IF_ERROR(robot.changer().Move(robot.slot_element(1), robot.drive_element(0)).status);
    }
    drive_ = std::make_unique<MmcDrive>(robot.OpenDrive(0), &robot_.clock);
    facts_ = ReadMediaFacts(*drive_);
    return absl::OkStatus();
  }

  // The rules as the service applies them.
  absl::StatusOr<multisession::Decision> Check(const Set& set, Types types) {
    const multisession::List list = ListOf(set, facts_.ok() ? *facts_ : MediaFacts());
    ASSIGN_OR_RETURN(const std::string drive, multisession::CheckRequest(list, types));
    if (drive != kDrive) return multisession::UnknownDrive(drive);
    if (!facts_.ok()) return multisession::DriveUnavailable(facts_.status(), drive);
    return multisession::CheckMedium(*list, types, *facts_);
  }

  const absl::StatusOr<MediaFacts>& facts() const { return facts_; }

 private:
  TestingRobot robot_;
  std::unique_ptr<MmcDrive> drive_;
  absl::StatusOr<MediaFacts> facts_;
};

void CompareDecision(const Expectation& expect, const multisession::Decision& decision) {
  if (expect.has_chosen_element()) {
    EXPECT_EQ(static_cast<int>(decision.chosen), expect.chosen_element());
  }
  if (expect.has_chosen()) {
    EXPECT_EQ(decision.type == Kind::kSequential, expect.chosen().has_sequential());
  }
  std::vector<std::string> warnings;
  for (const multisession::Warning& warning : decision.warnings) {
    warnings.push_back(warning.reason);
  }
  EXPECT_EQ(absl::StrJoin(warnings, " "), absl::StrJoin(expect.warnings(), " "));
}

void ComparePlaces(const v1::SequentialMultisession& expect, const SequentialFacts& facts) {
  if (expect.has_first_data_session()) {
    EXPECT_EQ(facts.first_data_session, expect.first_data_session());
  }
  if (expect.has_start_address_of_previous_session()) {
    EXPECT_EQ(facts.start_of_previous.value, expect.start_address_of_previous_session());
  }
  if (expect.has_last_written_address_of_previous_session()) {
    EXPECT_EQ(facts.last_written_of_previous.value,
              expect.last_written_address_of_previous_session());
  }
  if (expect.has_next_writable_address()) {
    EXPECT_EQ(facts.next_writable.value, expect.next_writable_address());
  }
}

// The steps before the first that needs a service.
void RunSets(const Case& test_case, DiscInDrive& disc) {
  const Types types = test_case.types() == v1::MULTISESSION_TYPES_SEQUENTIAL_AND_RANDOM_WRITE
                          ? Types::kSequentialAndRandomWrite
                          : Types::kSequential;
  for (const Step& step : test_case.steps()) {
    if (!step.has_set()) return;
    const absl::StatusOr<multisession::Decision> decision = disc.Check(step.set(), types);
    EXPECT_THAT(CompareStatus(step.expect(), ToRpcStatus(decision.status(), "test")),
                testing::IsEmpty());
    if (!decision.ok()) continue;
    CompareDecision(step.expect(), *decision);
    ComparePlaces(step.expect().chosen().sequential(), disc.facts()->sequential);
  }
}

TEST(RulesOnDiscs, AnswerEveryListOfTheTable) {
  ASSERT_OK_AND_ASSIGN(const Suite suite, ReadSuite("tests/conformance/cases.textproto"));
  for (const Case& test_case : suite.cases()) {
    SCOPED_TRACE(test_case.name());
    DiscInDrive disc;
    ASSERT_OK(disc.Insert(suite, test_case));
    RunSets(test_case, disc);
  }
}

}  // namespace
}  // namespace carousel::conformance
