#include "server/session_import/prefetcher.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/mutex.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/drive/drive.h"
#include "hal/scsi/sense.h"
#include "server/imapi/error.h"
#include "server/session_import/read_plan.h"

namespace carousel::session_import {

void PrintTo(const SectorRange& range, std::ostream* out) {
  *out << "[" << range.start << ", " << range.end << ")";
}

namespace {

using imapi::Hresult;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

constexpr char kDisc[] = "disc 1";
constexpr MediaGeneration kBound(7);

absl::Status MediumError() {
  return scsi::SenseStatus({.key = scsi::SenseKey::kMediumError, .asc = 0x11, .ascq = 0x05}, 0x28,
                           "drive0");
}

// Holds the drive's thread inside a read until it is opened.
class Gate {
 public:
  void Open() {
    MutexLock lock(&mutex_);
    open_ = true;
    changed_.SignalAll();
  }
  void Pass() {
    MutexLock lock(&mutex_);
    reached_ = true;
    changed_.SignalAll();
    while (!open_) changed_.Wait(&mutex_);
  }
  void AwaitReached() {
    MutexLock lock(&mutex_);
    while (!reached_) changed_.Wait(&mutex_);
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
  bool reached_ ABSL_GUARDED_BY(mutex_) = false;
};

// What is in the drive and what the drive was asked; outlives it. Every sector of the disc holds
// its number.
struct Bay {
  Mutex mutex;
  std::vector<SectorRange> requests ABSL_GUARDED_BY(mutex);
  std::set<int64_t> scratched ABSL_GUARDED_BY(mutex);
  std::string disc ABSL_GUARDED_BY(mutex) = kDisc;
  bool changed ABSL_GUARDED_BY(mutex) = false;
  // Called before each read, without the lock.
  std::function<absl::Status(SectorRange)> before_read;

  void Scratch(int64_t sector) {
    MutexLock lock(&mutex);
    scratched.insert(sector);
  }
  void Insert(std::string other) {
    MutexLock lock(&mutex);
    disc = std::move(other);
    changed = true;
  }
  std::vector<SectorRange> Requests() {
    MutexLock lock(&mutex);
    return requests;
  }
};

class BayDrive : public Drive {
 public:
  explicit BayDrive(Bay* bay) : bay_(*bay) {}

  absl::StatusOr<DriveIdentity> Identify() override { return DriveIdentity{}; }
  absl::StatusOr<bool> CheckReady() override {
    MutexLock lock(&bay_.mutex);
    TakeAttention();
    return !bay_.disc.empty();
  }
  absl::StatusOr<MediaState> ReadMediaState() override {
    return MediaState{.generation = generation_, .present = true};
  }
  absl::Status Read(Lba start, absl::Span<uint8_t> out) override {
    const SectorRange range{start.value(),
                            start.value() + static_cast<int64_t>(out.size()) / kSectorSize};
    if (bay_.before_read) {
      if (absl::Status status = bay_.before_read(range); !status.ok()) return status;
    }
    MutexLock lock(&bay_.mutex);
    TakeAttention();
    bay_.requests.push_back(range);
    const auto bad = bay_.scratched.lower_bound(range.start);
    if (bad != bay_.scratched.end() && *bad < range.end) {
      generation_ = generation_.Next();
      return MediumError();
    }
    for (int64_t i = 0; i < range.size(); ++i) {
      const int64_t sector = range.start + i;
      std::memset(out.data() + i * kSectorSize, 0, kSectorSize);
      std::memcpy(out.data() + i * kSectorSize, &sector, sizeof(sector));
    }
    return absl::OkStatus();
  }
  absl::Status Eject() override { return absl::OkStatus(); }
  absl::Status Load() override { return absl::OkStatus(); }
  absl::Status PreventRemoval(bool) override { return absl::OkStatus(); }
  absl::Status PollEvents() override { return absl::OkStatus(); }
  MediaGeneration generation() const override { return generation_; }
  std::string disc() {
    MutexLock lock(&bay_.mutex);
    return bay_.disc;
  }

