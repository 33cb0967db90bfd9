// A drive of the virtual robot with a disc in it, sessions with manifests that are burnt there, and
// a journal, for tests.
#ifndef SERVER_MAINTENANCE_MAINTENANCE_FIXTURE_H_
#define SERVER_MAINTENANCE_MAINTENANCE_FIXTURE_H_

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/drive/mmc_drive.h"
#include "hal/virtual_robot/testing_robot.h"
#include "server/burn/burn_control.h"
#include "server/burn/burn_report.h"
#include "server/burn/burn_run.h"
#include "server/burn/journaled_burn.h"
#include "server/digest/sha256.h"
#include "server/disc_format/media_facts.h"
#include "server/disc_format/media_facts_reader.h"
#include "server/imapi/error.h"
#include "server/journal/journal.h"
#include "server/journal/test_file.h"
#include "server/maintenance/maintenance_run.h"
#include "server/mastering/manifest.h"
#include "server/mastering/memory_contents.h"
#include "server/mastering/plan.h"

namespace carousel {

class MaintenanceTest : public testing::Test {
 protected:
  MaintenanceTest() : path_(FreshPath("journal")) { OpenJournal(); }

  // As after a restart: what has no outcome is of an earlier run.
  void OpenJournal() {
    journal_.reset();
    absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(path_, &robot_.clock);
    ASSERT_OK(journal);
    journal_ = *std::move(journal);
  }

  // With the disc "A" in the drive, ready. The words are carousel-disc's.
  void Start(std::vector<std::string> words, const std::string& faults = "") {
    robot_.options.drives[0].fault_plan = faults;
    robot_.MakeDisc("A", std::move(words));
    robot_.Start();
    ASSERT_OK(robot_.robot()
                  .changer()
                  .Move(robot_.robot().slot_element(1), robot_.robot().drive_element(0))
                  .status);
    OpenDrive();
  }
  void OpenDrive() {
    drive_ = std::make_unique<MmcDrive>(robot_.robot().OpenDrive(0), &robot_.clock);
    ASSERT_THAT(drive_->CheckReady(), IsOkAndHolds(true));
  }
  // Off and on again, with the disc where it was, and these faults from now on.
  void PowerCycle(const std::string& faults = "") {
    drive_.reset();
    robot_.options.drives[0].fault_plan = faults;
    robot_.Start();
    OpenDrive();
  }

  // An operation that the journal knows.
  std::string NewOperation() {
    const std::string id = absl::StrCat("op", ++operations_);
    EXPECT_OK(journal_->RecordOperation({.id = id, .kind = "test"}).status());
    return id;
  }
  MaintenanceSubject NewSubject() {
    return {.operation = NewOperation(), .drive = "drive0", .barcode = barcode_};
  }
  MaintenanceRun::Surroundings Surroundings() {
    return {.read_facts = &ReadMediaFacts, .journal = journal_.get(), .control = &control_};
  }

  // A session of two files and, if asked for, their manifest, behind what the disc has.
  BurnReport BurnSession(bool with_manifest = true, BurnControl* control = nullptr) {
    const absl::StatusOr<MediaFacts> facts = ReadMediaFacts(*drive_);
    EXPECT_OK(facts);
    PlanSession(*facts, with_manifest);
    JournaledBurn journal(journal_.get(), {.operation = NewOperation(),
                                           .drive = "drive0",
                                           .disc = {.barcode = barcode_,
                                                    .identifier = facts->disc_identifier,
                                                    .generation = facts->generation}});
    BurnControl own;
    const BurnRequest request{.disc = *facts, .plan = plan_.get(), .contents = &contents_};
    return BurnRun(request, &ReadMediaFacts, &journal, control != nullptr ? control : &own)
        .Run(*drive_);
  }

