#include "server/spool/spool.h"

#include <sys/resource.h>

#include <csignal>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"
#include "server/spool/spool_fixture.h"
#include "server/spool/upload_spec.h"

namespace carousel {
namespace {

using absl::StatusCode;

class SpoolTest : public SpoolFixture {};

TEST_F(SpoolTest, AnUploadInPiecesBecomesAContentThatIsReadAnywhere) {
  const std::string bytes = SomeBytes(300'000);
  const UploadSpec spec = SpecOf(bytes);
  ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(spec));
  for (size_t at = 0; at < bytes.size(); at += 70'000)
    ASSERT_OK(writer->Append(static_cast<int64_t>(at), bytes.substr(at, 70'000)));
  EXPECT_THAT(spool_->OpenContent(spec.sha256), StatusIs(StatusCode::kNotFound));
  ASSERT_OK(writer->Finish());
  ASSERT_OK_AND_ASSIGN(auto reader, spool_->OpenContent(spec.sha256));
  EXPECT_EQ(reader->size(), 300'000);
  std::vector<uint8_t> out(100);
  ASSERT_OK(reader->Read(299'900, absl::MakeSpan(out)));
  EXPECT_EQ(std::string(out.begin(), out.end()), bytes.substr(299'900));
  for (const int64_t offset :
       {int64_t{-1}, int64_t{299'901}, std::numeric_limits<int64_t>::max()}) {
    EXPECT_THAT(reader->Read(offset, absl::MakeSpan(out)), StatusIs(StatusCode::kOutOfRange));
  }
  EXPECT_EQ(spool_->usage().upload_bytes, 0);
  EXPECT_EQ(spool_->usage().content_bytes, 303'104) << "74 blocks";
}

TEST_F(SpoolTest, AnEmptyFileIsAContentToo) {
  ASSERT_OK(Upload(SpecOf(""), ""));
  EXPECT_THAT(Content(SpecOf("").sha256), IsOkAndHolds(""));
  EXPECT_EQ(spool_->usage().content_bytes, 4096);
}

TEST_F(SpoolTest, AnUploadGoesOnWhereItStopped) {
  const std::string bytes = SomeBytes(10'000);
  {
    ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf(bytes)));
    ASSERT_OK(writer->Append(0, bytes.substr(0, 6000)));
    EXPECT_THAT(writer->Sync(), IsOkAndHolds(6000));
  }
  ASSERT_OK_AND_ASSIGN(const Spool::UploadState state, spool_->GetUpload(SpecOf(bytes).key));
  EXPECT_EQ(state.durable_offset, 6000);
  EXPECT_EQ(state.spec, SpecOf(bytes));
  EXPECT_FALSE(state.finished);
  ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf(bytes)));
  EXPECT_EQ(writer->offset(), 6000);
  ASSERT_OK(writer->Append(6000, bytes.substr(6000)));
  ASSERT_OK(writer->Finish());
  EXPECT_THAT(Content(SpecOf(bytes).sha256), IsOkAndHolds(bytes));
}

TEST_F(SpoolTest, BytesThatAreThereAreTakenOnlyIfTheyAreEqual) {
  const std::string bytes = SomeBytes(10'000);
  ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf(bytes)));
  ASSERT_OK(writer->Append(0, bytes.substr(0, 6000)));
  ASSERT_OK(writer->Append(2000, bytes.substr(2000, 5000))) << "from the middle to behind";
  EXPECT_EQ(writer->offset(), 7000);
  std::string other = bytes.substr(0, 7000);
  other[4321] ^= 1;
  const absl::Status unequal = writer->Append(0, other);
  EXPECT_THAT(unequal, StatusIs(StatusCode::kInvalidArgument));
  EXPECT_EQ(GetReason(unequal)->reason, "CONTENT_MISMATCH");
  ASSERT_OK(writer->Append(7000, bytes.substr(7000)));
  EXPECT_OK(writer->Finish());
}

TEST_F(SpoolTest, AGapIsOutOfRangeAndTellsTheOffset) {
  ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf("0123456789")));
  ASSERT_OK(writer->Append(0, "0123"));
  const absl::Status gap = writer->Append(5, "5");
  EXPECT_THAT(gap, StatusIs(StatusCode::kOutOfRange));
  EXPECT_EQ(GetReason(gap)->metadata.at("actual"), "4");
}

TEST_F(SpoolTest, OffsetsAndBytesOutsideTheAnnouncedSizeAreRefused) {
  ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf("0123")));
  constexpr int64_t kHuge = std::numeric_limits<int64_t>::max();
  for (const int64_t offset : {int64_t{-1}, std::numeric_limits<int64_t>::min(), int64_t{4}, kHuge})
    EXPECT_THAT(writer->Append(offset, "x"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(writer->Append(0, "01234"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_EQ(writer->offset(), 0);
}

TEST_F(SpoolTest, HostileSizesReserveNothing) {
  UploadSpec spec = SpecOf("x");
  spec.size = -1;
  EXPECT_THAT(spool_->StartUpload(spec), StatusIs(StatusCode::kInvalidArgument));
  spec.size = std::numeric_limits<int64_t>::min();
  EXPECT_THAT(spool_->StartUpload(spec), StatusIs(StatusCode::kInvalidArgument));
  spec.size = std::numeric_limits<int64_t>::max();
  EXPECT_THAT(spool_->StartUpload(spec), StatusIs(StatusCode::kResourceExhausted));
  EXPECT_EQ(spool_->usage().uploads, 0u);
  EXPECT_EQ(spool_->usage().upload_bytes, 0);
  EXPECT_THAT(Files(), testing::IsEmpty());
}

TEST_F(SpoolTest, AnUploadTakesItsSpaceFromItsFirstByteOn) {
  const std::string half = SomeBytes(options_.quota_bytes / 2);
  ASSERT_OK_AND_ASSIGN(auto first, spool_->StartUpload(SpecOf(half, "first")));
  ASSERT_OK(spool_->StartUpload(SpecOf(half, "second")));
  const absl::Status full = spool_->StartUpload(SpecOf("x", "third")).status();
  EXPECT_THAT(full, StatusIs(StatusCode::kResourceExhausted));
  EXPECT_EQ(GetReason(full)->reason, "LIMIT_REACHED");
  EXPECT_EQ(GetReason(full)->metadata.at("limit"), "spool_quota_bytes");
  EXPECT_EQ(GetReason(full)->metadata.at("maximum"), "1048576");
  ASSERT_OK(spool_->Release(SpecOf(half, "second").key));
  EXPECT_OK(spool_->StartUpload(SpecOf("x", "third")));
}

class SpoolShareTest : public SpoolFixture {
 protected:
  SpoolShareTest() {
    options_.bytes_per_payer = 3 * 4096;
    Open();
  }

  // An upload of one block, for an image of `payer`.
  absl::Status Start(const std::string& id, const std::string& image, absl::string_view payer) {
    return spool_->StartUpload(SpecOf("x", id, image), payer).status();
  }
};

TEST_F(SpoolShareTest, WhatOnePayersImagesHaveIsBounded) {
  ASSERT_OK(Start("1", "images/1", "alice"));
  ASSERT_OK(Start("2", "images/1", "alice"));
  ASSERT_OK(Start("3", "images/2", "alice"));
  const absl::Status full = Start("4", "images/2", "alice");
  EXPECT_THAT(full, StatusIs(StatusCode::kResourceExhausted));
  EXPECT_EQ(GetReason(full)->metadata.at("limit"), "max_spool_bytes_per_principal");
  EXPECT_OK(Start("4", "images/3", "bob"));
  EXPECT_OK(Start("5", "images/4", "")) << "who is nobody has no share";
}

TEST_F(SpoolShareTest, WhatGoesIsChargedToNobody) {
  for (int i = 0; i < 3; ++i) {
    const std::string id = absl::StrCat(i);
    auto writer = spool_->StartUpload(SpecOf("x", id, "images/1"), "alice");
    ASSERT_OK(writer);
    ASSERT_OK((*writer)->Append(0, "x"));
    ASSERT_OK((*writer)->Finish()) << "one content, used three times";
  }
  EXPECT_THAT(Start("3", "images/2", "alice"), StatusIs(StatusCode::kResourceExhausted));
  ASSERT_OK(spool_->Release({"images/1", "0"}));
  ASSERT_OK(Start("3", "images/2", "alice"));
  ASSERT_OK(spool_->ReleaseOwner("images/1"));
  EXPECT_OK(Start("4", "images/2", "alice"));
  EXPECT_OK(Start("5", "images/2", "alice"));
}

TEST_F(SpoolTest, UnfinishedUploadsAreCounted) {
  for (size_t i = 0; i < options_.max_uploads; ++i)
    ASSERT_OK(spool_->StartUpload(SpecOf("x", std::to_string(i))));
  const absl::Status full = spool_->StartUpload(SpecOf("x", "more")).status();
  EXPECT_EQ(GetReason(full)->metadata.at("limit"), "max_uploads");
}

TEST_F(SpoolTest, MoreThanTheDiskHasIsRefusedBeforeTheFirstByte) {
  options_.quota_bytes = std::numeric_limits<int64_t>::max();
  Open();
  UploadSpec spec = SpecOf("x");
  spec.size = int64_t{1} << 42;  // less than a file may have, more than a disk here
  const absl::Status full = spool_->StartUpload(spec).status();
  EXPECT_THAT(full, StatusIs(StatusCode::kResourceExhausted));
  EXPECT_EQ(GetReason(full)->metadata.at("limit"), "spool_disk_bytes");
  EXPECT_EQ(spool_->usage().upload_bytes, 0);
  EXPECT_THAT(Files(), testing::IsEmpty());
}

// Writes of this process fail beyond a length.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_ = {};
  void (*const handler_)(int);
};

TEST_F(SpoolTest, AWriteThatFailsHalfwayIsGoneOnWithLater) {
  const std::string bytes = SomeBytes(100'000);
  ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf(bytes)));
  {
    const FileSizeLimit limit(40'000);
    EXPECT_THAT(writer->Append(0, bytes), StatusIs(StatusCode::kResourceExhausted));
  }
  EXPECT_EQ(writer->offset(), 40'000);
  ASSERT_OK(writer->Append(0, bytes));
  ASSERT_OK(writer->Finish());
  EXPECT_THAT(Content(SpecOf(bytes).sha256), IsOkAndHolds(bytes));
}

TEST_F(SpoolTest, AnUploadWhoseRecordCannotBeWrittenLeavesNothing) {
  {
    const FileSizeLimit limit(10);
    const absl::Status failed = spool_->StartUpload(SpecOf("x")).status();
    EXPECT_THAT(failed, StatusIs(StatusCode::kResourceExhausted,
                                 testing::Not(testing::HasSubstr(folder_))));
  }
  EXPECT_EQ(spool_->usage().upload_bytes, 0);
  EXPECT_OK(spool_->StartUpload(SpecOf("x")));
}

TEST_F(SpoolTest, AFinishThatCannotWriteCanBeRepeated) {
  ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf("content")));
  ASSERT_OK(writer->Append(0, "content"));
  {
    const FileSizeLimit limit(10);
    EXPECT_THAT(writer->Finish(), StatusIs(StatusCode::kResourceExhausted));
  }
  EXPECT_THAT(Content(SpecOf("content").sha256), StatusIs(StatusCode::kNotFound));
  ASSERT_OK(writer->Finish());
  ASSERT_OK(writer->Finish()) << "again";
  EXPECT_THAT(Content(SpecOf("content").sha256), IsOkAndHolds("content"));
}

TEST_F(SpoolTest, BytesWithAnotherDigestAreNotKept) {
  ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf("right")));
  ASSERT_OK(writer->Append(0, "wrong"));
  const absl::Status refused = writer->Finish();
  EXPECT_THAT(refused, StatusIs(StatusCode::kInvalidArgument));
  EXPECT_EQ(GetReason(refused)->reason, "CONTENT_MISMATCH");
  EXPECT_EQ(GetReason(refused)->metadata.at("actual"), ToHex(SpecOf("wrong").sha256));
  EXPECT_THAT(writer->Append(0, "right"), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(spool_->GetUpload(SpecOf("right").key), StatusIs(StatusCode::kNotFound));
  EXPECT_EQ(spool_->usage().upload_bytes, 0);
  EXPECT_THAT(Files(), testing::IsEmpty());
}

TEST_F(SpoolTest, BytesThatNobodyAnnouncedBecomeAContentByTheDigestThatTheyHave) {
  const UploadSpec spec{.key = {"images/1", "tree 1"}, .path = "/a", .size = 5};
  {
    ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(spec));
    EXPECT_THAT(writer->FinishUnannounced(), StatusIs(StatusCode::kFailedPrecondition));
    ASSERT_OK(writer->Append(0, "bytes"));
    EXPECT_THAT(writer->FinishUnannounced(), IsOkAndHolds(SpecOf("bytes").sha256));
    EXPECT_THAT(writer->FinishUnannounced(), IsOkAndHolds(SpecOf("bytes").sha256));
  }
  Open();
  EXPECT_THAT(Content(SpecOf("bytes").sha256), IsOkAndHolds("bytes"));
  ASSERT_OK(spool_->Release(spec.key));
  EXPECT_EQ(spool_->usage().content_bytes, 0);
}

TEST_F(SpoolTest, AnUploadThatIsFinishedTooEarlyStays) {
  ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf("0123")));
  ASSERT_OK(writer->Append(0, "012"));
  const absl::Status early = writer->Finish();
  EXPECT_THAT(early, StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_EQ(GetReason(early)->reason, "UPLOAD_INCOMPLETE");
  ASSERT_OK(writer->Append(3, "3"));
  EXPECT_OK(writer->Finish());
}

TEST_F(SpoolTest, ASecondWriterIsAbortedWhileTheFirstIsThere) {
  ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf("x")));
  const absl::Status second = spool_->StartUpload(SpecOf("x")).status();
  EXPECT_THAT(second, StatusIs(StatusCode::kAborted));
  EXPECT_EQ(GetReason(second)->reason, "UPLOAD_BUSY");
  writer.reset();
  EXPECT_OK(spool_->StartUpload(SpecOf("x")));
}

TEST_F(SpoolTest, AnIdThatComesWithOtherFactsIsRefused) {
  ASSERT_OK(spool_->StartUpload(SpecOf("x")));
  UploadSpec other = SpecOf("x");
  other.path = "/elsewhere";
  EXPECT_THAT(spool_->StartUpload(other), StatusIs(StatusCode::kAlreadyExists));
  ASSERT_OK(Upload(SpecOf("x"), "x"));
  EXPECT_THAT(spool_->StartUpload(other), StatusIs(StatusCode::kAlreadyExists));
  EXPECT_OK(Upload(SpecOf("x", "upload", "images/2"), "x")) << "another owner's id";
}

TEST_F(SpoolTest, AFinishedUploadMayBeSentAgainAndIsDone) {
  ASSERT_OK(Upload(SpecOf("content"), "content"));
  ASSERT_OK_AND_ASSIGN(const Spool::UploadState state, spool_->GetUpload(SpecOf("content").key));
  EXPECT_TRUE(state.finished);
  EXPECT_EQ(state.durable_offset, 7);
  ASSERT_OK_AND_ASSIGN(auto again, spool_->StartUpload(SpecOf("content")));
  EXPECT_THAT(again->Sync(), IsOkAndHolds(7));
  EXPECT_OK(Upload(SpecOf("content"), "content"));
  EXPECT_THAT(Upload(SpecOf("content"), "CONTENT"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(Content(SpecOf("content").sha256), IsOkAndHolds("content"));
}

TEST_F(SpoolTest, EqualContentsAreStoredOnceAndGoWithTheirLastReference) {
  const std::string bytes = SomeBytes(20'000);
  ASSERT_OK(Upload(SpecOf(bytes, "a"), bytes));
  ASSERT_OK(Upload(SpecOf(bytes, "b", "images/2"), bytes));
  ASSERT_OK(spool_->AddReference(SpecOf(bytes).sha256, {"operations/1", "burn"}));
  EXPECT_EQ(spool_->usage().contents, 1u);
  EXPECT_EQ(spool_->usage().content_bytes, 20'480);
  ASSERT_OK(spool_->Release(SpecOf(bytes, "a").key));
  ASSERT_OK(spool_->ReleaseOwner("images/2"));
  EXPECT_THAT(Content(SpecOf(bytes).sha256), IsOkAndHolds(bytes));
  ASSERT_OK(spool_->Release({"operations/1", "burn"}));
  EXPECT_THAT(Content(SpecOf(bytes).sha256), StatusIs(StatusCode::kNotFound));
  EXPECT_EQ(spool_->usage().content_bytes, 0);
  EXPECT_THAT(Files(), testing::IsEmpty());
  EXPECT_THAT(spool_->Release({"operations/1", "burn"}), StatusIs(StatusCode::kNotFound));
}

TEST_F(SpoolTest, AReferenceNeedsAContentAndAFreeName) {
  EXPECT_THAT(spool_->AddReference(SpecOf("a").sha256, {"o", "1"}),
              StatusIs(StatusCode::kNotFound));
  ASSERT_OK(Upload(SpecOf("a", "a"), "a"));
  ASSERT_OK(Upload(SpecOf("b", "b"), "b"));
  EXPECT_OK(spool_->AddReference(SpecOf("a").sha256, SpecOf("a", "a").key)) << "it is there";
  EXPECT_THAT(spool_->AddReference(SpecOf("a").sha256, SpecOf("b", "b").key),
              StatusIs(StatusCode::kAlreadyExists));
  ASSERT_OK(spool_->StartUpload(SpecOf("c", "c")));
  EXPECT_THAT(spool_->AddReference(SpecOf("a").sha256, SpecOf("c", "c").key),
              StatusIs(StatusCode::kAlreadyExists));
}

TEST_F(SpoolTest, UploadsThatNobodyWritesExpireAndFreeTheirSpace) {
  ASSERT_OK_AND_ASSIGN(auto idle, spool_->StartUpload(SpecOf("idle", "idle")));
  ASSERT_OK_AND_ASSIGN(auto busy, spool_->StartUpload(SpecOf("busy", "busy")));
  ASSERT_OK(Upload(SpecOf("done", "done"), "done"));
  clock_.Advance(absl::Minutes(40));
  ASSERT_OK(busy->Append(0, "bu"));
  clock_.Advance(absl::Minutes(40));
  spool_->RemoveExpired();
  EXPECT_EQ(spool_->usage().uploads, 1u);
  EXPECT_EQ(spool_->usage().upload_bytes, 4096);
  EXPECT_THAT(idle->Append(0, "idle"), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(idle->Finish(), StatusIs(StatusCode::kNotFound));
  EXPECT_OK(busy->Append(2, "sy"));
  clock_.Advance(absl::Hours(100));
  EXPECT_OK(spool_->StartUpload(SpecOf("idle", "idle"))) << "from the beginning";
  EXPECT_THAT(Content(SpecOf("done").sha256), IsOkAndHolds("done")) << "contents do not expire";
}

TEST_F(SpoolTest, AWriterOfAnUploadThatBeganAnewDoesNotTouchIt) {
  ASSERT_OK_AND_ASSIGN(auto old, spool_->StartUpload(SpecOf("0123")));
  ASSERT_OK(spool_->Release(SpecOf("0123").key));
  ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf("0123")));
  EXPECT_THAT(old->Finish(), StatusIs(StatusCode::kNotFound));
  old.reset();
  EXPECT_THAT(spool_->StartUpload(SpecOf("0123")), StatusIs(StatusCode::kAborted));
  ASSERT_OK(writer->Append(0, "0123"));
  EXPECT_OK(writer->Finish());
}

TEST_F(SpoolTest, ReadersKeepTheBytesOfAContentThatIsReleased) {
  ASSERT_OK(Upload(SpecOf("content"), "content"));
  ASSERT_OK_AND_ASSIGN(auto reader, spool_->OpenContent(SpecOf("content").sha256));
  ASSERT_OK(spool_->ReleaseOwner("images/1"));
  std::vector<uint8_t> out(7);
  EXPECT_OK(reader->Read(0, absl::MakeSpan(out)));
}

TEST_F(SpoolTest, NamesFromClientsReachNoFile) {
  UploadSpec spec = SpecOf("x", "../../escaped", "../../owner");
  spec.path = "/../../../etc/passwd";
  ASSERT_OK(Upload(spec, "x"));
  for (const std::string& file : Files()) {
    EXPECT_EQ(file.find("escaped"), std::string::npos);
    EXPECT_EQ(file.find("passwd"), std::string::npos);
  }
  EXPECT_EQ(Files().size(), 2u) << "the content and its reference";
}

TEST_F(SpoolTest, ThreadsUploadReadAndReleaseEqualContentsAtOnce) {
  const std::string bytes = SomeBytes(50'000);
  auto work = [&](int thread) {
    for (int i = 0; i < 20; ++i) {
      const std::string owner = "images/" + std::to_string(thread);
      const UploadSpec spec = SpecOf(bytes, std::to_string(i), owner);
      ASSERT_OK(Upload(spec, bytes));
      EXPECT_THAT(Content(spec.sha256), IsOkAndHolds(bytes));
      ASSERT_OK(spool_->GetUpload(spec.key));
      spool_->RemoveExpired();
      ASSERT_OK(spool_->Release(spec.key));
    }
  };
  std::thread other(work, 1);
  work(2);
  other.join();
  EXPECT_EQ(spool_->usage().content_bytes, 0);
  EXPECT_EQ(spool_->usage().upload_bytes, 0);
  EXPECT_THAT(Files(), testing::IsEmpty());
}

TEST_F(SpoolTest, OffsetsAreToldWhileAnotherThreadWrites) {
  const std::string bytes = SomeBytes(400'000);
  ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf(bytes)));
  std::thread writing([&] {
    for (size_t at = 0; at < bytes.size(); at += 1000)
      ASSERT_OK(writer->Append(static_cast<int64_t>(at), bytes.substr(at, 1000)));
    ASSERT_OK(writer->Finish());
  });
  int64_t last = 0;
  for (bool finished = false; !finished;) {
    const auto state = spool_->GetUpload(SpecOf(bytes).key);
    if (!state.ok() || state->durable_offset < last) break;
    last = state->durable_offset;
    finished = state->finished;
  }
  writing.join();
  EXPECT_EQ(last, 400'000);
}

}  // namespace
}  // namespace carousel