 private:
  void TakeAttention() ABSL_EXCLUSIVE_LOCKS_REQUIRED(bay_.mutex) {
    if (std::exchange(bay_.changed, false)) generation_ = generation_.Next();
  }
  Bay& bay_;
  MediaGeneration generation_ = kBound;
};

absl::StatusOr<MediaFacts> FactsOf(Drive& drive) {
  const std::string disc = static_cast<BayDrive&>(drive).disc();
  return MediaFacts{
      .generation = drive.generation(), .present = !disc.empty(), .disc_identifier = disc};
}

class PrefetcherTest : public testing::Test {
 protected:
  // A prefetcher of a disc with `sectors` sectors.
  std::unique_ptr<Prefetcher> Open(int64_t sectors, PrefetcherOptions options = {}) {
    options.end = Lba(sectors);
    if (options.memory_bytes == 0) options.memory_bytes = int64_t{1} << 30;
    const MediaFacts bound = {.generation = kBound, .present = true, .disc_identifier = kDisc};
    return std::make_unique<Prefetcher>(&station_, DiscCheck(bound, FactsOf), options, &clock_);
  }

  // Reads one by one, as a parser does, and returns how many sectors were what they should be.
  static int64_t ReadAll(Prefetcher& disc, SectorRange range, int64_t step = 1) {
    int64_t right = 0;
    std::vector<uint8_t> out(step * kSectorSize);
    for (int64_t sector = range.start; sector < range.end; sector += step) {
      if (!disc.Read(Lba(sector), absl::MakeSpan(out)).ok()) return right;
      for (int64_t i = 0; i < step; ++i) {
        int64_t found = 0;
        std::memcpy(&found, out.data() + i * kSectorSize, sizeof(found));
        right += found == sector + i;
      }
    }
    return right;
  }

  static absl::Status ReadOne(Prefetcher& disc, int64_t sector) {
    std::vector<uint8_t> out(kSectorSize);
    return disc.Read(Lba(sector), absl::MakeSpan(out));
  }

  static Extent Run(int64_t start, int64_t count) { return {Lba(start), count * kSectorSize}; }

