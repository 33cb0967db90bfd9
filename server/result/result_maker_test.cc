#include "server/result/result_maker.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/mmc/profile.h"
#include "server/imapi/error.h"
#include "server/mastering/image_reader.h"
#include "server/mastering/known_contents.h"
#include "server/mastering/manifest.h"
#include "server/mastering/test_disc.h"
#include "server/spool/spool_fixture.h"

namespace carousel {
namespace {

using mastering::DiscManifest;
using mastering::KnownContents;
using mastering::TestDisc;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const absl::Time kTime = absl::FromUnixSeconds(1'700'000'000);

class ResultMakerTest : public SpoolFixture {
 protected:
  void NewImage() {
    image_ = std::make_unique<FileSystemImage>("1", 1, ImageOptions(), absl::Hours(1), &clock_);
  }
  void AddFile(const std::string& path, const std::string& bytes) {
    const UploadSpec spec = SpecOf(bytes, path);
    ASSERT_OK(Upload(spec, bytes));
    ASSERT_OK(image_->AddFile("", path, spec.sha256, spec.size, {.modify_time = kTime}));
  }
  // A disc of this type, whose newest session is `previous`, if it has one.
  void Bind(mmc::Profile profile, int64_t next, int64_t free, int64_t previous = -1) {
    auto facts = std::make_shared<MediaFacts>();
    facts->present = true;
    facts->profile = profile;
    facts->next_writable = Lba(next);
    facts->start_of_previous = previous;
    facts->sequential.first_data_session = previous < 0;
    facts->sequential.start_of_previous.value = previous;
    facts->sequential.next_writable.value = next;
    facts->sequential.free_sectors.value = free;
    facts->disc_identifier = "d15c";
    auto bound = std::make_shared<BoundDisc>();
    bound->facts = std::move(facts);
    ASSERT_OK(image_->Bind("", std::move(bound)));
  }
  // What an import of the session at `start` would take over.
  void Import(Lba start) {
    ASSERT_OK(image_->BeginImport("", "import", nullptr));
    auto session = std::make_shared<ImportedSession>();
    ASSERT_OK_AND_ASSIGN(iso9660::ReadResult read, disc_.Import(start));
    session->tree = std::move(read.tree);
    ASSERT_OK_AND_ASSIGN(const mastering::Manifest manifest,
                         mastering::ParseManifest(TextAt(session->tree, "/MANIFEST")));
    session->manifest =
        DiscManifest{.session = manifest.session,
                     .contents = std::make_shared<KnownContents>(manifest, session->tree)};
    ASSERT_OK(image_->EndImport(std::move(session)));
  }
  std::string TextAt(const FileTree& tree, const std::string& path) {
    const auto id = tree.Find(path);
    EXPECT_OK(id);
    return id.ok() ? disc_.BytesOf(tree.data(*id).extents) : "";
  }

  absl::StatusOr<MadeResult> Make(const ResultSpec& spec = {.creation_time = kTime, .job = "job"}) {
    EXPECT_OK(image_->BeginOperation(ImageState::kMastering, "", "op", nullptr));
    absl::StatusOr<MasteringSource> source = image_->Master();
    EXPECT_OK(source);
    image_->EndOperation();
    return ResultMaker("carousel 1", spool_.get()).Make(*std::move(source), spec, [](ResultStep) {
      return absl::OkStatus();
    });
  }
  imapi::Hresult Refusal() {
    const auto detail = imapi::GetDetail(Make().status());
    return detail.has_value() ? detail->hresult : imapi::Hresult::E_FAIL;
  }
  static std::vector<uint8_t> BytesOf(const ResultImage& result) {
    const auto contents = result.open_contents();
    mastering::ImageReader reader(result.plan.get(), contents.get());
    std::vector<uint8_t> bytes(static_cast<size_t>(result.plan->sectors().bytes()));
    EXPECT_OK(reader.Read(result.plan->start(), absl::MakeSpan(bytes)));
    return bytes;
  }
  void Write(const ResultImage& result) {
    const auto contents = result.open_contents();
    ASSERT_OK(disc_.Write(*result.plan, *contents));
  }

  std::unique_ptr<FileSystemImage> image_ =
      std::make_unique<FileSystemImage>("1", 1, ImageOptions(), absl::Hours(1), &clock_);
  TestDisc disc_;
};

std::vector<std::string> ReasonsOf(const MadeResult& made) {
  std::vector<std::string> reasons;
  for (const ResultWarning& warning : made.warnings) reasons.push_back(warning.reason);
  return reasons;
}

TEST_F(ResultMakerTest, MakesASessionOfItsOwnThatAnyBlankMediumTakes) {
  AddFile("/a", "hello");
  ASSERT_OK_AND_ASSIGN(const MadeResult made, Make());
  const ResultImage& result = *made.result;
  EXPECT_EQ(result.image, "1");
  EXPECT_EQ(result.bound, nullptr);
  EXPECT_EQ(result.plan->start(), Lba(0));
  EXPECT_EQ(result.plan->sectors().value() % 32, 0);
  EXPECT_GE(result.plan->end() - result.plan->volume_end(), Sectors(150));
  EXPECT_THAT(made.warnings, IsEmpty());
  EXPECT_THAT(result.content_files, SizeIs(2));
  Write(result);
  ASSERT_OK_AND_ASSIGN(const iso9660::ReadResult read, disc_.Import(Lba(0)));
  EXPECT_EQ(TextAt(read.tree, "/a"), "hello");
  EXPECT_THAT(TextAt(read.tree, "/MANIFEST"),
              HasSubstr("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  ./a"));
  EXPECT_THAT(TextAt(read.tree, "/MANIFEST"), HasSubstr(result.session_id));
}

TEST_F(ResultMakerTest, AppendsASessionThatRefersToWhatIsOnTheDisc) {
  AddFile("/a", SomeBytes(300'000, 1));
  AddFile("/b", SomeBytes(5000, 2));
  ASSERT_OK_AND_ASSIGN(const MadeResult first, Make());
  Write(*first.result);
  NewImage();
  const int64_t next = first.result->plan->end().value() + 2048;
  Bind(mmc::Profile::kDvdPlusR, next, 100'000, 0);
  Import(Lba(0));
  AddFile("/copy of a", SomeBytes(300'000, 1));
  AddFile("/c", SomeBytes(7000, 3));
  ASSERT_OK_AND_ASSIGN(const MadeResult second, Make());
  EXPECT_EQ(second.referring_files, 1);
  EXPECT_EQ(second.bytes_not_written, 300'000);
  EXPECT_THAT(second.warnings, IsEmpty());
  EXPECT_EQ(second.result->plan->start(), Lba(next));
  EXPECT_LT(second.result->plan->sectors(), Sectors(100));
  Write(*second.result);
  ASSERT_OK_AND_ASSIGN(const iso9660::ReadResult read, disc_.Import(Lba(next)));
  EXPECT_EQ(TextAt(read.tree, "/a"), SomeBytes(300'000, 1));
  EXPECT_EQ(TextAt(read.tree, "/b"), SomeBytes(5000, 2));
  EXPECT_EQ(TextAt(read.tree, "/copy of a"), SomeBytes(300'000, 1));
  EXPECT_EQ(TextAt(read.tree, "/c"), SomeBytes(7000, 3));
  ASSERT_OK_AND_ASSIGN(const mastering::Manifest manifest,
                       mastering::ParseManifest(TextAt(read.tree, "/MANIFEST")));
  EXPECT_THAT(manifest.files, SizeIs(4));
  EXPECT_NE(second.result->session_id, first.result->session_id);
}

TEST_F(ResultMakerTest, WritesEverythingWhereTheClientWantsIt) {
  AddFile("/a", SomeBytes(300'000, 1));
  ASSERT_OK_AND_ASSIGN(const MadeResult first, Make());
  Write(*first.result);
  NewImage();
  Bind(mmc::Profile::kDvdPlusR, 10'000, 100'000, 0);
  Import(Lba(0));
  AddFile("/copy", SomeBytes(300'000, 1));
  ASSERT_OK_AND_ASSIGN(const MadeResult made,
                       Make({.creation_time = kTime, .job = "job", .refer = false}));
  EXPECT_EQ(made.referring_files, 0);
  EXPECT_GT(made.result->plan->sectors(), Sectors(140));
}

TEST_F(ResultMakerTest, MakesTheSameBytesOfTheSameImageTimeAndJob) {
  AddFile("/a", SomeBytes(300'000, 1));
  AddFile("/b", "");
  ASSERT_OK_AND_ASSIGN(const MadeResult first, Make());
  ASSERT_OK_AND_ASSIGN(const MadeResult again, Make());
  ASSERT_OK_AND_ASSIGN(const MadeResult later,
                       Make({.creation_time = kTime + absl::Seconds(1), .job = "job"}));
  EXPECT_EQ(BytesOf(*first.result), BytesOf(*again.result));
  EXPECT_EQ(first.result->session_id, again.result->session_id);
  EXPECT_NE(BytesOf(*first.result), BytesOf(*later.result));
  EXPECT_NE(first.result->session_id, later.result->session_id);
}

TEST_F(ResultMakerTest, LaysTheFirstSessionOfOverwrittenMediaBehindTheSuperblock) {
  Bind(mmc::Profile::kBdRe, 0, 100'000);
  ASSERT_OK_AND_ASSIGN(const MadeResult made, Make());
  EXPECT_EQ(made.result->plan->start(), Lba(32));
  EXPECT_EQ(made.result->plan->sectors().value() % 32, 0);
  EXPECT_NE(made.result->bound, nullptr);
}

TEST_F(ResultMakerTest, DoesWhatThePropertiesSay) {
  AddFile("/a", "hello");
  ASSERT_OK(image_->Update("", [](ImageProperties& properties) {
    properties.volume_name = "ARCHIVE_7";
    properties.joliet = false;
    return absl::OkStatus();
  }));
  ASSERT_OK_AND_ASSIGN(const MadeResult made, Make());
  EXPECT_EQ(made.result->plan->volume_name(), "ARCHIVE_7");
  Write(*made.result);
  ASSERT_OK_AND_ASSIGN(const iso9660::Identification found, disc_.Identify(Lba(0)));
  EXPECT_EQ(found.primary->volume_name, "ARCHIVE_7");
  EXPECT_FALSE(found.joliet.has_value());
}

TEST_F(ResultMakerTest, IsRefusedWhereTheDiscOrTheLimitIsTooSmall) {
  AddFile("/a", SomeBytes(300'000, 1));
  Bind(mmc::Profile::kDvdPlusR, 0, 100);
  EXPECT_EQ(Refusal(), imapi::Hresult::IMAPI_E_IMAGE_SIZE_LIMIT);
  Bind(mmc::Profile::kDvdPlusR, 0, 1000);
  EXPECT_OK(Make());
  ASSERT_OK(image_->Update("", [](ImageProperties& properties) {
    properties.free_media_blocks = 150;
    return absl::OkStatus();
  }));
  EXPECT_EQ(Refusal(), imapi::Hresult::IMAPI_E_IMAGE_SIZE_LIMIT);
}

TEST_F(ResultMakerTest, IsRefusedOnMediaThatTakeNoSession) {
  Bind(mmc::Profile::kDvdRom, 0, 100);
  EXPECT_EQ(Refusal(), imapi::Hresult::E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED);
}

TEST_F(ResultMakerTest, WarnsOfFilesThatTheNextSessionForgets) {
  Bind(mmc::Profile::kDvdPlusR, 5000, 100'000, 0);
  ASSERT_OK_AND_ASSIGN(const MadeResult made, Make());
  EXPECT_THAT(ReasonsOf(made), ElementsAre("NOTHING_IMPORTED"));
}

TEST_F(ResultMakerTest, WarnsOfFilesThatTheManifestDoesNotName) {
  AddFile("/a", "hello");
  ASSERT_OK_AND_ASSIGN(const MadeResult first, Make());
  Write(*first.result);
  NewImage();
  Bind(mmc::Profile::kDvdPlusR, 5000, 100'000, 0);
  ASSERT_OK(image_->BeginImport("", "import", nullptr));
  auto session = std::make_shared<ImportedSession>();
  ASSERT_OK_AND_ASSIGN(iso9660::ReadResult read, disc_.Import(Lba(0)));
  session->tree = std::move(read.tree);
  session->manifest = DiscManifest{.session = "of an earlier session"};
  ASSERT_OK(image_->EndImport(std::move(session)));
  ASSERT_OK_AND_ASSIGN(const MadeResult made, Make());
  EXPECT_THAT(ReasonsOf(made), ElementsAre("DIGESTS_UNKNOWN"));
}

TEST_F(ResultMakerTest, EndsBeforeAStepThatIsForbidden) {
  for (const ResultStep last :
       {ResultStep::kCompleting, ResultStep::kPlanning, ResultStep::kDone}) {
    ASSERT_OK(image_->BeginOperation(ImageState::kMastering, "", "op", nullptr));
    ASSERT_OK_AND_ASSIGN(MasteringSource source, image_->Master());
    image_->EndOperation();
    const auto made =
        ResultMaker("carousel 1", spool_.get())
            .Make(std::move(source), {.creation_time = kTime}, [last](ResultStep step) {
              return step == last ? absl::CancelledError() : absl::OkStatus();
            });
    EXPECT_THAT(made.status(), StatusIs(absl::StatusCode::kCancelled));
  }
}

}  // namespace
}  // namespace carousel
