#include "server/session_import/importer.h"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/drive/fake_drive.h"
#include "hal/drive/fake_image.h"
#include "hal/drive/fake_media.h"
#include "hal/robot/drive_station.h"
#include "server/disc_format/media_facts_reader.h"
#include "server/fs/iso9660/image_builder.h"
#include "server/imapi/error.h"
#include "server/metrics/observers.h"

namespace carousel {
namespace {

using iso9660::ImageBuilder;
using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::Le;
using Method = FakeDrive::Method;

constexpr Sectors kDvdCapacity(2'295'104);

// The session of a test's disc, at 0, and what comes behind it.
MediaState DvdWith(absl::Span<const FakeSession> sessions) {
  const FakeSession& last = sessions.back();
  const Lba next = last.start + last.size + Sectors(2048);
  return AppendableMedia(mmc::Profile::kDvdPlusR, sessions, next, kDvdCapacity);
}

class ImporterTest : public testing::Test {
 protected:
  void Insert(const MediaState& state, std::shared_ptr<const FakeImage> image) {
    drive_->Insert(state, std::move(image));
  }
  // A DVD+R whose one session is `image`.
  void InsertImage(const std::vector<uint8_t>& image) {
    auto disc = std::make_shared<FakeImage>();
    disc->Write(Lba(0), image);
    Insert(DvdWith({FakeSession{Lba(0), disc->end() - Lba(0)}}), disc);
  }
  MediaFacts Facts() {
    MediaFacts facts;
    const absl::Status status = station_.Run([&](Drive& drive) {
      absl::StatusOr<MediaFacts> read = ReadMediaFacts(drive);
      if (read.ok()) facts = *std::move(read);
      return read.status();
    });
    EXPECT_OK(status);
    return facts;
  }
  absl::StatusOr<ImportResult> Import(const MediaFacts& facts, ImportOptions options = {}) {
    Importer importer(&station_, facts, options, &clock_);
    return importer.Run();
  }

  FakeClock clock_;
  FakeDrive* const drive_ = new FakeDrive(&clock_);  // the station's
  DriveStation station_{"drive0",
                        DriveStation::OpenOnce([this]() -> absl::StatusOr<std::unique_ptr<Drive>> {
                          return std::unique_ptr<Drive>(drive_);
                        }),
                        {.poll_interval = absl::Hours(24)}};
};

template <typename T>
std::string Reason(const absl::StatusOr<T>& result) {
  const auto detail = imapi::GetDetail(result.status());
  return detail.has_value() ? std::string(imapi::HresultName(detail->hresult))
                            : result.status().ToString();
}

template <typename T>
std::string Fact(const absl::StatusOr<T>& result, const std::string& key) {
  const auto detail = imapi::GetDetail(result.status());
  return detail.has_value() && detail->metadata.count(key) ? detail->metadata.at(key) : "";
}

std::vector<std::string> Names(const FileTree& tree, absl::string_view path) {
  std::vector<std::string> names;
  const absl::StatusOr<FileTree::Id> directory = tree.Find(path);
  if (!directory.ok()) return {directory.status().ToString()};
  for (const FileTree::Id child : tree.Children(*directory, 0, 1000)) {
    names.emplace_back(tree.name(child));
  }
  return names;
}

// What a UDF volume is recognised by (ECMA-167 2/9).
std::vector<uint8_t> UdfVolume() {
  std::vector<uint8_t> image(1000 * kSectorSize);
  int64_t sector = 16;
  for (const char* id : {"BEA01", "NSR02", "TEA01"}) {
    std::copy_n(id, 5, image.begin() + sector++ * kSectorSize + 1);
  }
  return image;
}

// `directories` directories of `files` files each, Rock Ridge.
std::vector<uint8_t> ManyFiles(int directories, int files) {
  ImageBuilder image;
  image.UseRockRidge();
  for (int d = 0; d < directories; ++d) {
    ImageBuilder::Node* directory = image.AddDirectory(
        image.root(), absl::StrCat("D", d),
        absl::StrCat(iso9660::Px(0040755, 2), iso9660::Nm(absl::StrCat("directory-", d))));
    for (int f = 0; f < files; ++f) {
      image.AddFile(directory, absl::StrCat("F", f, ".;1"), "",
                    absl::StrCat(iso9660::Px(0100644),
                                 iso9660::Nm(absl::StrCat("a-file-with-its-name-", f))));
    }
  }
  return image.Build();
}

// Two sessions as xorriso or genisoimage write them, in a folder of their own.
class Mastered {
 public:
  explicit Mastered(absl::string_view name)
      : folder_(absl::StrCat(getenv("TEST_TMPDIR"), "/", name)) {
    std::filesystem::create_directories(folder_ + "/tree/photos");
    Write("tree/photos/first.txt", "the first session");
  }
  void Write(absl::string_view path, absl::string_view contents) {
    std::ofstream(absl::StrCat(folder_, "/", path)) << contents;
  }
  // Runs `command` in the folder. A tool that is missing fails.
  void Run(absl::string_view command) {
    const std::string line = absl::StrCat("cd ", folder_, " && timeout 60 ", command, " >log 2>&1");
    EXPECT_EQ(std::system(line.c_str()), 0) << line;
  }
  std::string Path(absl::string_view file) const { return absl::StrCat(folder_, "/", file); }
  Sectors Size(absl::string_view file) const {
    return Sectors::Holding(std::filesystem::file_size(Path(file)));
  }