  FakeClock clock_;
  Gate gate_;  // outlives the drive's thread
  Bay bay_;
  DriveStation station_{
      "drive0",
      DriveStation::OpenDrive([this](MediaGeneration) -> absl::StatusOr<std::unique_ptr<Drive>> {
        return std::make_unique<BayDrive>(&bay_);
      }),
      {.poll_interval = absl::Hours(24)}};
};

std::string Reason(const absl::Status& status) {
  const auto detail = imapi::GetDetail(status);
  return detail.has_value() ? std::string(imapi::HresultName(detail->hresult)) : status.ToString();
}

std::string Fact(const absl::Status& status, const std::string& key) {
  const auto detail = imapi::GetDetail(status);
  return detail.has_value() && detail->metadata.count(key) ? detail->metadata.at(key) : "";
}

TEST_F(PrefetcherTest, SweepsThePlanOnceInLargeRequests) {
  auto disc = Open(10'000);
  disc->Plan({Run(1000, 640)});
  EXPECT_EQ(ReadAll(*disc, {1000, 1640}), 640);
  const std::vector<SectorRange> requests = bay_.Requests();
  ASSERT_THAT(requests, SizeIs(10));
  for (size_t i = 0; i < requests.size(); ++i) {
    const int64_t start = 1000 + static_cast<int64_t>(i) * 64;
    EXPECT_EQ(requests[i], (SectorRange{start, start + 64}));
  }
  EXPECT_EQ(disc->use().requests, 10);
  EXPECT_EQ(disc->use().sectors, 640);
}

TEST_F(PrefetcherTest, ReadsByItselfWhatIsNotPlanned) {
  auto disc = Open(10'000);
  EXPECT_OK(ReadOne(*disc, 16));
  EXPECT_OK(ReadOne(*disc, 5000));
  EXPECT_OK(ReadOne(*disc, 100));
  EXPECT_THAT(bay_.Requests(),
              ElementsAre(SectorRange{16, 80}, SectorRange{5000, 5001}, SectorRange{100, 101}))
      << "ahead at first, then only what was asked for";
}

TEST_F(PrefetcherTest, ReadsAheadOfAParserThatAscendsWithoutAPlan) {
  auto disc = Open(1'000'000);
  EXPECT_EQ(ReadAll(*disc, {1000, 7400}), 6400);
  EXPECT_THAT(bay_.Requests(), SizeIs(Le(101)));
}

TEST_F(PrefetcherTest, NeverReadsPastTheEnd) {
  auto disc = Open(100);
  disc->Plan({Run(90, 50)});
  EXPECT_EQ(ReadAll(*disc, {80, 100}), 20);
  for (const SectorRange& request : bay_.Requests()) EXPECT_LE(request.end, 100);
  EXPECT_THAT(ReadOne(*disc, 100), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(ReadOne(*disc, -1), StatusIs(absl::StatusCode::kOutOfRange));
  std::vector<uint8_t> two(2 * kSectorSize);
  EXPECT_THAT(disc->Read(Lba(99), absl::MakeSpan(two)), StatusIs(absl::StatusCode::kOutOfRange));
}

TEST_F(PrefetcherTest, HoldsNoMoreThanItsMemoryAndStillSweepsOnce) {
  auto disc = Open(100'000, {.memory_bytes = 4 * kPieceSectors * kSectorSize});
  disc->Plan({Run(0, 64'000)});
  EXPECT_EQ(ReadAll(*disc, {0, 64'000}, /*step=*/10), 64'000);
  EXPECT_EQ(disc->use().requests, 1000);
}

TEST_F(PrefetcherTest, StopsReadingAheadWhenItsMemoryIsFull) {
  auto disc = Open(100'000, {.memory_bytes = 4 * kPieceSectors * kSectorSize});
  disc->Plan({Run(0, 64'000)});
  // Tasks run in order and each piece is a task: after a few turns of the queue nothing is left.
  for (int turn = 0; turn < 100; ++turn) {
    ASSERT_OK(station_.Run([](Drive&) { return absl::OkStatus(); }));
  }
  EXPECT_EQ(disc->use().requests, 4);
}

TEST_F(PrefetcherTest, BringsADroppedPieceAgainWhenTheParserComesBack) {
  auto disc = Open(100'000, {.memory_bytes = 2 * kPieceSectors * kSectorSize});
  disc->Plan({Run(0, 640)});
  // Every second sector in each of two turns.
  int64_t right = 0;
  for (int64_t turn = 0; turn < 2; ++turn) {
    for (int64_t sector = turn; sector < 640; sector += 2) {
      right += ReadAll(*disc, {sector, sector + 1});
    }
  }
  EXPECT_EQ(right, 640);
  EXPECT_LE(disc->use().requests, 20);
}

TEST_F(PrefetcherTest, ReadsALargeRequestThatIsNotPlannedWithLittleMemory) {
  auto disc = Open(10'000, {.memory_bytes = 1});
  EXPECT_EQ(ReadAll(*disc, {500, 1500}, /*step=*/1000), 1000);
}

TEST_F(PrefetcherTest, LetsOthersAskTheDriveBetweenItsRequests) {
  auto disc = Open(1'000'000);
  disc->Plan({Run(0, 640'000)});
  int64_t swept_at_answer = 0;
  ASSERT_OK(station_.Run([&](Drive&) {
    swept_at_answer = disc->use().requests;
    return absl::OkStatus();
  }));
  EXPECT_LT(swept_at_answer, 10'000);
}

TEST_F(PrefetcherTest, FindsTheBadBlockOfARequestByReadingItsSectorsOneByOne) {
  bay_.Scratch(1010);
  auto disc = Open(10'000);
  disc->Plan({Run(1000, 64)});
  EXPECT_EQ(ReadAll(*disc, {1000, 1010}), 10);
  const absl::Status status = ReadOne(*disc, 1010);
  EXPECT_EQ(Reason(status), "IMAPI_E_IMPORT_READ_FAILURE");
  EXPECT_EQ(Fact(status, "block"), "1010");
  EXPECT_EQ(Fact(status, "sense"), "3/11/05");
  EXPECT_EQ(Fact(status, "drive"), "drives/drive0");
  const std::vector<SectorRange> requests = bay_.Requests();
  EXPECT_EQ(std::count_if(requests.begin(), requests.end(),
                          [](const SectorRange& range) { return range.Contains(1010); }),
            2)
      << "once with others and once by itself";
}

TEST_F(PrefetcherTest, DoesNotMindABadBlockThatNobodyNeeds) {
  bay_.Scratch(1010);
  auto disc = Open(10'000);
  disc->Plan({Run(1000, 128)});
  EXPECT_EQ(ReadAll(*disc, {1011, 1128}), 117);
}

TEST_F(PrefetcherTest, GivesUpADiscThatFailsEverywhere) {
  for (int64_t sector = 0; sector < 10'000; sector += 10) bay_.Scratch(sector);
  auto disc = Open(10'000);
  disc->Plan({Run(0, 10'000)});
  EXPECT_EQ(Reason(ReadOne(*disc, 9'999)), "IMAPI_E_IMPORT_READ_FAILURE");
  EXPECT_LE(disc->use().requests, 40);
}

TEST_F(PrefetcherTest, EndsWhenTheDriveHangs) {
  bay_.before_read = [](SectorRange) { return absl::DeadlineExceededError("no answer"); };
  auto disc = Open(10'000);
  EXPECT_EQ(Reason(ReadOne(*disc, 16)), "E_IMAPI_RECORDER_COMMAND_TIMEOUT");
  EXPECT_EQ(Reason(ReadOne(*disc, 17)), "E_IMAPI_RECORDER_COMMAND_TIMEOUT");
  EXPECT_EQ(disc->use().requests, 1) << "a drive that hangs is not asked again";
}

TEST_F(PrefetcherTest, DoesNotWaitForADriveThatHangsForLongerThanItsLimit) {
  bay_.before_read = [&](SectorRange) {
    gate_.Pass();
    return absl::OkStatus();
  };
  auto disc = Open(10'000, {.answer_limit = absl::Seconds(90)});
  absl::Status status;
  std::thread parser([&] { status = ReadOne(*disc, 16); });
  gate_.AwaitReached();
  clock_.Advance(absl::Seconds(91));
  parser.join();
  EXPECT_EQ(Reason(status), "E_IMAPI_RECORDER_COMMAND_TIMEOUT");
  disc.reset();  // while the drive still hangs
  gate_.Open();
}

TEST_F(PrefetcherTest, EndsAtItsDeadline) {
  auto disc = Open(10'000, {.deadline = clock_.Now() + absl::Minutes(1)});
  EXPECT_OK(ReadOne(*disc, 16));
  clock_.Advance(absl::Minutes(1));
  const absl::Status status = ReadOne(*disc, 17);
  EXPECT_EQ(Reason(status), "E_OUTOFMEMORY");
  EXPECT_EQ(Fact(status, "limit"), "time");
}

TEST_F(PrefetcherTest, EndsAtOnceWhenItIsCancelled) {
  bay_.before_read = [&](SectorRange) {
    gate_.Pass();
    return absl::OkStatus();
  };
  auto disc = Open(10'000);
  absl::Status status;
  std::thread parser([&] { status = ReadOne(*disc, 16); });
  gate_.AwaitReached();
  disc->Cancel();
  parser.join();
  EXPECT_EQ(Reason(status), "E_IMAPI_REQUEST_CANCELLED");
  gate_.Open();
}

TEST_F(PrefetcherTest, RefusesSectorsOfAnotherDisc) {
  auto disc = Open(10'000);
  ASSERT_OK(ReadOne(*disc, 16));
  bay_.Insert("disc 2");
  EXPECT_EQ(Reason(ReadOne(*disc, 5000)), "IMAPI_E_DISC_MISMATCH");
  EXPECT_EQ(Reason(ReadOne(*disc, 16)), "IMAPI_E_DISC_MISMATCH") << "for good";
}

TEST_F(PrefetcherTest, GoesOnWhenTheSameDiscWasPutBack) {
  auto disc = Open(10'000);
  ASSERT_OK(ReadOne(*disc, 16));
  bay_.Insert(kDisc);
  EXPECT_OK(ReadOne(*disc, 5000));
  EXPECT_OK(disc->Check());
}

TEST_F(PrefetcherTest, NoticesThatTheDiscIsGone) {
  auto disc = Open(10'000);
  ASSERT_OK(disc->Check());
  bay_.Insert("");
  const absl::Status status = disc->Check();
  EXPECT_EQ(Reason(status), "IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE");
  EXPECT_EQ(Fact(status, "drive"), "drives/drive0");
  EXPECT_THAT(bay_.Requests(), IsEmpty());
}

TEST(PrefetcherOfADriveOutOfService, PassesTheStationsError) {
  FakeClock clock;
  DriveStation station("drive0",
                       [](MediaGeneration) -> absl::StatusOr<std::unique_ptr<Drive>> {
                         return absl::UnavailableError("no such device");
                       },
                       {});
  Prefetcher disc(&station, DiscCheck(MediaFacts{}, FactsOf), {.end = Lba(100), .memory_bytes = 1},
                  &clock);
  EXPECT_THAT(disc.Check(), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace carousel::session_import
