// Our initiator, changer and drive code against tgt's iSCSI target, whose known defects are
// expected here (docs/interop.md) and not worked around in the product.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "hal/base/clock.h"
#include "hal/base/status_macros.h"
#include "hal/base/status_matchers.h"
#include "hal/changer/changer_contract.h"
#include "hal/changer/smc_changer.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/mmc_drive.h"
#include "hal/mmc/readiness.h"
#include "hal/robot/matched_robot.h"
#include "hal/scsi/iscsi/iscsi_transport.h"
#include "tests/interop/tgt/jukebox.h"
#include "tests/interop/tgt/tgt_target.h"

namespace carousel {
namespace {

const ElementAddress kSlot = Jukebox::Slot(1), kSecondSlot = Jukebox::Slot(2),
                     kEmptySlot = Jukebox::Slot(4);
constexpr ElementAddress kFirstDrive = Jukebox::kFirstDrive, kSecondDrive = Jukebox::kSecondDrive,
                         kPort = Jukebox::kPort;
constexpr auto& kSerials = Jukebox::kSerials;

class TgtTest : public testing::Test {
 protected:
  void Start() { ASSERT_OK(jukebox_.Start()); }
  std::unique_ptr<SmcChanger> OpenChanger() { return jukebox_.OpenChanger(&clock_); }
  TgtTarget& target() { return jukebox_.target(); }
  absl::StatusOr<std::unique_ptr<Drive>> OpenDrive(int lun, MediaGeneration first) {
    ASSIGN_OR_RETURN(auto transport, scsi::OpenIscsi(target().Address(lun)));
    return std::make_unique<MmcDrive>(std::move(transport), &clock_,
                                      MmcDriveOptions{.first_generation = first});
  }
  static Element At(Changer& changer, ElementAddress address) {
    const auto elements = changer.ReadElements();
    EXPECT_OK(elements);
    for (const Element& element : *elements) {
      if (element.address == address) return element;
    }
    ADD_FAILURE() << "no element " << address;
    return {};
  }
  static absl::StatusOr<scsi::Result> TestUnitReady(scsi::Transport& transport,
                                                    absl::Duration timeout = absl::Seconds(10)) {
    scsi::Command command = mmc::MakeCommand(mmc::TestUnitReadyCdb{});
    command.timeout = timeout;
    return transport.Execute(command);
  }