 private:
  const std::string folder_;
};

void ImportsTheLastOf(
    Mastered& discs, absl::string_view master, absl::string_view append,
    const std::function<void(const MediaState&, std::shared_ptr<FakeImage>)>& insert) {
  discs.Run(absl::StrCat(master, " -R -J -V FIRST -o one.iso tree"));
  const Lba next = Lba(0) + discs.Size("one.iso") + Sectors(2048);
  std::filesystem::create_directories(discs.Path("more"));
  discs.Write("more/second.txt", "the second session");
  discs.Run(
      absl::StrCat(append, " -R -J -V SECOND -C 0,", next.value(), " -M one.iso -o two.iso more"));
  auto disc = std::make_shared<FakeImage>();
  ASSERT_OK(disc->WriteFile(Lba(0), discs.Path("one.iso")));
  ASSERT_OK(disc->WriteFile(next, discs.Path("two.iso")));
  insert(DvdWith({FakeSession{Lba(0), discs.Size("one.iso")},
                  FakeSession{next, discs.Size("two.iso")}}),
         disc);
}

TEST_F(ImporterTest, TellsItsWorkAtEachDirectory) {
  InsertImage(ManyFiles(50, 20));
  std::vector<ImportWork> reports;
  ASSERT_OK(Import(Facts(), {.on_work = [&](const ImportWork& done) { reports.push_back(done); }}));
  ASSERT_GE(reports.size(), 50u);
  for (size_t i = 1; i < reports.size(); ++i) {
    EXPECT_GE(reports[i].entries, reports[i - 1].entries);
    EXPECT_GE(reports[i].blocks, reports[i - 1].blocks);
  }
}

TEST_F(ImporterTest, ImportsTheLastSessionThatXorrisoWrote) {
  Mastered discs("xorriso");
  ImportsTheLastOf(
      discs, "xorriso -as mkisofs", "xorriso -as mkisofs",
      [&](const MediaState& state, std::shared_ptr<FakeImage> disc) { Insert(state, disc); });
  ASSERT_OK_AND_ASSIGN(const ImportResult result, Import(Facts()));
  EXPECT_THAT(Names(result.tree, "/"), ElementsAre("photos", "second.txt"));
  EXPECT_THAT(Names(result.tree, "/photos"), ElementsAre("first.txt"));
  EXPECT_EQ(result.volume_name, "SECOND");
  EXPECT_EQ(result.file_system, FileSystem::kIso9660);
  EXPECT_TRUE(result.rock_ridge);
}

TEST_F(ImporterTest, ImportsTheLastSessionThatGenisoimageWrote) {
  Mastered discs("genisoimage");
  ImportsTheLastOf(
      discs, "genisoimage", "genisoimage",
      [&](const MediaState& state, std::shared_ptr<FakeImage> disc) { Insert(state, disc); });
  ASSERT_OK_AND_ASSIGN(const ImportResult result,
                       Import(Facts(), {.file_system = FileSystem::kJoliet}));
  EXPECT_THAT(Names(result.tree, "/"), ElementsAre("photos", "second.txt"));
  EXPECT_EQ(result.volume_name, "SECOND");
  EXPECT_EQ(result.file_system, FileSystem::kJoliet);
  EXPECT_FALSE(result.rock_ridge);
}

TEST_F(ImporterTest, ReadsAHundredThousandEntriesInLargeRequests) {
  InsertImage(ManyFiles(500, 199));
  const MediaFacts facts = Facts();
  const int before = drive_->calls(Method::kRead);
  ASSERT_OK_AND_ASSIGN(const ImportResult result, Import(facts));
  EXPECT_EQ(result.tree.entry_count(), 100'000);
  EXPECT_LE(result.requests, 200);
  EXPECT_EQ(drive_->calls(Method::kRead) - before, result.requests);
  EXPECT_EQ(result.totals.directories_done, 501);
  EXPECT_EQ(result.totals.directories_total, 501);
  EXPECT_EQ(result.totals.files_done, 99'500);
  EXPECT_EQ(result.totals.bytes_read, result.totals.blocks_read * kSectorSize);
}

TEST_F(ImporterTest, ReadsTheSameTreeWithLittleMemory) {
  InsertImage(ManyFiles(500, 199));
  ASSERT_OK_AND_ASSIGN(const ImportResult result, Import(Facts(), {.prefetch_bytes = 1 << 20}));
  EXPECT_EQ(result.tree.entry_count(), 100'000);
  EXPECT_LE(result.requests, 200);
}

TEST_F(ImporterTest, ReadsATreeWhosePathTableLies) {
  std::vector<uint8_t> image = ManyFiles(200, 20);
  // The L table's address in the primary descriptor (ECMA-119 clause 8.4.16).
  constexpr size_t kPathTable = 16 * kSectorSize + 140;
  for (size_t i = 0; i < 4; ++i) image[kPathTable + i] = i == 0 ? 2 : 0;
  InsertImage(image);
  ASSERT_OK_AND_ASSIGN(const ImportResult result, Import(Facts()));
  EXPECT_EQ(result.tree.entry_count(), 200 * 21);
  EXPECT_EQ(result.totals.directories_total, std::nullopt);
  EXPECT_LE(result.requests, 30);
}

TEST_F(ImporterTest, CountsTheTimeOfItsClock) {
  InsertImage(ManyFiles(10, 10));
  const MediaFacts facts = Facts();
  drive_->set_latency({.call = absl::Seconds(1)});
  const absl::Time start = clock_.Now();
  ASSERT_OK_AND_ASSIGN(const ImportResult result, Import(facts));
  EXPECT_GE(result.took, result.requests * absl::Seconds(1));
  EXPECT_EQ(result.took, clock_.Now() - start);
}

TEST_F(ImporterTest, FindsNoSessionOnABlankDisc) {
  Insert(BlankMedia(mmc::Profile::kDvdPlusR, kDvdCapacity), nullptr);
  EXPECT_EQ(Reason(Import(Facts())), "IMAPI_E_EMPTY_DISC");
}

TEST_F(ImporterTest, NeedsADisc) {
  const auto result = Import(Facts());
  EXPECT_EQ(Reason(result), "IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE");
  EXPECT_EQ(Fact(result, "cause"), "E_IMAPI_RECORDER_MEDIA_NO_MEDIA");
}

TEST_F(ImporterTest, TellsThatTheSessionHoldsNoFileSystemItKnows) {
  InsertImage(std::vector<uint8_t>(1000 * kSectorSize, 0x55));
  EXPECT_EQ(Reason(Import(Facts())), "IMAPI_E_NO_SUPPORTED_FILE_SYSTEM");
}

TEST_F(ImporterTest, RecognisesUdfAndDoesNotImportIt) {
  InsertImage(UdfVolume());
  EXPECT_EQ(Reason(Import(Facts())), "IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED");
}

// Where its sessions lie is not known, but it is not empty.
TEST_F(ImporterTest, RecognisesUdfOnAnOverwritableDiscToo) {
  auto disc = std::make_shared<FakeImage>();
  disc->Write(Lba(0), UdfVolume());
  Insert(OverwritableMedia(mmc::Profile::kDvdPlusRw, kDvdCapacity), disc);
  EXPECT_EQ(Reason(Import(Facts())), "IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED");
  ASSERT_OK_AND_ASSIGN(const iso9660::Identification found,
                       IdentifyLastSession(&station_, Facts()));
  EXPECT_TRUE(found.udf);
}

TEST_F(ImporterTest, FindsNoSessionOnABlankOverwritableDisc) {
  Insert(OverwritableMedia(mmc::Profile::kDvdPlusRw, kDvdCapacity), std::make_shared<FakeImage>());
  EXPECT_EQ(Reason(Import(Facts())), "IMAPI_E_EMPTY_DISC");
}

TEST_F(ImporterTest, NamesTheBlockThatCannotBeRead) {
  ImageBuilder builder;
  const ImageBuilder::Node* directory = builder.AddDirectory(builder.root(), "D");
  InsertImage(builder.Build());
  const MediaFacts facts = Facts();
  drive_->DamageSectors(Lba(directory->start), Sectors(1));
  const auto result = Import(facts);
  EXPECT_EQ(Reason(result), "IMAPI_E_IMPORT_READ_FAILURE");
  EXPECT_EQ(Fact(result, "block"), absl::StrCat(directory->start));
  EXPECT_EQ(Fact(result, "sense"), "3/11/05");
}

TEST_F(ImporterTest, DoesNotMindDamageWhereNoDirectoryLies) {
  ImageBuilder builder;
  builder.AddDirectory(builder.root(), "D");
  const ImageBuilder::Node* file = builder.AddFile(builder.root(), "F.;1", "contents");
  InsertImage(builder.Build());
  const MediaFacts facts = Facts();
  drive_->DamageSectors(Lba(file->start), Sectors(1));
  EXPECT_OK(Import(facts));
}

TEST_F(ImporterTest, RefusesAnotherDiscThanTheImageWasBoundTo) {
  InsertImage(ManyFiles(2, 2));
  const MediaFacts facts = Facts();
  InsertImage(ManyFiles(3, 3));
  EXPECT_EQ(Reason(Import(facts)), "IMAPI_E_DISC_MISMATCH");
}

TEST_F(ImporterTest, TakesTheSameDiscAfterItWasOut) {
  const std::vector<uint8_t> image = ManyFiles(2, 2);
  InsertImage(image);
  const MediaFacts facts = Facts();
  InsertImage(image);
  EXPECT_OK(Import(facts));
}

TEST_F(ImporterTest, NoticesThatTheDiscIsGone) {
  InsertImage(ManyFiles(2, 2));
  const MediaFacts facts = Facts();
  drive_->Remove();
  EXPECT_EQ(Reason(Import(facts)), "IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE");
}

// Lets `meanwhile` happen while the drive hangs in the middle of an import.
class ImporterMeanwhileTest : public ImporterTest {
 protected:
  absl::StatusOr<ImportResult> ImportMeanwhile(const ImportOptions& options,
                                               const std::function<void(Importer&)>& meanwhile) {
    const MediaFacts facts = Facts();
    Importer importer(&station_, facts, options, &clock_);
    absl::StatusOr<ImportResult> result = absl::UnknownError("did not run");
    drive_->Hang();
    std::thread caller([&] { result = importer.Run(); });
    drive_->WaitUntilHanging();
    meanwhile(importer);
    caller.join();
    return result;
  }
};

TEST_F(ImporterMeanwhileTest, RefusesADiscThatWasChanged) {
  InsertImage(ManyFiles(2, 2));
  const auto result = ImportMeanwhile({}, [&](Importer&) {
    InsertImage(ManyFiles(3, 3));
    drive_->Release();
  });
  EXPECT_EQ(Reason(result), "IMAPI_E_DISC_MISMATCH");
}

TEST_F(ImporterMeanwhileTest, EndsAtOnceWhenItIsCancelled) {
  InsertImage(ManyFiles(2, 2));
  const auto result = ImportMeanwhile({}, [&](Importer& importer) {
    EXPECT_EQ(importer.progress().files_done, 0);
    importer.Cancel();
  });
  drive_->Release();
  EXPECT_EQ(Reason(result), "E_IMAPI_REQUEST_CANCELLED");
}

TEST_F(ImporterMeanwhileTest, DoesNotWaitLongerThanItsTimeForADriveThatHangs) {
  InsertImage(ManyFiles(2, 2));
  const auto result = ImportMeanwhile({.time_limit = absl::Minutes(2)},
                                      [&](Importer&) { clock_.Advance(absl::Minutes(2)); });
  drive_->Release();
  EXPECT_EQ(Reason(result), "E_OUTOFMEMORY");
  EXPECT_EQ(Fact(result, "limit"), "time");
}

TEST_F(ImporterMeanwhileTest, TellsThatTheDriveHung) {
  InsertImage(ManyFiles(2, 2));
  const auto result = ImportMeanwhile(
      {}, [&](Importer&) { drive_->Release(absl::DeadlineExceededError("no answer")); });
  EXPECT_EQ(Reason(result), "E_IMAPI_RECORDER_COMMAND_TIMEOUT");
}

TEST_F(ImporterTest, IdentifiesTheLastSession) {
  InsertImage(ManyFiles(2, 2));
  ASSERT_OK_AND_ASSIGN(const iso9660::Identification found,
                       IdentifyLastSession(&station_, Facts()));
  EXPECT_TRUE(found.primary.has_value());
  EXPECT_FALSE(found.joliet.has_value());
  EXPECT_FALSE(found.udf);
  EXPECT_TRUE(found.rock_ridge);
}

}  // namespace
}  // namespace carousel
