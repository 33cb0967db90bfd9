#include "server/disc_format/media_facts_cache.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/drive/fake_drive.h"
#include "hal/drive/fake_image.h"
#include "hal/drive/fake_media.h"
#include "hal/robot/drive_station.h"

namespace carousel {
namespace {

constexpr Sectors kCapacity(100'000);

// Forwards to a drive that the test keeps.
class BorrowedDrive : public Drive {
 public:
  explicit BorrowedDrive(FakeDrive* drive) : drive_(*drive) {}
  absl::StatusOr<DriveIdentity> Identify() override { return drive_.Identify(); }
  absl::StatusOr<bool> CheckReady() override { return drive_.CheckReady(); }
  absl::StatusOr<MediaState> ReadMediaState() override { return drive_.ReadMediaState(); }
  absl::Status Read(Lba start, absl::Span<uint8_t> out) override { return drive_.Read(start, out); }
  absl::Status Eject() override { return drive_.Eject(); }
  absl::Status Load() override { return drive_.Load(); }
  absl::Status PreventRemoval(bool prevent) override { return drive_.PreventRemoval(prevent); }
  absl::Status PollEvents() override { return drive_.PollEvents(); }
  MediaGeneration generation() const override { return drive_.generation(); }

 private:
  FakeDrive& drive_;
};

class MediaFactsCacheTest : public testing::Test {
 protected:
  MediaFactsCacheTest() {
    drive_.Insert(BlankMedia(mmc::Profile::kCdR, kCapacity), std::make_shared<FakeImage>());
    station_ = std::make_unique<DriveStation>(
        "drive0",
        [this](MediaGeneration) -> absl::StatusOr<std::unique_ptr<Drive>> {
          return std::make_unique<BorrowedDrive>(&drive_);
        },
        DriveStation::Options{.poll_interval = absl::Hours(1)});
    // The station has looked; what is asked of the drive from now on is asked for facts.
    station_->Await(
        [](const DriveSnapshot& snapshot) {
          return snapshot.state == DriveSnapshot::State::kReady;
        },
        absl::Minutes(1));
  }

  int readings_of_state() { return drive_.calls(FakeDrive::Method::kReadMediaState); }

  FakeDrive drive_;
  std::unique_ptr<DriveStation> station_;
  MediaFactsCache cache_;
};

TEST_F(MediaFactsCacheTest, AsksTheDriveOnce) {
  ASSERT_OK_AND_ASSIGN(const std::shared_ptr<const MediaFacts> first, cache_.Read(*station_));
  EXPECT_EQ(first->type, PhysicalMediaType::kCdR);
  const int asked = readings_of_state();
  ASSERT_OK_AND_ASSIGN(const std::shared_ptr<const MediaFacts> second, cache_.Read(*station_));
  EXPECT_EQ(first, second);
  EXPECT_EQ(readings_of_state(), asked);
  EXPECT_EQ(cache_.readings(), 1);
}

TEST_F(MediaFactsCacheTest, AnswersFromTheCallersThreadWhileTheDriveHangs) {
  ASSERT_OK(cache_.Read(*station_));
  drive_.Hang();
  station_->Post([](absl::StatusOr<Drive*> drive) { (void)(*drive)->PollEvents(); });
  drive_.WaitUntilHanging();
  bool called = false;
  cache_.Get(*station_, [&called](MediaFactsCache::FactsOr facts) { called = facts.ok(); });
  EXPECT_TRUE(called);
  drive_.Release();
}

TEST_F(MediaFactsCacheTest, ReadsAnewAfterTheMediumChanged) {
  ASSERT_OK(cache_.Read(*station_));
  drive_.Insert(OverwritableMedia(mmc::Profile::kBdRe, kCapacity), std::make_shared<FakeImage>());
  ASSERT_OK(station_->Run([](Drive& drive) { return drive.CheckReady().status(); }));
  ASSERT_OK_AND_ASSIGN(const std::shared_ptr<const MediaFacts> facts, cache_.Read(*station_));
  EXPECT_EQ(facts->type, PhysicalMediaType::kBdRe);
  EXPECT_EQ(cache_.readings(), 2);
}

TEST_F(MediaFactsCacheTest, KeepsThatTheDriveIsEmpty) {
  drive_.Remove();
  ASSERT_OK(station_->Run([](Drive& drive) { return drive.CheckReady().status(); }));
  ASSERT_OK_AND_ASSIGN(const std::shared_ptr<const MediaFacts> facts, cache_.Read(*station_));
  EXPECT_FALSE(facts->present);
  ASSERT_OK(cache_.Read(*station_));
  EXPECT_EQ(cache_.readings(), 1);
}

TEST_F(MediaFactsCacheTest, LetsAllWhoAskAtOnceWaitForOneReading) {
  drive_.Hang();
  std::atomic<int> answered = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([this, &answered] {
      for (int j = 0; j < 10; ++j) {
        cache_.Get(*station_,
                   [&answered](MediaFactsCache::FactsOr facts) { answered += facts.ok() ? 1 : 0; });
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(cache_.readings(), 1);
  EXPECT_EQ(answered, 0);
  drive_.Release();
  ASSERT_OK(station_->Run([](Drive&) { return absl::OkStatus(); }));
  EXPECT_EQ(answered, 80);
}

TEST_F(MediaFactsCacheTest, DoesNotKeepAFailure) {
  drive_.FailNext(FakeDrive::Method::kReadMediaState, absl::InternalError("nonsense"));
  EXPECT_THAT(cache_.Read(*station_), StatusIs(absl::StatusCode::kInternal));
  EXPECT_OK(cache_.Read(*station_));
}

TEST_F(MediaFactsCacheTest, AnswersWhoWaitsWhenTheStationEnds) {
  drive_.Hang();
  station_->Post([](absl::StatusOr<Drive*> drive) { (void)(*drive)->PollEvents(); });
  drive_.WaitUntilHanging();
  std::vector<absl::StatusCode> answers;
  cache_.Get(*station_, [&answers](MediaFactsCache::FactsOr facts) {
    answers.push_back(facts.status().code());
  });
  std::thread ending([this] { station_.reset(); });
  drive_.Release();
  ending.join();
  // Either the station served it last, or refused it.
  EXPECT_THAT(answers, testing::ElementsAre(
                           testing::AnyOf(absl::StatusCode::kOk, absl::StatusCode::kUnavailable)));
}

}  // namespace
}  // namespace carousel
