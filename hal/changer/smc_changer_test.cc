#include "hal/changer/smc_changer.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/mmc/inquiry.h"
#include "hal/mmc/mode_sense.h"
#include "hal/scsi/answering_transport.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"
#include "hal/smc/element_pages.h"
#include "hal/smc/element_status.h"
#include "hal/smc/move_medium.h"

namespace carousel {
namespace {

namespace opcode = scsi::opcode;
using scsi::AnsweringTransport;
using scsi::SenseKey;
using smc::ElementDescriptor;
using testing::SizeIs;

constexpr ElementAddress kSlotA(10), kSlotB(11), kDrive(20);
using Cdb = AnsweringTransport::Cdb;
using Bytes = absl::StatusOr<std::vector<uint8_t>>;

// Keeps its answers for the test; the changer opens a way to them as often as it likes.
class Way : public scsi::Transport {
 public:
  explicit Way(AnsweringTransport* device) : device_(*device) {}
  size_t max_transfer() const override { return device_.max_transfer(); }
  absl::string_view name() const override { return device_.name(); }

 private:
  absl::StatusOr<scsi::Result> DoExecute(const scsi::Command& command) override {
    return device_.Execute(command);
  }
  AnsweringTransport& device_;
};

// A picker at 1, slots at 10 and 11, a drive at 20. Slot 10 has D1. `elements_` is what it tells.
class SmcChangerTest : public testing::Test {
 protected:
  SmcChangerTest() {
    elements_ = {{.address = 1, .element_type = smc::kMediumTransport},
                 {.address = 10, .element_type = smc::kStorage, .full = true, .access = true},
                 {.address = 11, .element_type = smc::kStorage, .access = true},
                 {.address = 20, .element_type = smc::kDataTransfer, .access = true}};
    for (ElementDescriptor& element : elements_) element.volume_tag = "";
    elements_[1].volume_tag = "D1";
    Identify(2, 0, "SER1");
    device_.Give(opcode::kTestUnitReady, std::vector<uint8_t>());
    device_.Give(opcode::kModeSense10, [](Cdb) -> Bytes {
      return mmc::EncodeModeData(
          {.pages = {smc::EncodeElementAddressAssignment(
               {.transports = {1, 1}, .storage = {10, 2}, .drives = {20, 1}})}});
    });
    device_.Give(opcode::kReadElementStatus, [this](Cdb cdb) { return Status(cdb); });
    device_.Give(opcode::kMoveMedium, [this](Cdb cdb) -> Bytes {
      const auto move = smc::DecodeMoveMediumCdb(cdb);
      Carry(move->source, move->destination);
      return std::vector<uint8_t>();
    });
  }

  Bytes Status(Cdb cdb) {
    const auto asked = smc::DecodeReadElementStatusCdb(cdb);
    std::vector<ElementDescriptor> told;
    for (ElementDescriptor element : elements_) {
      if (element.element_type != asked->element_type) continue;
      if (!asked->volume_tags) element.volume_tag.reset();
      if (!asked->device_ids) element.identifier.reset();
      told.push_back(std::move(element));
    }
    return smc::EncodeElementStatus(told);
  }
  ElementDescriptor& At(uint16_t address) {
    for (ElementDescriptor& element : elements_) {
      if (element.address == address) return element;
    }
    return elements_.front();
  }
  void Carry(uint16_t source, uint16_t destination) {
    At(destination).full = true;
    At(destination).volume_tag = At(source).volume_tag;
    At(source).full = false;
    At(source).volume_tag = "";
  }
  void Identify(uint8_t code_set, uint8_t type, const std::string& text) {
    At(20).identifier = ElementDescriptor::Identifier{code_set, type, {text.begin(), text.end()}};
  }
  MoveResult Move() {
    EXPECT_OK(changer_.ReadElements());
    return changer_.Move(kSlotA, kDrive);
  }
  std::vector<Element> Read() {
    auto elements = changer_.ReadElements();
    EXPECT_OK(elements);
    return elements.ok() ? *std::move(elements) : std::vector<Element>(4);
  }

