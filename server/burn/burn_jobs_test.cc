#include "server/burn/burn_jobs.h"

#include <any>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/mutex.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/drive/fake_media.h"
#include "hal/robot/fake_robot.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"
#include "server/disc_format/media_facts_reader.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/journal/test_file.h"
#include "server/mastering/memory_contents.h"
#include "server/mastering/result_image.h"

namespace carousel {
namespace {

using imapi::Hresult;
using mmc::Profile;
using testing::IsEmpty;
using testing::SizeIs;
using Method = FakeDriveMethod;

constexpr Sectors kCapacity{100'000};

class CountingBurns : public BurnObserver {
 public:
  void OnBurnEnd(const BurnEnd& end) override {
    MutexLock lock(&mutex_);
    lines_.push_back(absl::StrCat(end.drive, " ", end.media, " ", end.disc_state, " ",
                                  absl::StatusCodeToString(end.outcome.code()),
                                  end.wrong_address ? " wrong address" : ""));
  }
  std::vector<std::string> lines() {
    MutexLock lock(&mutex_);
    return lines_;
  }

 private:
  Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
};

// The service's parts around a robot with two drives; Restart ends and begins what a process has.
class BurnJobsTest : public testing::Test {
 protected:
  BurnJobsTest() : path_(FreshPath("journal")) {
    Restart();
    Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  }
  ~BurnJobsTest() override { runner_->Drain(absl::InfiniteDuration()); }

  void Restart() {
    if (runner_ != nullptr) runner_->Drain(absl::InfiniteDuration());
    journal_.reset();
    absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(path_, &clock_);
    ASSERT_OK(journal);
    journal_ = *std::move(journal);
    operations_ = std::make_unique<OperationStore>(&clock_, OperationStore::Options());
    runner_ = std::make_unique<OperationRunner>(operations_.get());
    journaled_ = std::make_unique<JournaledOperations>(
        journal_.get(), operations_.get(),
        JournaledOperations::Codecs{{OperationKind::kWriteImage, WriteImageCodec()}});
    ASSERT_OK(journaled_->Restore(100));
    images_ = std::make_unique<ImageStore>(&clock_, ImageStore::Options());
    jobs_ = std::make_unique<BurnJobs>(
        BurnJobs::Parts{.robot = &robot_,
                        .images = images_.get(),
                        .journal = journal_.get(),
                        .journaled = journaled_.get(),
                        .operations = operations_.get(),
                        .runner = runner_.get(),
                        .clock = &clock_,
                        .observer = &burns_,
                        .disc_in_drive = [](absl::string_view) { return std::string("A1"); },
                        .read_facts = &ReadMediaFacts});
  }

  FakeDrive& drive() { return robot_.drive(0); }
  DriveStation& station() { return *robot_.FindDrive("drive0")->station; }

  void Insert(MediaState state) {
    drive().Insert(std::move(state), nullptr);
    ASSERT_OK(station().Run([](Drive& drive) { return drive.CheckReady().status(); }));
  }

  // An image whose result continues the disc in drive0, or begins one.
  std::string Image(bool continues = false) {
    absl::StatusOr<ImagePtr> image = images_->Create({});
    EXPECT_OK(image);
    EXPECT_OK((*image)->BeginOperation(ImageState::kMastering, "", "op", [] {}));
    (*image)->SetResult(Result(continues));
    (*image)->EndOperation();
    return (*image)->id();
  }

  std::shared_ptr<const ResultImage> Result(bool continues) {
    auto result = std::make_shared<ResultImage>();
    MediaFacts facts;
    EXPECT_OK(station().Run([&](Drive& drive) {
      absl::StatusOr<MediaFacts> read = ReadMediaFacts(drive);
      if (read.ok()) facts = *std::move(read);
      return read.status();
    }));
    if (continues) {
      auto bound = std::make_shared<BoundDisc>();
      bound->decision.drive = "drive0";
      bound->facts = std::make_shared<MediaFacts>(facts);
      result->bound = bound;
    }
    const std::string text(1 << 20, 'x');
    auto contents = std::make_shared<mastering::MemoryContents>();
    FileTree& tree = result->input.tree;
    const absl::StatusOr<FileTree::Id> file = tree.Add(
        FileTree::kRoot, "file.bin", EntryData{.bytes = static_cast<int64_t>(text.size())});
    EXPECT_OK(file);
    const std::vector<mastering::NewFile> files = {{*file, contents->Add(text)}};
    tree.Finish();
    absl::StatusOr<std::unique_ptr<const mastering::Plan>> plan = mastering::Plan::Make(
        tree, files,
        {.session_start = continues ? facts.next_writable.value_or(Lba(0)) : Lba(0),
         .tail = Sectors(150),
         .write_unit = Sectors(32)});
    EXPECT_OK(plan);
    result->plan = *std::move(plan);
    result->session_id = "6f1c";
    result->open_contents = [contents] {
      return std::make_unique<mastering::MemoryContents>(*contents);
    };
    return result;
  }

  absl::StatusOr<std::string> Start(const std::string& image, WriteOptions options = {},
                                    RequestId request = {}) {
    return jobs_->Start(
        {.image = image, .drive = "drive0", .options = options, .request = std::move(request)});
  }

  OperationView End(const absl::StatusOr<std::string>& id) {
    EXPECT_OK(id);
    if (!id.ok()) return {};
    Mutex mutex;
    CondVar cond;
    bool ended = false;
    EXPECT_OK(operations_->OnDone(*id, [&] {
      MutexLock lock(&mutex);
      ended = true;
      cond.SignalAll();
    }));
    {
      MutexLock lock(&mutex);
      while (!ended) cond.Wait(&mutex);
    }
    absl::StatusOr<OperationView> view = operations_->Get(*id);
    EXPECT_OK(view);
    return *std::move(view);
  }

  static Hresult CodeOf(const absl::Status& status) {
    return imapi::GetDetail(status).value_or(imapi::ErrorDetail()).hresult;
  }
  static std::string Metadata(const absl::Status& status, const std::string& key) {
    return imapi::GetDetail(status).value_or(imapi::ErrorDetail()).metadata[key];
  }
  static std::string DiscState(const absl::Status& status) {
    return Metadata(status, "disc_state");
  }
  static std::string ReasonOf(const absl::Status& status) {
    return GetReason(status).value_or(ReasonDetail()).reason;
  }
  static absl::Status WriteError() {
    return scsi::SenseStatus({.key = scsi::SenseKey::kMediumError, .asc = 0x0C, .ascq = 0},
                             scsi::opcode::kWrite10, "told to fail");
  }

  const std::string path_;
  FakeClock clock_;
  FakeRobot robot_{2, 1};
  CountingBurns burns_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<OperationStore> operations_;
  std::unique_ptr<OperationRunner> runner_;
  std::unique_ptr<JournaledOperations> journaled_;
  std::unique_ptr<ImageStore> images_;
  std::unique_ptr<BurnJobs> jobs_;
};

TEST_F(BurnJobsTest, WritesASessionAndSaysWhatItIs) {
  const std::string image = Image();
  const OperationView ended = End(Start(image));
  ASSERT_OK(ended.status);
  EXPECT_EQ(ended.subject.kind, OperationKind::kWriteImage);
  EXPECT_EQ(ended.subject.image, image);
  EXPECT_EQ(ended.subject.disc, "A1");
  const auto report = std::any_cast<WriteReport>(ended.response);
  EXPECT_EQ(report.condition, DiscCondition::kWritten) << "nobody has read it";
  EXPECT_EQ(report.verified, std::nullopt);
  EXPECT_EQ(report.session_number, 1);
  EXPECT_EQ(report.start, Lba(0));
  EXPECT_GT(report.sectors, Sectors(512));
  EXPECT_TRUE(report.sha256.has_value());
  const auto progress = std::any_cast<WriteProgress>(ended.progress);
  EXPECT_EQ(progress.burn.action, BurnAction::kCompleted);
  EXPECT_EQ(progress.burn.bytes, report.sectors.bytes());
  EXPECT_THAT(burns_.lines(), testing::ElementsAre("drive0 DVD+R written OK"));
  EXPECT_EQ((*images_->Find(image))->view().state, ImageState::kActive);
}

TEST_F(BurnJobsTest, CallsADiscGoodOnlyAfterAFullVerification) {
  OperationView ended = End(Start(Image(), {.verify = VerifyLevel::kQuick}));
  ASSERT_OK(ended.status);
  EXPECT_EQ(std::any_cast<WriteReport>(ended.response).condition, DiscCondition::kWritten);
  EXPECT_EQ(std::any_cast<WriteReport>(ended.response).verified, VerifyLevel::kQuick);
  ended = End(Start(Image(true), {.verify = VerifyLevel::kFull}));
  ASSERT_OK(ended.status);
  EXPECT_EQ(std::any_cast<WriteReport>(ended.response).condition, DiscCondition::kGood);
  EXPECT_EQ(std::any_cast<WriteReport>(ended.response).session_number, 2);
}

TEST_F(BurnJobsTest, AnImageThatWasBurntIsNotBurntOntoThatDiscAgain) {
  const std::string first = Image();
  ASSERT_OK(End(Start(first)).status);
  EXPECT_EQ(CodeOf(End(Start(first)).status), Hresult::E_IMAPI_DF2DATA_MEDIA_NOT_BLANK);
  const std::string second = Image(true);
  ASSERT_OK(End(Start(second)).status);
  const OperationView again = End(Start(second));
  EXPECT_EQ(CodeOf(again.status), Hresult::IMAPI_E_DISC_MISMATCH);
  EXPECT_EQ(DiscState(again.status), "untouched");
}

TEST_F(BurnJobsTest, RefusesWhatItCannotBegin) {
  EXPECT_THAT(Start("none"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(jobs_->Start({.image = Image(), .drive = "drive9"}),
              StatusIs(absl::StatusCode::kNotFound));
  const absl::StatusOr<ImagePtr> empty = images_->Create({});
  EXPECT_EQ(CodeOf(Start((*empty)->id()).status()), Hresult::IMAPI_E_IMAGEMANAGER_NO_IMAGE);
  EXPECT_EQ(CodeOf(jobs_->Start({.image = Image(true), .drive = "drive1"}).status()),
            Hresult::IMAPI_E_DISC_MISMATCH);
  EXPECT_THAT(jobs_->Start({.image = Image(), .etag = "\"old\"", .drive = "drive0"}),
              StatusIs(absl::StatusCode::kAborted));
  const absl::StatusOr<DriveLease> lease = station().Lease("operations/other");
  const absl::Status locked = Start(Image()).status();
  EXPECT_EQ(CodeOf(locked), Hresult::E_IMAPI_RECORDER_LOCKED);
  EXPECT_EQ(imapi::GetDetail(locked)->metadata["owner"], "operations/other");
  EXPECT_THAT(journal_->ListOperations(10), IsOkAndHolds(IsEmpty()));
}

TEST_F(BurnJobsTest, ARepeatedRequestStartsNoSecondBurnAlsoAfterARestart) {
  const RequestId request = {.id = "r1", .fingerprint = 7};
  const std::string image = Image();
  const absl::StatusOr<std::string> first = Start(image, {}, request);
  const OperationView ended = End(first);
  ASSERT_OK(ended.status);
  const size_t writes = drive().writes().size();
  EXPECT_EQ(Start(image, {}, request), first);
  Restart();
  EXPECT_EQ(Start("the image is gone", {}, request), first);
  EXPECT_THAT(Start(image, {}, {.id = "r1", .fingerprint = 8}),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(drive().writes().size(), writes);
  const OperationView kept = End(first);
  ASSERT_OK(kept.status);
  const auto before = std::any_cast<WriteReport>(ended.response);
  const auto after = std::any_cast<WriteReport>(kept.response);
  EXPECT_EQ(after.condition, before.condition);
  EXPECT_EQ(after.session_number, before.session_number);
  EXPECT_EQ(after.sectors, before.sectors);
  EXPECT_EQ(after.session_id, "6f1c");
  EXPECT_EQ(after.sha256, before.sha256);
}

TEST_F(BurnJobsTest, HoldsADiscThatIsWrittenInPartUntilSomebodyHasLooked) {
  drive().OnCall(Method::kWrite, [&](int call) {
    if (call == 2) drive().FailNext(Method::kWrite, WriteError());
  });
  const OperationView failed = End(Start(Image()));
  EXPECT_THAT(failed.status, testing::Not(StatusIs(absl::StatusCode::kUnavailable)));
  EXPECT_EQ(DiscState(failed.status), "unknown");
  EXPECT_EQ(Metadata(failed.status, "advice"), "inspect");
  EXPECT_EQ(Metadata(failed.status, "next_session"), "after_verify");
  EXPECT_EQ(std::any_cast<WriteProgress>(failed.progress).condition, DiscCondition::kUnknown);
  Restart();
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  const std::string image = Image();
  EXPECT_EQ(ReasonOf(Start(image).status()), "DISC_HELD");
  ASSERT_OK_AND_ASSIGN(const std::vector<ActionRecord> held, journal_->HeldActions());
  ASSERT_THAT(held, SizeIs(1));
  ASSERT_OK(journal_->Acknowledge(held[0].id, {.who = "operator"}));
  EXPECT_OK(End(Start(image)).status);
}

TEST_F(BurnJobsTest, RaisesTheAlarmWhereAnotherHasWritten) {
  drive().OnCall(Method::kWrite, [&](int call) {
    if (call == 1) {
      drive().FailNext(
          Method::kWrite,
          scsi::SenseStatus({.key = scsi::SenseKey::kIllegalRequest, .asc = 0x21, .ascq = 0x02},
                            scsi::opcode::kWrite10, "invalid address for write"));
    }
  });
  const OperationView failed = End(Start(Image()));
  EXPECT_FALSE(failed.status.ok());
  EXPECT_EQ(DiscState(failed.status), "untouched");
  EXPECT_EQ(Metadata(failed.status, "advice"), "find_initiator");
  ASSERT_THAT(burns_.lines(), SizeIs(1));
  EXPECT_THAT(burns_.lines()[0], testing::EndsWith(" wrong address"));
}

TEST_F(BurnJobsTest, IsCancelledOnlyWhereNothingWasWritten) {
  std::string id;
  drive().OnCall(Method::kSetWriteSpeed, [&](int) { EXPECT_OK(operations_->Cancel(id)); });
  const std::string image = Image();
  {
    // The drive waits until the operation's id is known.
    drive().Hang();
    const absl::StatusOr<std::string> started = Start(image);
    ASSERT_OK(started);
    id = *started;
    drive().Release();
  }
  const OperationView early = End(id);
  EXPECT_THAT(early.status, StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(DiscState(early.status), "untouched");
  EXPECT_THAT(journal_->HeldActions(), IsOkAndHolds(IsEmpty()));

  drive().OnCall(Method::kSetWriteSpeed, nullptr);
  drive().OnCall(Method::kWrite, [&](int) { EXPECT_OK(operations_->Cancel(id)); });
  {
    drive().Hang();
    const absl::StatusOr<std::string> started = Start(image);
    ASSERT_OK(started);
    id = *started;
    drive().Release();
  }
  const OperationView late = End(id);
  EXPECT_THAT(late.status, StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(CodeOf(late.status), Hresult::E_IMAPI_REQUEST_CANCELLED);
  EXPECT_EQ(DiscState(late.status), "partly_written");
  EXPECT_THAT(journal_->HeldActions(), IsOkAndHolds(SizeIs(1)));
}

TEST_F(BurnJobsTest, ASimulationLeavesNeitherDiscNorJournalChanged) {
  Insert(BlankMedia(Profile::kDvdR, kCapacity));
  const std::string image = Image();
  const OperationView simulated = End(Start(image, {.simulate = true}));
  ASSERT_OK(simulated.status);
  const auto report = std::any_cast<WriteReport>(simulated.response);
  EXPECT_TRUE(report.simulated);
  EXPECT_EQ(report.condition, DiscCondition::kUntouched);
  EXPECT_EQ(report.session_number, 0);
  EXPECT_THAT(journal_->ActionsOfOperation(simulated.id), IsOkAndHolds(IsEmpty()));
  EXPECT_OK(End(Start(image)).status);
}

TEST_F(BurnJobsTest, ClosesADiscForEverWhereItIsAskedTo) {
  ASSERT_OK(End(Start(Image(), {.close = true})).status);
  MediaFacts facts;
  ASSERT_OK(station().Run([&](Drive& drive) {
    absl::StatusOr<MediaFacts> read = ReadMediaFacts(drive);
    if (read.ok()) facts = *std::move(read);
    return read.status();
  }));
  EXPECT_TRUE(facts.finalized());
}

TEST_F(BurnJobsTest, DoesNothingToADiscThatTheJournalCannotTellOf) {
  ASSERT_OK(journal_->RecordOperation({.id = "other", .kind = "write_image"}));
  ASSERT_OK(
      journal_->RecordIntent({.operation = "other", .drive = "drive0", .disc = {.barcode = "A1"}}));
  EXPECT_EQ(ReasonOf(Start(Image()).status()), "DISC_HELD");
  EXPECT_THAT(drive().writes(), IsEmpty());
  EXPECT_EQ(station().snapshot().owner, "") << "the drive is free again";
}

}  // namespace
}  // namespace carousel
