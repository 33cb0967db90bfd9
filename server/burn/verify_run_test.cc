// On a fake drive: what is asked of it, and in which order. With bytes on discs of the virtual
// robot: virtual_verify_test.cc.
#include "server/burn/verify_run.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/drive/fake_drive.h"
#include "hal/drive/fake_image.h"
#include "hal/drive/fake_media.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"
#include "server/burn/verify_samples.h"
#include "server/disc_format/media_facts_reader.h"
#include "server/fs/memory_block_reader.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

using imapi::Hresult;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
using Method = FakeDriveMethod;

constexpr Sectors kSession{3'000};

absl::Status Sense(scsi::SenseKey key, uint8_t asc, uint8_t ascq) {
  return scsi::SenseStatus({.key = key, .asc = asc, .ascq = ascq}, scsi::opcode::kRead10,
                           "told to fail");
}

class VerifyRunTest : public testing::Test {
 protected:
  // A DVD+R of one session whose sectors are zeros.
  VerifyRunTest() {
    const FakeSession session{Lba(0), kSession};
    drive_.Insert(
        AppendableMedia(mmc::Profile::kDvdPlusR, {&session, 1}, Lba(5'056), Sectors(100'000)),
        std::make_shared<FakeImage>());
    EXPECT_OK(drive_.CheckReady());
    const absl::StatusOr<MediaFacts> facts = ReadMediaFacts(drive_);
    EXPECT_OK(facts);
    request_ = {.disc_identifier = facts->disc_identifier, .volume_end = Lba(0) + kSession};
    reads_before_ = drive_.reads().size();
  }

  VerifyReport Verify() {
    return VerifyRun(
               request_,
               [this](Drive& drive) {
                 absl::StatusOr<MediaFacts> facts = ReadMediaFacts(drive);
                 if (after_facts_) after_facts_();
                 reads_before_ = drive_.reads().size();
                 return facts;
               },
               &control_, &clock_)
        .Run(drive_);
  }
  std::vector<FakeDriveRequest> Reads() {
    std::vector<FakeDriveRequest> reads = drive_.reads();
    reads.erase(reads.begin(), reads.begin() + reads_before_);
    return reads;
  }
  static Hresult CodeOf(const absl::Status& status) {
    const auto detail = imapi::GetDetail(status);
    return detail.has_value() ? detail->hresult : Hresult::E_FAIL;
  }
  static std::string Metadata(const absl::Status& status, const std::string& key) {
    const auto detail = imapi::GetDetail(status);
    return detail.has_value() && detail->metadata.contains(key) ? detail->metadata.at(key) : "";
  }

  FakeDrive drive_;
  FakeClock clock_;
  VerifyControl control_;
  VerifyRequest request_;
  std::function<void()> after_facts_;
  size_t reads_before_ = 0;
};

TEST_F(VerifyRunTest, AFullOneReloadsTheDiscAndReadsEverySectorOnce) {
  request_.sha256 = Sha256(std::vector<uint8_t>(kSession.bytes()));
  const MediaGeneration before = drive_.generation();
  const VerifyReport report = Verify();
  ASSERT_OK(report.status);
  EXPECT_EQ(drive_.calls(Method::kEject), 1);
  EXPECT_EQ(drive_.calls(Method::kLoad), 1);
  Lba next(0);
  for (const FakeDriveRequest& read : Reads()) {
    EXPECT_EQ(read.start, next);
    next += read.count;
  }
  EXPECT_EQ(next, Lba(0) + kSession);
  EXPECT_EQ(report.compared, kSession);
  EXPECT_EQ(report.sha256, request_.sha256);
  EXPECT_EQ(report.repeats, 0);
  ASSERT_TRUE(report.facts.has_value());
  EXPECT_GT(report.facts->generation, before);
  EXPECT_EQ(report.facts->generation, drive_.generation());
  EXPECT_EQ(control_.progress().action, VerifyAction::kCompleted);
  EXPECT_EQ(control_.progress().done, kSession);
  EXPECT_EQ(control_.progress().total, kSession);
}

TEST_F(VerifyRunTest, AQuickOneReadsSamplesAndLeavesTheDiscWhereItIs) {
  request_.level = VerifyLevel::kQuick;
  const VerifyReport report = Verify();
  ASSERT_OK(report.status);
  EXPECT_EQ(drive_.calls(Method::kEject), 0);
  EXPECT_THAT(Reads(), ElementsAre(FakeDriveRequest{Lba(0), Sectors(32)},
                                   FakeDriveRequest{Lba(2'968), Sectors(32)}));
  EXPECT_EQ(report.compared, Sectors(64));
  EXPECT_FALSE(report.sha256.has_value());
}

TEST_F(VerifyRunTest, ABlockThatIsReadAtTheSecondTryIsGoodAndIsCounted) {
  request_.sha256 = Sha256(std::vector<uint8_t>(kSession.bytes()));
  after_facts_ = [this] {
    drive_.FailNext(Method::kRead, Sense(scsi::SenseKey::kMediumError, 0x11, 0x05), 2);
  };
  const VerifyReport report = Verify();
  ASSERT_OK(report.status);
  EXPECT_GT(report.repeats, 0);
  EXPECT_FALSE(report.unreadable.has_value());
}

TEST_F(VerifyRunTest, ABlockThatCannotBeReadIsNamed) {
  after_facts_ = [this] { drive_.DamageSectors(Lba(1'234), Sectors(5)); };
  const VerifyReport report = Verify();
  EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_BURN_VERIFICATION_FAILED);
  EXPECT_EQ(Metadata(report.status, "cause"), "unreadable");
  EXPECT_EQ(Metadata(report.status, "block"), "1234");
  EXPECT_EQ(Metadata(report.status, "sense"), "3/11/05");
  EXPECT_EQ(report.unreadable, Lba(1'234));
  EXPECT_FALSE(report.sha256.has_value());
  const std::vector<FakeDriveRequest> reads = Reads();
  EXPECT_EQ(std::count(reads.begin(), reads.end(), FakeDriveRequest{Lba(1'234), Sectors(1)}), 1);
}

TEST_F(VerifyRunTest, ADriveThatDoesNotAnswerIsNoBadDisc) {
  after_facts_ = [this] { drive_.FailNext(Method::kRead, absl::DeadlineExceededError("hangs")); };
  const VerifyReport report = Verify();
  EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_RECORDER_COMMAND_TIMEOUT);
  EXPECT_FALSE(report.unreadable.has_value());
}

TEST_F(VerifyRunTest, ADigestThatDiffersFailsAndTheFirstSectorThatDoesIsFoundInTheSource) {
  std::vector<uint8_t> source(kSession.bytes());
  source[Sectors(2'001).bytes() + 17] = 1;
  MemoryBlockReader reader(source);
  request_.sha256 = Sha256(source);
  request_.source = &reader;
  const VerifyReport report = Verify();
  EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_BURN_VERIFICATION_FAILED);
  EXPECT_EQ(Metadata(report.status, "cause"), "different");
  EXPECT_EQ(Metadata(report.status, "block"), "2001");
  EXPECT_EQ(report.difference, Lba(2'001));
  EXPECT_TRUE(report.sha256.has_value());
}

TEST_F(VerifyRunTest, WithoutADigestASourceIsComparedAsItIsRead) {
  std::vector<uint8_t> source(kSession.bytes());
  source[Sectors(700).bytes()] = 1;
  MemoryBlockReader reader(source);
  request_.source = &reader;
  const VerifyReport report = Verify();
  EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_BURN_VERIFICATION_FAILED);
  EXPECT_EQ(report.difference, Lba(700));
  EXPECT_EQ(Reads().size(), 2u) << "it stops there";
}

TEST_F(VerifyRunTest, ASuperblockThatDiffersFails) {
  request_.level = VerifyLevel::kQuick;
  request_.superblock.assign(Sectors(32).bytes(), 0);
  ASSERT_OK(Verify().status);
  request_.superblock[Sectors(16).bytes()] = 1;
  EXPECT_EQ(Verify().difference, Lba(16));
}

TEST_F(VerifyRunTest, AnotherDiscAfterTheReloadIsAMismatchAndNothingIsRead) {
  request_.disc_identifier = "0123456789abcdef0123456789abcdef";
  const VerifyReport report = Verify();
  EXPECT_EQ(CodeOf(report.status), Hresult::IMAPI_E_DISC_MISMATCH);
  EXPECT_EQ(Metadata(report.status, "property"), "identifier");
  EXPECT_THAT(Reads(), IsEmpty());
  EXPECT_TRUE(report.facts.has_value()) << "what is there instead";
}

TEST_F(VerifyRunTest, ADiscWhoseDescriptorCannotBeReadIsNotCalledAnotherOne) {
  drive_.DamageSectors(Lba(16), Sectors(1));
  const VerifyReport report = Verify();
  EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_BURN_VERIFICATION_FAILED);
  EXPECT_EQ(Metadata(report.status, "cause"), "unreadable");
}

TEST_F(VerifyRunTest, ADiscThatIsGoneAfterTheReloadIsAMismatch) {
  after_facts_ = nullptr;
  drive_.Remove();
  const VerifyReport report = Verify();
  EXPECT_FALSE(report.status.ok());
  request_.level = VerifyLevel::kQuick;
  EXPECT_EQ(Metadata(Verify().status, "property"), "medium");
}

TEST_F(VerifyRunTest, ADiscThatTakesItsTimeIsWaitedForWithinTheBudget) {
  drive_.FailNext(Method::kCheckReady, absl::UnavailableError("becoming ready"), 200);
  EXPECT_OK(Verify().status);
  drive_.FailNext(Method::kCheckReady, absl::UnavailableError("becoming ready"), 1'000'000);
  const absl::Time start = clock_.Now();
  const VerifyReport report = Verify();
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_LE(clock_.Now() - start, absl::Minutes(5));
}

TEST_F(VerifyRunTest, ADriveThatDoesNotLetTheDiscGoFailsIt) {
  ASSERT_OK(drive_.PreventRemoval(true));
  const VerifyReport report = Verify();
  EXPECT_FALSE(report.status.ok());
  EXPECT_FALSE(report.facts.has_value());
}

TEST_F(VerifyRunTest, ASessionBeyondWhatTheDriveShowsIsNotSane) {
  request_.volume_end = Lba(1) + kSession;
  const VerifyReport report = Verify();
  EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_BURN_VERIFICATION_FAILED);
  EXPECT_EQ(Metadata(report.status, "cause"), "session");
  EXPECT_THAT(Reads(), IsEmpty());
}

TEST_F(VerifyRunTest, ASessionWithoutATrackIsNotSane) {
  request_.start = Lba(32);
  EXPECT_EQ(Metadata(Verify().status, "cause"), "session");
}

TEST_F(VerifyRunTest, ACancelledOneStopsBeforeItsNextRead) {
  after_facts_ = [this] { control_.Cancel(); };
  const VerifyReport report = Verify();
  EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_REQUEST_CANCELLED);
  EXPECT_THAT(Reads(), IsEmpty());
}

TEST_F(VerifyRunTest, TheProgressHasTheSpeed) {
  FakeDrive slow(&clock_);
  const FakeSession session{Lba(0), kSession};
  slow.Insert(AppendableMedia(mmc::Profile::kDvdPlusR, {&session, 1}, Lba(5'056), Sectors(100'000)),
              std::make_shared<FakeImage>());
  ASSERT_OK(slow.CheckReady());
  slow.set_latency({.sector = absl::Milliseconds(1)});
  ASSERT_OK(VerifyRun(request_, ReadMediaFacts, &control_, &clock_).Run(slow).status);
  EXPECT_THAT(control_.progress().speed, Optional(1'000));
}

TEST(VerifySamplesTest, TheyAreTheHeadThePathTableOneInEach64MiBAndTheLastUnit) {
  iso9660::Volume volume;
  volume.path_table = Lba(1'020);
  volume.path_table_bytes = 3'000;
  EXPECT_EQ(SampledHead(Lba(1'000), Lba(80'000)), (SampledSectors{Lba(1'000), Sectors(32)}));
  EXPECT_THAT(
      SampledRest(Lba(1'000), Lba(80'000), std::nullopt),
      ElementsAre(SampledSectors{Lba(33'768), Sectors(1)}, SampledSectors{Lba(66'536), Sectors(1)},
                  SampledSectors{Lba(79'968), Sectors(32)}));
  volume.path_table = Lba(1'031);
  EXPECT_THAT(
      SampledRest(Lba(1'000), Lba(1'200), volume),
      ElementsAre(SampledSectors{Lba(1'032), Sectors(1)}, SampledSectors{Lba(1'168), Sectors(32)}));
}

TEST(VerifySamplesTest, WhatADiscSaysOfItsPathTableIsDoubted) {
  iso9660::Volume volume;
  volume.path_table = Lba(-5);
  volume.path_table_bytes = int64_t{1} << 40;
  EXPECT_THAT(SampledRest(Lba(0), Lba(64), volume),
              ElementsAre(SampledSectors{Lba(32), Sectors(32)}));
  volume.path_table = Lba(1'000'000);
  EXPECT_THAT(SampledRest(Lba(0), Lba(40), volume),
              ElementsAre(SampledSectors{Lba(32), Sectors(8)}));
  EXPECT_THAT(SampledRest(Lba(0), Lba(5), volume), IsEmpty());
}

}  // namespace
}  // namespace carousel