  SystemClock clock_;
  Jukebox jukebox_{{"DISC001", "DISC002"}};
};

TEST_F(TgtTest, TheChangersInventoryAndItsMovesAreSeen) {
  Start();
  const auto changer = OpenChanger();
  ASSERT_OK_AND_ASSIGN(const ChangerIdentity identity, changer->Identify());
  EXPECT_FALSE(identity.product.empty());
  ASSERT_OK_AND_ASSIGN(const std::vector<Element> elements, changer->ReadElements());
  EXPECT_EQ(elements.size(), 1u + 3 + 1 + 4);
  EXPECT_EQ(At(*changer, kSlot).barcode, "DISC001");
  EXPECT_EQ(At(*changer, kFirstDrive).drive_serial, kSerials[2]);
  EXPECT_EQ(At(*changer, kSecondDrive).drive_serial, kSerials[1]);
  EXPECT_TRUE(At(*changer, kSlot).accessible) << "tgt never sets ACCESS";

  EXPECT_OK(changer->Move(kSlot, kEmptySlot).status);
  EXPECT_OK(changer->Move(kEmptySlot, kPort).status);
  EXPECT_OK(changer->Move(kPort, kFirstDrive).status);
  EXPECT_EQ(At(*changer, kFirstDrive).barcode, "DISC001");
  EXPECT_EQ(At(*changer, kFirstDrive).source, kPort);
  EXPECT_OK(changer->Move(kFirstDrive, kSlot).status);
  EXPECT_EQ(At(*changer, kSlot).barcode, "DISC001");
}

TEST_F(TgtTest, MovesThatCannotBeAreRefusedWithTheChangersWord) {
  Start();
  const auto changer = OpenChanger();
  ASSERT_OK(changer->ReadElements());
  const MoveResult empty = changer->Move(kEmptySlot, kFirstDrive);
  EXPECT_EQ(empty.outcome, MoveOutcome::kStillAtSource);
  EXPECT_EQ(scsi::GetSense(empty.status)->sense.ToString(), "5/3B/0E");
  const MoveResult full = changer->Move(kSlot, kSecondSlot);
  EXPECT_EQ(full.outcome, MoveOutcome::kStillAtSource);
  EXPECT_EQ(scsi::GetSense(full.status)->sense.ToString(), "5/3B/0D");
  EXPECT_THAT(changer->Exchange(kSlot, kSecondSlot, kEmptySlot).status,
              StatusIs(absl::StatusCode::kUnimplemented))
      << "tgt exchanges nothing";
}

TEST_F(TgtTest, DrivesAreFoundBySerialNumberWhateverTheirOrder) {
  Start();
  const auto changer = OpenChanger();
  MatchedRobot robot({{"drive0", [this](MediaGeneration first) { return OpenDrive(1, first); }},
                      {"drive1", [this](MediaGeneration first) { return OpenDrive(2, first); }}},
                     {{"slot1", kSlot}}, {}, changer.get(), {});
  for (const DrivePlace& drive : robot.drives()) {
    const DriveSnapshot seen = drive.station->Await(
        [](const DriveSnapshot& now) { return now.state != DriveSnapshot::State::kOpening; },
        absl::Seconds(60));
    EXPECT_EQ(seen.state, DriveSnapshot::State::kEmpty) << seen.reason;
  }
  EXPECT_EQ(robot.DriveElement("drive0"), kSecondDrive);
  EXPECT_EQ(robot.DriveElement("drive1"), kFirstDrive);
}

TEST_F(TgtTest, ASingleSessionOnDvdPlusRIsWrittenAndReadBack) {
  Start();
  // A blank DVD+R is a file of tgtimg's making.
  const std::string file = jukebox_.MediumOf("DISC001");
  std::filesystem::remove(file);
  ASSERT_EQ(
      std::system(absl::StrCat("/usr/sbin/tgtimg --op new --device-type cd --type dvd+r --file ",
                               file, " >/dev/null")
                      .c_str()),
      0);
  const auto changer = OpenChanger();
  ASSERT_OK(changer->ReadElements());
  ASSERT_OK(changer->Move(kSlot, kFirstDrive).status);
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Drive> drive, OpenDrive(2, MediaGeneration(1)));
  ASSERT_THAT(drive->CheckReady(), IsOkAndHolds(true));
  std::vector<uint8_t> written(64 * kSectorSize);
  for (size_t i = 0; i < written.size(); ++i) written[i] = static_cast<uint8_t>(i * 31 / 7);
  DiscWriter* const writer = drive->writer();
  ASSERT_NE(writer, nullptr);
  ASSERT_TRUE(writer->Write(Lba(0), written).ok());
  EXPECT_TRUE(writer->Synchronize().ok());
  // tgt finalizes at any close, and shows a DVD-ROM from then on.
  (void)writer->CloseTrack(TrackNumber(1));
  ASSERT_OK(drive->Eject());
  ASSERT_OK(drive->Load());
  ASSERT_THAT(drive->CheckReady(), IsOkAndHolds(true));
  std::vector<uint8_t> read(written.size());
  ASSERT_OK(drive->Read(Lba(0), absl::MakeSpan(read)));
  EXPECT_TRUE(read == written);
}

TEST_F(TgtTest, ASecretThatIsRightLetsInAndNoOtherDoes) {
  ASSERT_OK(jukebox_.Start({"--op new --mode account --user archive --password right-secret-1",
                            "--op bind --mode account --tid 1 --user archive"}));
  scsi::IscsiAddress address = target().Address(Jukebox::kChangerLun);
  EXPECT_THAT(scsi::OpenIscsi(address), StatusIs(absl::StatusCode::kPermissionDenied));
  address.chap_user = "archive";
  address.chap_secret_file = target().folder() + "/secret";
  EXPECT_THAT(scsi::OpenIscsi(address), StatusIs(absl::StatusCode::kNotFound)) << "no such file";
  std::ofstream(address.chap_secret_file) << "wrong-secret-1\n";
  EXPECT_THAT(scsi::OpenIscsi(address), StatusIs(absl::StatusCode::kPermissionDenied));
  std::ofstream(address.chap_secret_file) << "right-secret-1\n";
  EXPECT_OK(scsi::OpenIscsi(address));
}

TEST_F(TgtTest, AnUnknownTargetAndADeadPortalAreToldApart) {
  Start();
  scsi::IscsiAddress address = target().Address(Jukebox::kChangerLun);
  address.target = "iqn.2026-11.test.carousel:none";
  const absl::Status unknown = scsi::OpenIscsi(address).status();
  EXPECT_TRUE(absl::IsNotFound(unknown) || absl::IsPermissionDenied(unknown)) << unknown;
  target().Kill();
  EXPECT_THAT(scsi::OpenIscsi(target().Address(Jukebox::kChangerLun)),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(TgtTest, ATargetThatIsKilledIsUnavailableAndAnotherSessionBeginsWithAnAttention) {
  Start();
  ASSERT_OK_AND_ASSIGN(const auto transport, scsi::OpenIscsi(target().Address(1)));
  ASSERT_OK_AND_ASSIGN(const scsi::Result first, TestUnitReady(*transport));
  EXPECT_EQ(first.sense.ToString(), "6/29/00") << "of a new session, passed on";
  target().Kill();
  EXPECT_THAT(TestUnitReady(*transport), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(TestUnitReady(*transport), StatusIs(absl::StatusCode::kUnavailable));
  Start();
  ASSERT_OK_AND_ASSIGN(const scsi::Result again, TestUnitReady(*transport));
  EXPECT_EQ(again.sense.ToString(), "6/29/00");
}

TEST_F(TgtTest, ATargetThatStopsIsWaitedForAsLongAsTheCommandMayTake) {
  Start();
  ASSERT_OK_AND_ASSIGN(const auto transport, scsi::OpenIscsi(target().Address(1)));
  ASSERT_OK(TestUnitReady(*transport));
  target().Suspend();
  EXPECT_THAT(TestUnitReady(*transport, absl::Seconds(1)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  target().Continue();
  EXPECT_OK(TestUnitReady(*transport)) << "in a session of its own";
}

TEST_F(TgtTest, AMoveThatWasUnderWayWhenTheTargetDiedIsNotRepeated) {
  Start();
  const auto changer = OpenChanger();
  ASSERT_OK(changer->ReadElements());
  target().Kill();
  const MoveResult lost = changer->Move(kSlot, kFirstDrive);
  EXPECT_EQ(lost.outcome, MoveOutcome::kStillAtSource) << "it was never sent";
  EXPECT_THAT(lost.status, StatusIs(absl::StatusCode::kUnavailable));
  Start();
  ASSERT_OK(changer->ReadElements());
  EXPECT_EQ(At(*changer, kSlot).barcode, "DISC001");
}

class TgtChangerDevice : public ChangerContractDevice {
 public:
  TgtChangerDevice() {
    EXPECT_OK(jukebox_.Start());
    changer_ = jukebox_.OpenChanger(&clock_);
    EXPECT_OK(changer_->ReadElements());  // takes the attention of the new session
  }
  Changer& changer() override { return *changer_; }
  ElementAddress slot(int number) const override { return Jukebox::Slot(number); }

 private:
  SystemClock clock_;
  Jukebox jukebox_{{"D1", "D2"}};
  std::unique_ptr<SmcChanger> changer_;
};

INSTANTIATE_TEST_SUITE_P(Tgt, ChangerContract,
                         testing::Values(ChangerContractParam{
                             "SmcChangerOverIscsi",
                             [] { return std::make_unique<TgtChangerDevice>(); }}),
                         ChangerContractName);

}  // namespace
}  // namespace carousel
