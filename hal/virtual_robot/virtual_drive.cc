#include "hal/virtual_robot/virtual_drive.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "hal/mmc/medium_removal.h"
#include "hal/mmc/read.h"
#include "hal/mmc/read_format_capacities.h"
#include "hal/mmc/readiness.h"
#include "hal/scsi/opcode.h"
#include "hal/virtual_robot/allocation_length.h"
#include "hal/virtual_robot/capacity_answers.h"
#include "hal/virtual_robot/device_answers.h"
#include "hal/virtual_robot/disc_answers.h"
#include "hal/virtual_robot/read_obstacle.h"
#include "hal/virtual_robot/reader_view.h"
#include "hal/virtual_robot/toc_answers.h"
#include "hal/virtual_robot/track_answers.h"

namespace carousel::virtual_robot {
namespace {

namespace opcode = scsi::opcode;

// Commands that a pending unit attention does not stop: SPC-4 5.14, MMC-6 4.1.6.1.
bool PassesUnitAttention(uint8_t code) {
  return code == opcode::kInquiry || code == opcode::kRequestSense ||
         code == opcode::kGetConfiguration || code == opcode::kGetEventStatus;
}

absl::Span<const uint8_t> CdbOf(const scsi::Command& command) {
  return absl::MakeConstSpan(command.cdb.data(), command.cdb_size);
}

}  // namespace

VirtualDrive::VirtualDrive(Options options, DiscStore store, std::optional<std::string> disc,
                           Clock* clock)
    : options_(std::move(options)),
      store_(std::move(store)),
      clock_(clock),
      faults_(options_.faults),
      barcode_(std::move(disc)),
      last_configuration_(EmptyConfiguration()) {
  MutexLock lock(&mutex_);
  unit_attentions_.push_back(sense::kPowerOn);
  if (barcode_.has_value()) LoadMedium(*barcode_, clock_->Now());
}

void VirtualDrive::LoadMedium(const std::string& barcode, absl::Time closed) {
  medium_.reset();  // before the text is read: a writer's last word is in it
  ready_at_ = closed;
  const absl::StatusOr<Disc> recorded = store_.Load(barcode);
  absl::StatusOr<DiscData> data = store_.OpenData(barcode);
  if (!recorded.ok() || !data.ok()) return;
  ready_at_ = closed + options_.type.family(FamilyOf(recorded->medium->profile)).ready_time;
  std::optional<Disc> seen = SeenBy(options_.type, *recorded);
  if (!seen.has_value()) return;
  const CurrentConfiguration configuration = ConfigurationFor(*seen, options_.quirks);
  const SpeedModel speed(options_.type, *recorded->medium, recorded->capacity, ready_at_);
  medium_.emplace(Medium{*std::move(seen), *std::move(data), configuration, speed, nullptr});
  absl::StatusOr<DiscData> to_write = store_.OpenData(barcode);
  if (to_write.ok() && options_.type.family(FamilyOf(recorded->medium->profile)).writes) {
    medium_->writer = std::make_unique<VirtualWriter>(options_.type, options_.quirks, store_,
                                                      *std::move(to_write), &medium_->disc);
  }
}

void VirtualDrive::AnnounceMedium(absl::Time now) {
  if (!to_be_announced_ || now < ready_at_) return;
  to_be_announced_ = false;
  unit_attentions_.push_back(sense::kMediumChanged);
  events_.push_back(mmc::MediaEventCode::kNewMedia);
}

absl::Status VirtualDrive::CanTake(absl::Time now) const {
  if (barcode_.has_value()) {
    return absl::FailedPreconditionError("the drive holds disc " + *barcode_);
  }
  if (removal_prevented_) return absl::FailedPreconditionError("the drive's tray is locked");
  if (now < tray_moves_until_) return absl::FailedPreconditionError("the drive's tray is moving");
  return absl::OkStatus();
}

absl::Status VirtualDrive::CheckCanTake() const {
  const absl::Time now = clock_->Now();
  MutexLock lock(&mutex_);
  return CanTake(now);
}

absl::Status VirtualDrive::CheckReleased() const {
  const absl::Time now = clock_->Now();
  MutexLock lock(&mutex_);
  if (!barcode_.has_value()) return absl::FailedPreconditionError("the drive holds no disc");
  if (!released_ || now < tray_moves_until_) {
    return absl::FailedPreconditionError("the drive has not released its disc");
  }
  return absl::OkStatus();
}

absl::Status VirtualDrive::Insert(const std::string& barcode) {
  const absl::Time now = clock_->Now();
  MutexLock lock(&mutex_);
  const absl::Status can_take = CanTake(now);
  if (!can_take.ok()) return can_take;
  barcode_ = barcode;
  released_ = false;
  to_be_announced_ = true;
  tray_moves_until_ = now + options_.type.tray_time;
  LoadMedium(barcode, tray_moves_until_);
  return absl::OkStatus();
}

absl::Status VirtualDrive::Remove() {
  const absl::Status released = CheckReleased();
  if (!released.ok()) return released;
  MutexLock lock(&mutex_);
  barcode_.reset();
  // The robot's arm leaves the tray closed behind it.
  released_ = false;
  return absl::OkStatus();
}

std::optional<scsi::Sense> VirtualDrive::Obstacle(absl::Time now) const {
  if (!barcode_.has_value() || released_) return sense::kNoMedium;
  if (now < ready_at_) return sense::kBecomingReady;
  if (!medium_.has_value()) return sense::kUnknownMedium;
  return std::nullopt;
}

VirtualDrive::Outcome VirtualDrive::Execute(const scsi::Command& command) {
  const absl::Time now = clock_->Now();
  MutexLock lock(&mutex_);
  Outcome outcome{.taken = now, .done = now + options_.type.command_time};
  const DriveFault* fault = faults_.Next(command.opcode());
  Reply reply;
  if (fault == nullptr || fault->executed()) {
    AnnounceMedium(now);
    reply = Dispatch(command, now, &outcome.done);
  }
  if (fault != nullptr) outcome.answered = Apply(*fault, now, &reply);
  if (reply.sense.has_value()) {
    outcome.result.status = scsi::ScsiStatus::kCheckCondition;
    outcome.result.sense = *reply.sense;
  }
  const size_t size =
      std::min({reply.data.size(), AllocationLength(command), command.data_in.size()});
  std::copy_n(reply.data.begin(), size, command.data_in.begin());
  outcome.result.transferred = size;
  return outcome;
}

bool VirtualDrive::Apply(const DriveFault& fault, absl::Time now, Reply* reply) {
  switch (fault.kind) {
    case DriveFault::Kind::kSense:
      if (!reply->sense.has_value()) reply->sense = fault.sense;
      if (fault.reset() && medium_.has_value() && medium_->writer != nullptr) {
        medium_->writer->LosePower();
      }
      return true;
    case DriveFault::Kind::kBytes:
      *reply = Good(fault.bytes);
      return true;
    case DriveFault::Kind::kPowerCut:
      CutPower(now);
      return false;
    case DriveFault::Kind::kHang:
      break;
  }
  return false;
}

Reply VirtualDrive::Dispatch(const scsi::Command& command, absl::Time now, absl::Time* done) {
  const absl::Span<const uint8_t> cdb = CdbOf(command);
  if (!PassesUnitAttention(command.opcode()) && !unit_attentions_.empty()) {
    const scsi::Sense attention = unit_attentions_.front();
    unit_attentions_.pop_front();
    return Check(attention);
  }
  const Disc* disc = Obstacle(now).has_value() ? nullptr : &medium_->disc;
  if (VirtualWriter::Answers(command.opcode())) return WriteOnMedium(command, now, done);
  switch (command.opcode()) {
    case opcode::kInquiry:
      return AnswerInquiry(options_.type, options_.serial, cdb);
    case opcode::kRequestSense:
      return RequestSense(cdb, now);
    case opcode::kGetConfiguration:
      return AnswerConfiguration(options_.type, Configuration(now), cdb);
    case opcode::kGetEventStatus:
      return EventStatus(cdb, now);
    case opcode::kModeSense10:
      return AnswerModeSense(options_.type, disc,
                             disc != nullptr && medium_->writer != nullptr
                                 ? medium_->writer->settings()
                                 : WriteSettings(),
                             removal_prevented_, cdb);
    case opcode::kStartStopUnit:
      return StartStop(cdb, now, done);
    case opcode::kReadFormatCapacities:
      return FormatCapacities(now);
    case opcode::kPreventAllowMediumRemoval: {
      const absl::StatusOr<mmc::PreventAllowCdb> asked = mmc::DecodePreventAllowCdb(cdb);
      if (!asked.ok()) return Check(sense::kInvalidField);
      removal_prevented_ = asked->prevent;
      return Good();
    }
    case opcode::kTestUnitReady:
    case opcode::kReadCapacity10:
    case opcode::kReadToc:
    case opcode::kReadDiscInformation:
    case opcode::kReadTrackInformation:
    case opcode::kGetPerformance:
    case opcode::kReadDiscStructure:
      if (disc == nullptr) return Check(*Obstacle(now));
      if (Busy(now).has_value() &&
          !(options_.quirks.ready_while_closing && command.opcode() == opcode::kTestUnitReady)) {
        return Check(*Busy(now));
      }
      return AboutMedium(command);
    case opcode::kRead6:
    case opcode::kRead10:
    case opcode::kRead12:
      if (disc == nullptr) return Check(*Obstacle(now));
      return Busy(now).has_value() ? Check(*Busy(now)) : ReadBlocks(command, now, done);
    default:
      return Check(sense::kInvalidOpcode);
  }
}

Reply VirtualDrive::AboutMedium(const scsi::Command& command) {
  const absl::Span<const uint8_t> cdb = CdbOf(command);
  const Disc& disc = medium_->disc;
  const Quirks& quirks = options_.quirks;
  switch (command.opcode()) {
    case opcode::kReadCapacity10:
      return AnswerCapacity(disc, quirks);
    case opcode::kReadToc:
      return AnswerToc(disc, quirks, cdb);
    case opcode::kReadDiscInformation:
      return AnswerDiscInformation(disc, quirks, cdb);
    case opcode::kReadTrackInformation:
      return AnswerTrackInformation(disc, quirks, cdb);
    case opcode::kReadDiscStructure:
      return AnswerDiscStructure(disc, cdb);
    case opcode::kGetPerformance:
      if (quirks.no_performance) return Check(sense::kInvalidOpcode);
      return AnswerPerformance(options_.type, disc, cdb);
    default:
      return Good();  // TEST UNIT READY
  }
}

Reply VirtualDrive::ReadBlocks(const scsi::Command& command, absl::Time now, absl::Time* done) {
  const absl::StatusOr<mmc::ReadCdb> asked = mmc::DecodeReadCdb(CdbOf(command));
  if (!asked.ok()) return Check(sense::kInvalidField);
  const Lba start(asked->lba);
  const Sectors count(asked->blocks);
  const std::optional<scsi::Sense> obstacle =
      ReadObstacle(medium_->disc, options_.quirks, start, count);
  if (obstacle.has_value()) {
    if (obstacle->key == scsi::SenseKey::kMediumError) {
      *done = now + options_.type.command_time + options_.type.retry_time;
      medium_->speed.Stop(*done, start);
    }
    return Check(*obstacle);
  }
  if (count == Sectors(0)) return Good();
  // The host takes what it has room for; the drive reads what it was asked for.
  const int64_t whole =
      std::min<int64_t>(count.value(), static_cast<int64_t>(command.data_in.size()) / kSectorSize);
  std::vector<uint8_t> data(static_cast<size_t>(whole * kSectorSize));
  if (!medium_->data.Read(start, absl::MakeSpan(data)).ok()) return Check(sense::kInternalFailure);
  if (medium_->writer != nullptr) medium_->writer->Overlay(start, absl::MakeSpan(data));
  *done = medium_->speed.Read(now, start, count);
  return Good(std::move(data));
}

std::optional<scsi::Sense> VirtualDrive::Busy(absl::Time now) const {
  if (!medium_.has_value() || medium_->writer == nullptr) return std::nullopt;
  return medium_->writer->Busy(now);
}

Reply VirtualDrive::WriteOnMedium(const scsi::Command& command, absl::Time now, absl::Time* done) {
  if (!options_.type.writes_anything()) return Check(sense::kInvalidOpcode);
  if (const std::optional<scsi::Sense> obstacle = Obstacle(now); obstacle.has_value()) {
    return Check(*obstacle);
  }
  if (medium_->writer == nullptr) return Check(sense::kCannotWrite);
  const Reply reply = medium_->writer->Execute(command, now, done);
  // Blanking and formatting make another medium of the disc.
  medium_->configuration = ConfigurationFor(medium_->disc, options_.quirks);
  return reply;
}

Reply VirtualDrive::StartStop(absl::Span<const uint8_t> cdb, absl::Time now, absl::Time* done) {
  const absl::StatusOr<mmc::StartStopUnitCdb> asked = mmc::DecodeStartStopUnitCdb(cdb);
  if (!asked.ok()) return Check(sense::kInvalidField);
  if (const std::optional<scsi::Sense> busy = Busy(now); busy.has_value()) return Check(*busy);
  // Power conditions and start or stop of the spindle alone change no answer.
  if (asked->power_condition != 0 || !asked->load_eject) return Good();
  absl::Time moved = *done;
  Reply reply = Good();
  if (!asked->start) {
    reply = Eject(now, &moved);
  } else if (!barcode_.has_value()) {
    reply = Check(sense::kNoMedium);
  } else if (released_) {
    released_ = false;
    to_be_announced_ = true;
    tray_moves_until_ = std::max(now, tray_moves_until_) + options_.type.tray_time;
    moved = tray_moves_until_;
    LoadMedium(*barcode_, tray_moves_until_);
  }
  if (!asked->immediate) *done = std::max(*done, moved);
  return reply;
}

// Off and on again: what was buffered is lost, and the disc is recognised anew.
void VirtualDrive::CutPower(absl::Time now) {
  unit_attentions_ = {sense::kPowerOn};
  events_.clear();
  removal_prevented_ = false;
  to_be_announced_ = false;
  if (barcode_.has_value() && !released_) LoadMedium(*barcode_, now);
}

Reply VirtualDrive::Eject(absl::Time now, absl::Time* moved) {
  if (removal_prevented_) return Check(sense::kRemovalPrevented);
  if (!barcode_.has_value() || released_) return Good();
  if (medium_.has_value()) last_configuration_ = medium_->configuration;
  if (medium_.has_value() && medium_->writer != nullptr) medium_->writer->Finish();
  medium_.reset();
  released_ = true;
  to_be_announced_ = false;
  tray_moves_until_ = std::max(now, tray_moves_until_) + options_.type.tray_time;
  *moved = tray_moves_until_;
  events_.push_back(mmc::MediaEventCode::kMediaRemoval);
  return Good();
}

Reply VirtualDrive::FormatCapacities(absl::Time now) {
  const std::optional<scsi::Sense> obstacle = Obstacle(now);
  if (!obstacle.has_value()) return AnswerFormatCapacities(medium_->disc);
  if (*obstacle != sense::kNoMedium) return Check(*obstacle);
  return Good(mmc::EncodeFormatCapacities({.type = mmc::FormatDescriptor::kNoMedia}));
}

Reply VirtualDrive::RequestSense(absl::Span<const uint8_t> cdb, absl::Time now) {
  const absl::StatusOr<mmc::RequestSenseCdb> asked = mmc::DecodeRequestSenseCdb(cdb);
  if (!asked.ok() || asked->descriptor_format) return Check(sense::kInvalidField);
  scsi::Sense current = Obstacle(now).value_or(Busy(now).value_or(scsi::Sense()));
  if (!unit_attentions_.empty()) {
    current = unit_attentions_.front();
    unit_attentions_.pop_front();
  }
  const auto bytes = scsi::EncodeFixedSense(current);
  return Good({bytes.begin(), bytes.end()});
}

Reply VirtualDrive::EventStatus(absl::Span<const uint8_t> cdb, absl::Time now) {
  const absl::StatusOr<mmc::GetEventStatusCdb> asked = mmc::DecodeGetEventStatusCdb(cdb);
  if (!asked.ok() || !asked->polled) return Check(sense::kInvalidField);
  mmc::EventStatus status{.supported_classes = mmc::kMediaEventsRequest};
  if ((asked->classes & mmc::kMediaEventsRequest) != 0) {
    mmc::MediaEvent event{.media_present = !Obstacle(now).has_value(), .door_open = released_};
    // An initiator that takes the header only has not taken the event (MMC-6 6.7.1).
    constexpr uint16_t kHeaderSize = 4;
    if (!events_.empty() && asked->allocation_length > kHeaderSize) {
      event.code = events_.front();
      events_.pop_front();
    }
    status.media = event;
  }
  return Good(mmc::EncodeEventStatus(status));
}

CurrentConfiguration VirtualDrive::Configuration(absl::Time now) const {
  if (!Obstacle(now).has_value()) return medium_->configuration;
  return options_.quirks.stale_profile ? last_configuration_ : EmptyConfiguration();
}

}  // namespace carousel::virtual_robot
