#include "tests/faults/faulty_burn.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_macros.h"
#include "hal/base/status_matchers.h"
#include "hal/changer/changer.h"
#include "hal/drive/burn_status.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/media_state.h"
#include "hal/mmc/profile.h"
#include "hal/mmc/write.h"
#include "server/burn/burn_advice.h"
#include "server/burn/burn_run.h"
#include "server/disc_format/media_facts_reader.h"
#include "server/imapi/error.h"
#include "server/mastering/image_reader.h"

namespace carousel::faults {

Kind KindOf(const std::string& medium) {
  return medium == "DVD+RW" || medium == "DVD-RAM" || medium == "BD-RE" ? OVERWRITTEN : WRITE_ONCE;
}

namespace {

// More than the drive's buffer of 4 MiB holds, so that a middle WRITE finds part of it on the disc.
constexpr int64_t kBytes = 6 << 20;
// WRITEs of 256 sectors that the transport makes of it.
constexpr int kWrites = 13;
constexpr int64_t kNextBytes = 1 << 20;
// WRITEs of the session that lies on media that are overwritten before, its superblock counted.
constexpr int kEarlierWrites = 4;
// From the disc's first sector on: the burn with the fault, and some more.
constexpr Sectors kLookedAt{4'096};

bool IsCd(const std::string& medium) { return medium == "CD-R" || medium == "CD-RW"; }

std::string Command(const std::string& medium, Moment moment) {
  const int before = KindOf(medium) == OVERWRITTEN ? kEarlierWrites : 0;
  const auto write = [before](int number) {
    return absl::StrCat("at ", before + number, " WRITE(10)");
  };
  switch (moment) {
    case FIRST_WRITE:
      return write(1);
    case MIDDLE_WRITE:
      return write(kWrites - 2);
    case LAST_WRITE:
      return write(kWrites);
    case SUPERBLOCK_WRITE:
      return write(kWrites + 1);
    case CLOSE_TRACK:
      return "at 1 CLOSE-TRACK-SESSION";
    case CLOSE_SESSION:
      return IsCd(medium) ? "at 1 CLOSE-TRACK-SESSION" : "at 2 CLOSE-TRACK-SESSION";
    default:
      return "";
  }
}

std::string FaultPlan(const std::string& medium, const std::string& answer, Moment moment) {
  const bool sense = answer.find('/') != std::string::npos;
  return absl::StrCat(Command(medium, moment), sense ? " sense " : " ", answer);
}

Disc DiscOf(const BurnReport& report) {
  switch (report.effect) {
    case DiscEffect::kNone:
      return UNTOUCHED;
    case DiscEffect::kPartly: {
      const bool all = report.sha256.has_value() && report.row->method != BurnMethod::kOverwrite;
      return all ? NOT_CLOSED : PARTLY_WRITTEN;
    }
    case DiscEffect::kDone:
      return WRITTEN;
    case DiscEffect::kUnknown:
      break;
  }
  return IN_DOUBT;
}

std::string DriveSays(const std::optional<MediaState>& after) {
  if (!after.has_value()) return "nothing";
  if (mmc::IsOverwritable(after->profile)) return "overwritable";
  const bool damaged = !after->tracks.empty() && after->tracks.back().damaged;
  if (damaged || after->last_session == LastSessionState::kDamaged) return "damaged";
  if (after->last_session == LastSessionState::kIncomplete) return "open";
  return after->disc_status == DiscStatus::kBlank ? "blank" : "appendable";
}

std::string CodeName(const absl::Status& status) { return absl::StatusCodeToString(status.code()); }

}  // namespace

std::vector<Moment> MomentsOf(const std::string& medium) {
  std::vector<Moment> moments = {FIRST_WRITE, MIDDLE_WRITE, LAST_WRITE};
  if (KindOf(medium) == OVERWRITTEN) {
    moments.push_back(SUPERBLOCK_WRITE);
    return moments;
  }
  if (!IsCd(medium)) moments.push_back(CLOSE_TRACK);
  moments.push_back(CLOSE_SESSION);
  return moments;
}

FaultyBurn::FaultyBurn(const std::string& medium, const std::string& answer, Moment moment) {
  Start(medium, FaultPlan(medium, answer, moment));
}

FaultyBurn::~FaultyBurn() {
  drive_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(robot_.options.store, ignored);
}

void FaultyBurn::Start(const std::string& medium, const std::string& fault_plan) {
  robot_.options.drives[0].fault_plan = fault_plan;
  robot_.MakeDisc("A", {absl::StrCat("--media=", medium)});
  robot_.Start();
  std::unique_ptr<scsi::Transport> transport = robot_.robot().OpenDrive(0);
  transport->set_observer(this);
  transport->set_clock(&robot_.clock);
  drive_ = std::make_unique<MmcDrive>(std::move(transport), &robot_.clock);
  const MoveResult moved = robot_.robot().changer().Move(robot_.robot().slot_element(1),
                                                         robot_.robot().drive_element(0));
  ASSERT_OK(moved.status);
  ASSERT_THAT(drive_->CheckReady(), IsOkAndHolds(true));
  if (KindOf(medium) == OVERWRITTEN) {
    ASSERT_OK(Burn(kNextBytes).status);
    ASSERT_EQ(commands_, kEarlierWrites);
    writes_.clear();
    before_ = DataFile();
  }
  report_ = Burn(kBytes);
  ASSERT_NE(plan_, nullptr);
  ASSERT_EQ((plan_->sectors().value() + 255) / 256, kWrites);
  mastering::ImageReader reader(plan_.get(), contents_.get());
  image_.resize(static_cast<size_t>(plan_->sectors().bytes()));
  ASSERT_OK(reader.Read(plan_->start(),
                        absl::MakeSpan(reinterpret_cast<uint8_t*>(image_.data()), image_.size())));
}

BurnReport FaultyBurn::Burn(int64_t bytes) {
  std::string text;
  text.reserve(static_cast<size_t>(bytes));
  while (static_cast<int64_t>(text.size()) < bytes) {
    // No sector is like another, none of zeros.
    absl::StrAppend(&text, "at ", text.size(), ": ");
    text.resize(text.size() / kSectorSize * kSectorSize + kSectorSize, '.');
  }
  BurnReport failed;
  absl::StatusOr<MediaFacts> facts = ReadMediaFacts(*drive_);
  failed.status = facts.status();
  if (!facts.ok()) return failed;
  tree_ = FileTree();
  contents_ = std::make_unique<mastering::MemoryContents>();
  const auto file = tree_.Add(FileTree::kRoot, "file.bin", EntryData{.bytes = bytes});
  EXPECT_OK(file);
  const std::vector<mastering::NewFile> files = {{*file, contents_->Add(std::move(text))}};
  tree_.Finish();
  const Lba least(mmc::IsOverwritable(facts->profile) ? 32 : 0);
  auto plan = mastering::Plan::Make(
      tree_, files,
      {.session_start = std::max(facts->next_writable.value_or(Lba(0)), least),
       .tail = Sectors(150),
       .write_unit = Sectors(32)});
  EXPECT_OK(plan);
  plan_ = *std::move(plan);
  return BurnRun({.disc = *std::move(facts), .plan = plan_.get(), .contents = contents_.get()},
                 &ReadMediaFacts, this, &control_)
      .Run(*drive_);
}

void FaultyBurn::OnCommand(const scsi::Command& command, const absl::StatusOr<scsi::Result>&,
                           absl::Duration) {
  const absl::StatusOr<mmc::WriteCdb> write = mmc::DecodeWriteCdb(command.cdb);
  if (!write.ok()) return;
  ++commands_;
  ++writes_[write->lba.value()];
}

Fault FaultyBurn::outcome() const {
  Fault fault;
  if (!report_.status.ok()) {
    const std::optional<imapi::ErrorDetail> detail = imapi::GetDetail(report_.status);
    fault.set_imapi(detail.has_value() ? std::string(imapi::HresultName(detail->hresult)) : "none");
  }
  fault.set_grpc(CodeName(report_.status));
  fault.set_disc(DiscOf(report_));
  fault.set_drive_says(DriveSays(report_.after));
  fault.set_advice(std::string(BurnAdviceName(AdviceAfter(report_))));
  fault.set_next_session(std::string(NextSessionName(NextSessionAfter(report_))));
  fault.set_write_repeated(std::any_of(writes_.begin(), writes_.end(),
                                       [](const auto& write) { return write.second > 1; }));
  return fault;
}

std::string FaultyBurn::DataFile() const {
  std::ifstream file(absl::StrCat(robot_.options.store, "/discs/A/data"), std::ios::binary);
  file.seekg(0, std::ios::end);
  std::string bytes(static_cast<size_t>(std::min<int64_t>(file.tellg(), kLookedAt.bytes())), '\0');
  file.seekg(0);
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

void FaultyBurn::Eject() {
  ASSERT_OK(drive_->PreventRemoval(false));
  ASSERT_OK(drive_->Eject());
}

absl::Status FaultyBurn::CloseWhatIsOpen() {
  ASSIGN_OR_RETURN(const MediaState state, drive_->ReadMediaState());
  if (state.last_session == LastSessionState::kEmpty || mmc::IsOverwritable(state.profile)) {
    return absl::OkStatus();
  }
  DiscWriter& writer = *drive_->writer();
  const BurnRow* row = FindBurnRow(state);
  if (row != nullptr) {
    if (const auto page = WriteParametersFor(*row, WriteChoice()); page.has_value()) {
      RETURN_IF_ERROR(writer.SetWriteParameters(*page));
    }
  }
  // A track that is closed already has an empty one behind it, which closes as well.
  const BurnStatus track = writer.CloseTrack(state.tracks.back().number);
  if (!track.ok()) return track.status();
  return writer.CloseSession(SessionClose::kSession).status();
}

absl::Status FaultyBurn::BurnNext() {
  RETURN_IF_ERROR(drive_->Load());
  RETURN_IF_ERROR(drive_->CheckReady().status());
  RETURN_IF_ERROR(CloseWhatIsOpen());
  return Burn(kNextBytes).status;
}

}  // namespace carousel::faults
