// A restart at each step: the spool is closed there, or its folder is brought into the state in
// which a process that dies between two steps leaves it.
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/spool/spool.h"
#include "server/spool/spool_fixture.h"
#include "server/spool/upload_spec.h"

namespace carousel {
namespace {

using absl::StatusCode;

class SpoolRestartTest : public SpoolFixture {
 protected:
  static constexpr char kBytes[] = "the bytes of a file";

  // An upload of kBytes of which `size` have come.
  void Begin(size_t size) {
    ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf(kBytes)));
    ASSERT_OK(writer->Append(0, std::string(kBytes).substr(0, size)));
  }

  void ExpectGoesOnFrom(int64_t offset) {
    ASSERT_OK_AND_ASSIGN(const Spool::UploadState state, spool_->GetUpload(SpecOf(kBytes).key));
    EXPECT_EQ(state.durable_offset, offset);
    EXPECT_EQ(state.spec, SpecOf(kBytes));
    ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf(kBytes)));
    EXPECT_EQ(writer->offset(), offset);
    ASSERT_OK(writer->Append(offset, std::string(kBytes).substr(offset)));
    ASSERT_OK(writer->Finish());
    EXPECT_THAT(Content(SpecOf(kBytes).sha256), IsOkAndHolds(kBytes));
  }

  std::string FileThatEndsIn(const std::string& end) const {
    for (const std::string& file : Files()) {
      if (absl::EndsWith(file, end)) return file;
    }
    return "";
  }
  std::string ContentFile() const { return folder_ + "/contents/" + ToHex(SpecOf(kBytes).sha256); }
};

TEST_F(SpoolRestartTest, AfterTheStartTheUploadBeginsAtZero) {
  Begin(0);
  Open();
  EXPECT_EQ(spool_->usage().upload_bytes, 4096) << "its space stays reserved";
  ExpectGoesOnFrom(0);
}

TEST_F(SpoolRestartTest, AfterSomeBytesTheUploadGoesOnBehindThem) {
  Begin(7);
  Open();
  ExpectGoesOnFrom(7);
  Open();
  EXPECT_THAT(Content(SpecOf(kBytes).sha256), IsOkAndHolds(kBytes));
}

TEST_F(SpoolRestartTest, AfterTheLastByteOnlyTheFinishIsLeft) {
  Begin(sizeof(kBytes) - 1);
  Open();
  ExpectGoesOnFrom(sizeof(kBytes) - 1);
}

