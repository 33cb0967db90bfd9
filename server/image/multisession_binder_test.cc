// What the rules answer is tested in server/multisession; here, what becomes of it.
#include "server/image/multisession_binder.h"

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
#include "hal/robot/fake_robot.h"
#include "server/disc_format/example_media_facts.h"
#include "server/errors/errors.h"
#include "server/image/file_system_image.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/metrics/observers.h"
#include "server/multisession/multisession.h"

namespace carousel {
namespace {

using imapi::Hresult;
using multisession::Element;
using multisession::Kind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Outcomes : public ValidationObserver {
 public:
  void OnValidation(const absl::Status& outcome) override { codes.push_back(outcome.code()); }
  std::vector<absl::StatusCode> codes;
};

multisession::List SequentialOf(std::string drive) {
  Element element;
  element.kind = Kind::kSequential;
  element.import_recorder = std::move(drive);
  return multisession::List({element});
}

class MultisessionBinderTest : public testing::Test {
 protected:
  using Outcome = absl::StatusOr<MultisessionBinder::Outcome>;

  // The answer, if it has come when Bind returns.
  std::optional<Outcome> Bind(MultisessionBinder::Request request) {
    request.image = image_;
    auto answer = std::make_shared<std::optional<Outcome>>();
    binder_.Bind(std::move(request), [answer](Outcome outcome) {
      EXPECT_FALSE(answer->has_value()) << "once";
      *answer = std::move(outcome);
    });
    return *answer;
  }

  FakeClock clock_;
  FakeRobot robot_{2, 1};
  MultisessionBinder::FactsOr facts_ =
      std::make_shared<const MediaFacts>(AppendableDvdPlusRFacts());
  int asked_ = 0;
  Outcomes outcomes_;
  std::shared_ptr<FileSystemImage> image_ =
      std::make_shared<FileSystemImage>("1", 1, ImageOptions(), absl::Hours(1), &clock_);
  // Runs between the question and the answer of the drive.
  absl::AnyInvocable<void()> meanwhile_;
  MultisessionBinder binder_{
      &robot_,
      [this](DriveStation&, absl::AnyInvocable<void(MultisessionBinder::FactsOr)> done) {
        ++asked_;
        if (meanwhile_) meanwhile_();
        done(facts_);
      },
      [](absl::string_view drive) { return drive == "drive0" ? "A1" : ""; }, &outcomes_};
};

TEST_F(MultisessionBinderTest, BindsTheImageToTheDiscWithTheDrivesValues) {
  const auto outcome = Bind({.list = SequentialOf("drive0")});
  ASSERT_TRUE(outcome.has_value());
  ASSERT_OK(*outcome);
  const std::shared_ptr<const BoundDisc> bound = image_->bound();
  ASSERT_NE(bound, nullptr);
  EXPECT_EQ((*outcome)->bound, bound);
  EXPECT_EQ(bound->decision.drive, "drive0");
  EXPECT_EQ(bound->disc, "A1");
  EXPECT_EQ(bound->facts, *facts_);
  ASSERT_THAT(bound->interfaces, SizeIs(1));
  EXPECT_EQ(bound->interfaces[0].next_writable, 2240);
  EXPECT_EQ(bound->session_start(), 2240);
  EXPECT_EQ((*outcome)->image.etag, image_->view().etag);
  EXPECT_THAT(outcomes_.codes, ElementsAre(absl::StatusCode::kOk));
}

TEST_F(MultisessionBinderTest, ChangesNothingWhenItOnlyValidates) {
  const std::string etag = image_->view().etag;
  const auto outcome = Bind({.list = SequentialOf("drive0"), .validate_only = true});
  ASSERT_OK(*outcome);
  EXPECT_NE((*outcome)->bound, nullptr);
  EXPECT_EQ(image_->bound(), nullptr);
  EXPECT_EQ(image_->view().etag, etag);
  EXPECT_THAT(outcomes_.codes, SizeIs(1));
}

TEST_F(MultisessionBinderTest, ChangesNothingAfterAnError) {
  ASSERT_OK(*Bind({.list = SequentialOf("drive0")}));
  const std::shared_ptr<const BoundDisc> before = image_->bound();
  facts_ = std::make_shared<const MediaFacts>(FinalizedDvdPlusRFacts());
  const auto detail = imapi::GetDetail(Bind({.list = SequentialOf("drive0")})->status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, Hresult::IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED);
  EXPECT_EQ(detail->metadata.at("rule"), "R8");
  EXPECT_EQ(image_->bound(), before);
}

TEST_F(MultisessionBinderTest, AsksNoDriveForAListThatIsWrongByItself) {
  for (const multisession::List& list :
       {multisession::List(), multisession::List(std::vector<Element>()), SequentialOf("drive9")}) {
    EXPECT_FALSE(Bind({.list = list})->ok());
  }
  EXPECT_EQ(asked_, 0);
  EXPECT_THAT(outcomes_.codes, SizeIs(3)) << "all of them reached the rules";
}

TEST_F(MultisessionBinderTest, ChecksTheEtagBeforeTheRulesAndAtTheEnd) {
  EXPECT_EQ(GetReason(Bind({.etag = "other", .list = {}})->status())->reason, "ETAG_MISMATCH");
  EXPECT_THAT(outcomes_.codes, IsEmpty());
  const std::string etag = image_->view().etag;
  meanwhile_ = [this] {
    meanwhile_ = nullptr;
    ASSERT_OK(*Bind({.list = SequentialOf("drive1")}));
  };
  const auto late = Bind({.etag = etag, .list = SequentialOf("drive0")});
  EXPECT_EQ(GetReason(late->status())->reason, "ETAG_MISMATCH");
  EXPECT_EQ(image_->bound()->decision.drive, "drive1") << "who came between has it";
}

TEST_F(MultisessionBinderTest, WaitsForNobodyWhoHasTheDrive) {
  ASSERT_OK_AND_ASSIGN(const DriveLease lease,
                       robot_.FindDrive("drive0")->station->Lease("operations/7"));
  const auto detail = imapi::GetDetail(Bind({.list = SequentialOf("drive0")})->status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, Hresult::E_IMAPI_RECORDER_LOCKED);
  EXPECT_EQ(detail->metadata.at("owner"), "operations/7");
  EXPECT_EQ(detail->metadata.at("rule"), "R6");
  EXPECT_EQ(asked_, 0);
}

TEST_F(MultisessionBinderTest, PassesOnWhatKeepsTheDriveFromAnswering) {
  facts_ = absl::DeadlineExceededError("no answer");
  const auto detail = imapi::GetDetail(Bind({.list = SequentialOf("drive0")})->status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, Hresult::E_IMAPI_RECORDER_COMMAND_TIMEOUT);
  EXPECT_EQ(image_->bound(), nullptr);
}

TEST_F(MultisessionBinderTest, IsRefusedWhileAnOperationRunsOnTheImage) {
  ASSERT_OK(*Bind({.list = SequentialOf("drive0")}));
  ASSERT_OK(image_->BeginImport("", "op", [] {}));
  const auto detail = imapi::GetDetail(Bind({.list = SequentialOf("drive0")})->status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, Hresult::IMAPI_E_PROPERTY_NOT_ACCESSIBLE);
  EXPECT_EQ(detail->metadata.at("operation"), "operations/op");
  EXPECT_OK(image_->EndImport(nullptr));
}

}  // namespace
}  // namespace carousel