  void PlanSession(const MediaFacts& facts, bool with_manifest) {
    plan_.reset();
    tree_ = FileTree();
    files_.clear();
    mastering::Manifest manifest{.session = "session-1", .job = "job-1", .program = "test 1"};
    for (const std::string name : {"a.bin", "b.bin"}) {
      const std::string bytes = Bytes(name);
      AddFile(name, bytes);
      const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
      manifest.files.push_back({"/" + name, Sha256(absl::MakeConstSpan(data, bytes.size()))});
    }
    if (with_manifest) AddFile("MANIFEST", *mastering::FormatManifest(manifest));
    tree_.Finish();
    const bool overwrites = facts.multisession_class == MultisessionClass::kOverwritable;
    const Lba start = std::max(*facts.next_writable, Lba(overwrites ? 32 : 0));
    ASSERT_OK_AND_ASSIGN(plan_, mastering::Plan::Make(tree_, files_,
                                                      {.session_start = start,
                                                       .tail = Sectors(150),
                                                       .write_unit = Sectors(32),
                                                       .min_sectors = Sectors(320)}));
  }

  // Turns one bit of a sector on the disc.
  void Flip(Lba sector) {
    std::fstream data(absl::StrCat(robot_.options.store, "/discs/A/data"),
                      std::ios::in | std::ios::out | std::ios::binary);
    data.seekg(sector.value() * kSectorSize + 100);
    const char byte = static_cast<char>(data.get() ^ 0x10);
    data.seekp(sector.value() * kSectorSize + 100);
    data.put(byte);
    ASSERT_TRUE(data.flush().good());
  }
  void WriteData(Lba start, absl::Span<const uint8_t> bytes) {
    std::fstream data(absl::StrCat(robot_.options.store, "/discs/A/data"),
                      std::ios::in | std::ios::out | std::ios::binary);
    data.seekp(start.value() * kSectorSize);
    data.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    ASSERT_TRUE(data.flush().good());
  }
  // Where a file of the last session lies.
  Lba PlaceOf(const std::string& name) {
    const auto text = Bytes(name);
    std::vector<uint8_t> sector(kSectorSize);
    for (Lba at = plan_->start(); at < plan_->volume_end(); at += Sectors(1)) {
      EXPECT_OK(drive_->Read(at, absl::MakeSpan(sector)));
      if (std::equal(sector.begin(), sector.end(), text.begin(),
                     [](uint8_t a, char b) { return a == static_cast<uint8_t>(b); })) {
        return at;
      }
    }
    ADD_FAILURE() << name << " is not on the disc";
    return Lba(0);
  }

  size_t HeldCount() {
    const absl::StatusOr<std::vector<ActionRecord>> held = journal_->HeldActions();
    EXPECT_OK(held);
    return held->size();
  }
  std::vector<ActionRecord> Actions() {
    absl::StatusOr<std::vector<ActionRecord>> actions = journal_->ActionsOfBarcode("A");
    EXPECT_OK(actions);
    return *std::move(actions);
  }
  static imapi::Hresult CodeOf(const absl::Status& status) {
    const auto detail = imapi::GetDetail(status);
    return detail.has_value() ? detail->hresult : imapi::Hresult::E_FAIL;
  }
  static std::string Metadata(const absl::Status& status, const std::string& key) {
    const auto detail = imapi::GetDetail(status);
    return detail.has_value() && detail->metadata.contains(key) ? detail->metadata.at(key) : "";
  }

  // Of a file in the next session.
  std::string Bytes(const std::string& seed) const {
    std::string bytes;
    for (int i = 0; i < file_bytes_; ++i)
      bytes += static_cast<char>(i * (2 * seed[0] + 1) + (i >> 11));
    return bytes;
  }

  TestingRobot robot_;
  std::unique_ptr<MmcDrive> drive_;
  const std::string path_;
  std::unique_ptr<Journal> journal_;
  std::string barcode_ = "A";
  int file_bytes_ = 300'000;
  MaintenanceControl control_;
  std::unique_ptr<const mastering::Plan> plan_;
  mastering::MemoryContents contents_;

 private:
  void AddFile(const std::string& name, const std::string& bytes) {
    const auto file =
        tree_.Add(FileTree::kRoot, name, EntryData{.bytes = static_cast<int64_t>(bytes.size())});
    ASSERT_OK(file);
    files_.push_back({*file, contents_.Add(bytes)});
  }

  FileTree tree_;
  std::vector<mastering::NewFile> files_;
  int operations_ = 0;
};

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_MAINTENANCE_FIXTURE_H_