  std::vector<ElementDescriptor> elements_;
  AnsweringTransport device_;
  FakeClock clock_;
  int opened_ = 0;
  absl::Status open_error_;
  SmcChanger changer_{[this]() -> absl::StatusOr<std::unique_ptr<scsi::Transport>> {
                        ++opened_;
                        if (!open_error_.ok()) return open_error_;
                        return std::make_unique<Way>(&device_);
                      },
                      &clock_};
};

TEST_F(SmcChangerTest, AMoveIsDoneWhenTheBarCodeIsSeenAtTheDestination) {
  const MoveResult moved = Move();
  EXPECT_EQ(moved.outcome, MoveOutcome::kMoved) << moved.status;
  EXPECT_EQ(device_.asked(opcode::kMoveMedium), 1);
  EXPECT_EQ(opened_, 1);
}

TEST_F(SmcChangerTest, AnotherBarCodeAtTheDestinationIsNoMove) {
  device_.Once(opcode::kMoveMedium, [this](Cdb) -> Bytes {
    Carry(10, 20);
    At(20).volume_tag = "D9";
    return std::vector<uint8_t>();
  });
  const MoveResult moved = Move();
  EXPECT_EQ(moved.outcome, MoveOutcome::kUnknown);
  EXPECT_THAT(moved.status, StatusIs(absl::StatusCode::kInternal));
}

TEST_F(SmcChangerTest, AMoveThatWasAnsweredWithGoodAndNotMadeIsSeen) {
  device_.Once(opcode::kMoveMedium, [](Cdb) -> Bytes { return std::vector<uint8_t>(); });
  EXPECT_EQ(Move().outcome, MoveOutcome::kStillAtSource);
}

TEST_F(SmcChangerTest, AMoveThatFailedWithTheDiscInThePickerIsLeftToAPerson) {
  device_.Once(opcode::kMoveMedium, [this](Cdb) -> Bytes {
    Carry(10, 1);
    return AnsweringTransport::CheckCondition(SenseKey::kHardwareError, 0x15, 0x01);
  });
  const MoveResult held = Move();
  EXPECT_EQ(held.outcome, MoveOutcome::kInGripper);
  EXPECT_EQ(scsi::GetSense(held.status)->sense.ToString(), "4/15/01");
  EXPECT_EQ(device_.asked(opcode::kMoveMedium), 1);
}

TEST_F(SmcChangerTest, AnAnswerThatIsLostIsReplacedByALook) {
  device_.Once(opcode::kMoveMedium, [this](Cdb) -> Bytes {
    Carry(10, 20);
    return absl::DeadlineExceededError("no answer");
  });
  EXPECT_EQ(Move().outcome, MoveOutcome::kMoved) << "it was made all the same";
  device_.Once(opcode::kMoveMedium,
               [](Cdb) -> Bytes { return absl::DeadlineExceededError("no answer"); });
  const MoveResult lost = changer_.Move(kDrive, kSlotA);
  EXPECT_EQ(lost.outcome, MoveOutcome::kStillAtSource);
  EXPECT_THAT(lost.status, StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(device_.asked(opcode::kMoveMedium), 2) << "and never sent again";
}

TEST_F(SmcChangerTest, WhereNobodyCanLookTheOutcomeIsUnknown) {
  device_.Once(opcode::kMoveMedium, [this](Cdb) -> Bytes {
    device_.Give(opcode::kReadElementStatus,
                 [](Cdb) -> Bytes { return absl::UnavailableError("the cable is out"); });
    return absl::UnavailableError("the cable is out");
  });
  const MoveResult lost = Move();
  EXPECT_EQ(lost.outcome, MoveOutcome::kUnknown);
  EXPECT_THAT(lost.status, StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(SmcChangerTest, AResetOrAnOpenedDoorSinceTheLastReadingStopsTheMove) {
  for (const uint8_t asc : {0x28, 0x29}) {
    ASSERT_OK(changer_.ReadElements());
    device_.OnceSense(opcode::kTestUnitReady, SenseKey::kUnitAttention, asc, 0);
    const MoveResult stopped = changer_.Move(kSlotA, kDrive);
    EXPECT_EQ(stopped.outcome, MoveOutcome::kStillAtSource);
    EXPECT_THAT(stopped.status, StatusIs(absl::StatusCode::kAborted));
  }
  EXPECT_EQ(device_.asked(opcode::kMoveMedium), 0);
}

TEST_F(SmcChangerTest, UnitAttentionsBeforeAReadingAreTaken) {
  for (int i = 0; i < 3; ++i) {
    device_.OnceSense(opcode::kTestUnitReady, SenseKey::kUnitAttention, 0x29, 0);
  }
  EXPECT_THAT(Read(), SizeIs(4));
}

TEST_F(SmcChangerTest, AnArmThatIsBusyIsWaitedForWithinTheBudget) {
  for (int i = 0; i < 30; ++i) {
    device_.OnceSense(opcode::kTestUnitReady, SenseKey::kNotReady, 0x04, 0x01);
  }
  EXPECT_EQ(Move().outcome, MoveOutcome::kMoved);
  device_.Refuse(opcode::kTestUnitReady, SenseKey::kNotReady, 0x04, 0x01);
  const absl::Time start = clock_.Now();
  const MoveResult late = changer_.Move(kDrive, kSlotA);
  EXPECT_THAT(late.status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(late.outcome, MoveOutcome::kStillAtSource);
  EXPECT_LE(clock_.Now() - start, absl::Minutes(15));
}

TEST_F(SmcChangerTest, AnOpenDoorIsNotWaitedFor) {
  device_.Refuse(opcode::kTestUnitReady, SenseKey::kNotReady, 0x04, 0x03);
  const absl::Time start = clock_.Now();
  EXPECT_THAT(changer_.ReadElements(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(clock_.Now(), start);
}

TEST_F(SmcChangerTest, AMoveThatAnOpenDoorStoppedIsSettledByWhatTheChangerKnows) {
  device_.Once(opcode::kMoveMedium, [this](Cdb) -> Bytes {
    device_.Refuse(opcode::kTestUnitReady, SenseKey::kNotReady, 0x04, 0x03);
    return AnsweringTransport::CheckCondition(SenseKey::kNotReady, 0x04, 0x03);
  });
  const MoveResult stopped = Move();
  EXPECT_EQ(stopped.outcome, MoveOutcome::kStillAtSource);
  EXPECT_THAT(stopped.status, StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(SmcChangerTest, ALostConnectionIsOpenedAnewAtTheNextCall) {
  ASSERT_OK(changer_.ReadElements());
  device_.Once(opcode::kTestUnitReady, [](Cdb) -> Bytes { return absl::UnavailableError("gone"); });
  EXPECT_THAT(changer_.ReadElements(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_OK(changer_.ReadElements());
  EXPECT_EQ(opened_, 2);
  open_error_ = absl::NotFoundError("no such node");
  device_.Once(opcode::kTestUnitReady, [](Cdb) -> Bytes { return absl::UnavailableError("gone"); });
  EXPECT_FALSE(changer_.ReadElements().ok());
  EXPECT_THAT(changer_.ReadElements(), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(SmcChangerTest, ElementsAreAskedForByTypeAndNeverAllAtOnce) {
  Read();
  for (const scsi::Command& command : device_.commands()) {
    if (command.opcode() != opcode::kReadElementStatus) continue;
    EXPECT_NE(command.cdb[1] & 0x0F, 0);
  }
}

TEST_F(SmcChangerTest, WhatTheChangerRefusesToTellIsNotAskedForAgain) {
  device_.Give(opcode::kReadElementStatus, [this](Cdb cdb) -> Bytes {
    if ((cdb[6] & 1) != 0) {
      return AnsweringTransport::CheckCondition(SenseKey::kIllegalRequest, 0x24, 0x00);
    }
    return Status(cdb);
  });
  EXPECT_EQ(Read()[3].drive_serial, "");
  const int asked = device_.asked(opcode::kReadElementStatus);
  Read();
  EXPECT_EQ(device_.asked(opcode::kReadElementStatus), asked + 3);
}

TEST_F(SmcChangerTest, AChangerThatNeverSetsAccessTellsNothingByIt) {
  EXPECT_FALSE(Read()[0].accessible);
  for (ElementDescriptor& element : elements_) element.access = false;
  for (const Element& element : Read()) EXPECT_TRUE(element.accessible);
}

TEST_F(SmcChangerTest, TheSerialNumberStandsAloneOrBehindVendorAndProduct) {
  EXPECT_EQ(Read()[3].drive_serial, "SER1");
  Identify(2, 1, "ACME    BURNER 16       SERIAL7   ");
  EXPECT_EQ(Read()[3].drive_serial, "SERIAL7");
}

TEST_F(SmcChangerTest, ANameThatIsNoTextIsKeptAsItIs) {
  Identify(DeviceId::kBinary, 3, "\x50\x01");
  EXPECT_EQ(Read()[3].drive_serial, "");
  EXPECT_EQ(Read()[3].drive_id,
            (DeviceId{.code_set = DeviceId::kBinary, .type = 3, .value = {0x50, 0x01}}));
}

TEST_F(SmcChangerTest, ATagThatIsLeftInAnEmptyElementIsNobodys) {
  At(11).volume_tag = "OLD";
  EXPECT_EQ(Read()[2].barcode, "");
}

TEST_F(SmcChangerTest, AnExceptionOfAnElementIsTold) {
  At(11).exception = true;
  At(11).asc = 0x3B;
  At(11).ascq = 0x12;
  ASSERT_TRUE(Read()[2].exception.has_value());
  EXPECT_EQ(Read()[2].exception->ToString(), "0/3B/12");
}

TEST_F(SmcChangerTest, CommandsThatItDoesNotHaveAreUnimplemented) {
  EXPECT_THAT(changer_.Exchange(kSlotA, kDrive, kSlotB).status,
              StatusIs(absl::StatusCode::kUnimplemented));
  EXPECT_THAT(changer_.Rescan(std::nullopt), StatusIs(absl::StatusCode::kUnimplemented));
  EXPECT_THAT(changer_.PositionTo(kSlotA), StatusIs(absl::StatusCode::kUnimplemented));
  EXPECT_THAT(changer_.PreventRemoval(true), StatusIs(absl::StatusCode::kUnimplemented));
}

TEST_F(SmcChangerTest, ADeviceThatIsNoChangerIsRefused) {
  device_.Give(opcode::kInquiry,
               mmc::EncodeStandardInquiry({.vendor = "ACME", .product = "DRIVE"}));
  EXPECT_THAT(changer_.Identify(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace carousel