TEST_F(SpoolRestartTest, BytesThatAnEarlierProcessTookAreProvedByTheDigestToo) {
  Begin(7);
  spool_.reset();
  std::fstream(FileThatEndsIn(".bytes"), std::ios::in | std::ios::out).put('X');
  Open();
  ASSERT_OK_AND_ASSIGN(auto writer, spool_->StartUpload(SpecOf(kBytes)));
  ASSERT_OK(writer->Append(7, std::string(kBytes).substr(7)));
  EXPECT_THAT(writer->Finish(), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(Files(), testing::IsEmpty());
}

TEST_F(SpoolRestartTest, BetweenTheBytesAndTheRecordOfAStartNothingIsLeft) {
  Begin(7);
  spool_.reset();
  std::filesystem::remove(FileThatEndsIn(".record"));
  Open();
  EXPECT_THAT(Files(), testing::IsEmpty());
  EXPECT_EQ(spool_->usage().upload_bytes, 0);
}

TEST_F(SpoolRestartTest, ARecordThatIsNoneOrHasNoBytesIsRemoved) {
  Begin(7);
  spool_.reset();
  const std::string record = FileThatEndsIn(".record");
  std::filesystem::resize_file(record, std::filesystem::file_size(record) - 1);
  Open();
  EXPECT_THAT(Files(), testing::IsEmpty());
  std::ofstream(folder_ + "/references/0123456789abcdef.record.new") << "half of";
  std::ofstream(folder_ + "/references/0123456789abcdef.record") << "garbage\xFF\n";
  Open();
  EXPECT_THAT(Files(), testing::IsEmpty());
  Begin(7);
  spool_.reset();
  std::filesystem::remove(FileThatEndsIn(".bytes"));
  Open();
  EXPECT_THAT(Files(), testing::IsEmpty());
}

TEST_F(SpoolRestartTest, AnUploadWithMoreBytesThanAnnouncedIsRemoved) {
  Begin(7);
  spool_.reset();
  std::filesystem::resize_file(FileThatEndsIn(".bytes"), 1000);
  Open();
  EXPECT_THAT(Files(), testing::IsEmpty());
}

TEST_F(SpoolRestartTest, BetweenTheNameOfAContentAndItsReferenceTheUploadIsStillThere) {
  Begin(sizeof(kBytes) - 1);
  spool_.reset();
  std::filesystem::create_hard_link(FileThatEndsIn(".bytes"), ContentFile());
  Open();
  EXPECT_EQ(spool_->usage().contents, 0u);
  EXPECT_EQ(Files().size(), 2u) << "bytes and record";
  ExpectGoesOnFrom(sizeof(kBytes) - 1);
}

TEST_F(SpoolRestartTest, BetweenTheReferenceAndTheEndOfTheUploadTheContentCounts) {
  Begin(sizeof(kBytes) - 1);
  spool_.reset();
  std::filesystem::create_hard_link(FileThatEndsIn(".bytes"), ContentFile());
  std::filesystem::copy_file(FileThatEndsIn(".record"),
                             folder_ + "/references/0123456789abcdef.record");
  Open();
  ASSERT_OK_AND_ASSIGN(const Spool::UploadState state, spool_->GetUpload(SpecOf(kBytes).key));
  EXPECT_TRUE(state.finished);
  EXPECT_THAT(Content(SpecOf(kBytes).sha256), IsOkAndHolds(kBytes));
  EXPECT_EQ(Files().size(), 2u) << "content and reference";
  EXPECT_EQ(spool_->usage().upload_bytes, 0);
}

TEST_F(SpoolRestartTest, BetweenTheLastReferenceAndItsContentNothingIsLeft) {
  ASSERT_OK(Upload(SpecOf(kBytes), kBytes));
  spool_.reset();
  std::filesystem::remove(FileThatEndsIn(".record"));
  Open();
  EXPECT_THAT(Files(), testing::IsEmpty());
}

TEST_F(SpoolRestartTest, AReferenceToAContentThatIsGoneOrCutIsRemoved) {
  ASSERT_OK(Upload(SpecOf(kBytes), kBytes));
  spool_.reset();
  std::filesystem::resize_file(ContentFile(), 3);
  Open();
  EXPECT_THAT(Files(), testing::IsEmpty());
  EXPECT_THAT(spool_->GetUpload(SpecOf(kBytes).key), StatusIs(StatusCode::kNotFound));
}

TEST_F(SpoolRestartTest, ContentsAndTheirReferencesSurvive) {
  ASSERT_OK(Upload(SpecOf(kBytes, "a"), kBytes));
  ASSERT_OK(Upload(SpecOf(kBytes, "b"), kBytes));
  ASSERT_OK(spool_->AddReference(SpecOf(kBytes).sha256, {"operations/1", "burn"}));
  Open();
  ASSERT_OK(spool_->RetainOwners([](absl::string_view owner) { return owner == "operations/1"; }));
  EXPECT_THAT(Content(SpecOf(kBytes).sha256), IsOkAndHolds(kBytes));
  Open();
  ASSERT_OK(spool_->Release({"operations/1", "burn"}));
  EXPECT_EQ(spool_->usage().content_bytes, 0);
  EXPECT_THAT(Files(), testing::IsEmpty());
}

TEST_F(SpoolRestartTest, TheTimeOfAnUploadBeginsAnew) {
  Begin(7);
  clock_.Advance(absl::Minutes(50));
  Open();
  clock_.Advance(absl::Minutes(50));
  spool_->RemoveExpired();
  EXPECT_EQ(spool_->usage().uploads, 1u);
  clock_.Advance(absl::Minutes(10));
  spool_->RemoveExpired();
  EXPECT_THAT(Files(), testing::IsEmpty());
}

TEST_F(SpoolRestartTest, FilesThatTheSpoolDoesNotMakeAreLeftAlone) {
  for (const char* name : {"uploads/notes.txt", "contents/README", "references/x.record"})
    std::ofstream(folder_ + "/" + name) << "not ours";
  Open();
  EXPECT_EQ(Files().size(), 3u);
}

TEST_F(SpoolRestartTest, AFolderHasOneSpool) {
  EXPECT_THAT(Spool::Open(folder_, options_, &clock_), StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_THAT(Spool::Open(folder_ + "/absent/spool", options_, &clock_),
              StatusIs(StatusCode::kNotFound));
}

}  // namespace
}  // namespace carousel
