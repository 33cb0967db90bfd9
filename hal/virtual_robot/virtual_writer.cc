#include "hal/virtual_robot/virtual_writer.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/status/statusor.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/blank.h"
#include "hal/mmc/close_track_session.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/mode_select.h"
#include "hal/mmc/read_buffer_capacity.h"
#include "hal/mmc/reserve_track.h"
#include "hal/mmc/send_opc_information.h"
#include "hal/mmc/set_cd_speed.h"
#include "hal/mmc/set_streaming.h"
#include "hal/mmc/synchronize_cache.h"
#include "hal/mmc/write.h"
#include "hal/scsi/opcode.h"

namespace carousel::virtual_robot {
namespace {

namespace opcode = scsi::opcode;

// 4 MiB, what drives of these kinds say (mode page 2Ah).
constexpr Sectors kBuffer{2'048};
// No drive publishes these; orders of magnitude of real ones.
constexpr absl::Duration kCalibration = absl::Seconds(5);
constexpr absl::Duration kCloseTrack[kFamilies] = {absl::Seconds(5), absl::Seconds(5),
                                                   absl::Seconds(2)};
constexpr absl::Duration kCloseSession[kFamilies] = {absl::Seconds(40), absl::Seconds(30),
                                                     absl::Seconds(10)};
constexpr absl::Duration kMinimalBlank = absl::Seconds(30);
constexpr absl::Duration kFormat = absl::Seconds(30);
constexpr double kKilobyte = 1000;

absl::Span<const uint8_t> CdbOf(const scsi::Command& command) {
  return absl::MakeConstSpan(command.cdb.data(), command.cdb_size);
}

Reply ReplyTo(const Refusal& refusal) { return refusal.has_value() ? Check(*refusal) : Good(); }

}  // namespace

VirtualWriter::VirtualWriter(const DriveType& type, const Quirks& quirks, DiscStore store,
                             DiscData data, Disc* disc)
    : type_(type),
      quirks_(quirks),
      store_(std::move(store)),
      data_(std::move(data)),
      disc_(*disc),
      recorder_(disc, this, kBuffer),
      page_(DefaultWriteParametersPage()) {
  const auto parameters = mmc::DecodeWriteParameters(page_);
  if (parameters.ok()) recorder_.set_page(*parameters);
}

absl::Status VirtualWriter::WriteSectors(Lba start, absl::Span<const uint8_t> sectors) {
  return data_.Write(start, sectors);
}

absl::Status VirtualWriter::Save(const Disc& disc) { return store_.Save(disc); }

bool VirtualWriter::Answers(uint8_t code) {
  switch (code) {
    case opcode::kFormatUnit:
    case opcode::kWrite10:
    case opcode::kSynchronizeCache:
    case opcode::kReserveTrack:
    case opcode::kSendOpcInformation:
    case opcode::kModeSelect10:
    case opcode::kCloseTrackSession:
    case opcode::kReadBufferCapacity:
    case opcode::kBlank:
    case opcode::kWrite12:
    case opcode::kSetStreaming:
    case opcode::kSetCdSpeed:
      return true;
    default:
      return false;
  }
}

std::optional<scsi::Sense> VirtualWriter::Busy(absl::Time now) const {
  if (now >= busy_until_) return std::nullopt;
  scsi::Sense busy = sense::kOperationInProgress;
  const double part = absl::FDivDuration(now - busy_from_, busy_until_ - busy_from_);
  busy.progress = static_cast<uint16_t>(std::clamp(part, 0.0, 1.0) * 65535);
  return busy;
}

Reply VirtualWriter::Execute(const scsi::Command& command, absl::Time now, absl::Time* done) {
  if (command.opcode() == opcode::kReadBufferCapacity) return BufferCapacity(CdbOf(command), now);
  if (const std::optional<scsi::Sense> busy = Busy(now); busy.has_value()) return Check(*busy);
  const absl::Span<const uint8_t> cdb = CdbOf(command);
  switch (command.opcode()) {
    case opcode::kWrite10:
    case opcode::kWrite12:
      return WriteBlocks(command, now, done);
    case opcode::kSynchronizeCache:
      return Synchronize(cdb, now, done);
    case opcode::kCloseTrackSession:
      return Close(cdb, now, done);
    case opcode::kBlank:
      return Blank(cdb, now, done);
    case opcode::kFormatUnit:
      return Format(command, now, done);
    case opcode::kModeSelect10:
      return SelectMode(command);
    case opcode::kSetStreaming:
      return SetStreaming(command);
    case opcode::kSetCdSpeed:
      return SetCdSpeed(cdb);
    case opcode::kReserveTrack: {
      const absl::StatusOr<mmc::ReserveTrackCdb> asked = mmc::DecodeReserveTrackCdb(cdb);
      if (!asked.ok() || asked->by_address) return Check(sense::kInvalidField);
      return ReplyTo(recorder_.ReserveTrack(asked->size));
    }
    case opcode::kSendOpcInformation:
      if (const Refusal obstacle = WriteObstacle(disc_); obstacle.has_value()) {
        return Check(*obstacle);
      }
      *done = std::max(*done, now + kCalibration);
      return Good();
    default:
      return Check(sense::kInvalidOpcode);
  }
}

double VirtualWriter::Speed() const {
  const Family family = FamilyOf(disc_.medium->profile);
  const std::vector<double>& speeds = type_.family(family).write_speeds;
  if (speeds.empty()) return 1;
  // What is asked for comes in whole thousands of bytes.
  const double most = speed_.value_or(std::numeric_limits<double>::max()) + kKilobyte;
  for (const double speed : speeds) {
    if (speed * BaseRate(family) <= most) return speed;
  }
  return speeds.back();
}

double VirtualWriter::Rate() const { return Speed() * BaseRate(FamilyOf(disc_.medium->profile)); }

absl::Duration VirtualWriter::WritingTime(Sectors count) const {
  return absl::Seconds(static_cast<double>(count.bytes()) / Rate());
}

Reply VirtualWriter::WriteBlocks(const scsi::Command& command, absl::Time now, absl::Time* done) {
  const absl::StatusOr<mmc::WriteCdb> asked = mmc::DecodeWriteCdb(CdbOf(command));
  if (!asked.ok()) return Check(sense::kInvalidField);
  if (asked->blocks.bytes() != static_cast<int64_t>(command.data_out.size())) {
    return Check(sense::kInvalidField);
  }
  const Refusal refusal = recorder_.Write(asked->lba, command.data_out);
  if (refusal.has_value()) return Check(*refusal);
  written_at_ = std::max(written_at_, now) + WritingTime(asked->blocks);
  // GOOD when all of it is in the buffer.
  *done = std::max(*done, written_at_ - WritingTime(recorder_.buffer_size()));
  return Good();
}

Reply VirtualWriter::Long(Refusal refusal, bool immediate, absl::Duration duration, absl::Time now,
                          absl::Time* done) {
  if (refusal.has_value()) return Check(*refusal);
  const absl::Time end = std::max(written_at_, now) + duration;
  if (immediate) {
    busy_from_ = now;
    busy_until_ = end;
  } else {
    *done = std::max(*done, end);
  }
  return Good();
}

Reply VirtualWriter::Synchronize(absl::Span<const uint8_t> cdb, absl::Time now, absl::Time* done) {
  const absl::StatusOr<mmc::SynchronizeCacheCdb> asked = mmc::DecodeSynchronizeCacheCdb(cdb);
  if (!asked.ok()) return Check(sense::kInvalidField);
  return Long(recorder_.Synchronize(), asked->immediate, absl::ZeroDuration(), now, done);
}

Reply VirtualWriter::Close(absl::Span<const uint8_t> cdb, absl::Time now, absl::Time* done) {
  const absl::StatusOr<mmc::CloseTrackSessionCdb> asked = mmc::DecodeCloseTrackSessionCdb(cdb);
  if (!asked.ok()) return Check(sense::kInvalidField);
  const size_t family = static_cast<size_t>(FamilyOf(disc_.medium->profile));
  const bool track = asked->function == mmc::CloseFunction::kTrack;
  return Long(recorder_.CloseTrackSession(*asked), asked->immediate,
              track ? kCloseTrack[family] : kCloseSession[family], now, done);
}

Reply VirtualWriter::Blank(absl::Span<const uint8_t> cdb, absl::Time now, absl::Time* done) {
  const absl::StatusOr<mmc::BlankCdb> asked = mmc::DecodeBlankCdb(cdb);
  if (!asked.ok()) return Check(sense::kInvalidField);
  const bool whole = asked->type == mmc::BlankType::kDisc;
  return Long(recorder_.BlankDisc(*asked), asked->immediate,
              whole ? WritingTime(disc_.capacity) : kMinimalBlank, now, done);
}

Reply VirtualWriter::Format(const scsi::Command& command, absl::Time now, absl::Time* done) {
  const absl::StatusOr<mmc::FormatUnitCdb> asked = mmc::DecodeFormatUnitCdb(CdbOf(command));
  if (!asked.ok() || !asked->format_data || asked->format_code != 1) {
    return Check(sense::kInvalidField);
  }
  const absl::StatusOr<mmc::FormatParameters> format =
      mmc::DecodeFormatParameters(command.data_out);
  if (!format.ok()) return Check(sense::kInvalidParameter);
  return Long(recorder_.FormatUnit(*format), format->immediate, kFormat, now, done);
}

Reply VirtualWriter::SelectMode(const scsi::Command& command) {
  const absl::StatusOr<mmc::ModeSelectCdb> asked = mmc::DecodeModeSelectCdb(CdbOf(command));
  if (!asked.ok() || !asked->page_format || asked->save_pages) return Check(sense::kInvalidField);
  const absl::StatusOr<mmc::ModeData> mode = mmc::DecodeModeParameters(command.data_out);
  if (!mode.ok()) return Check(sense::kInvalidParameter);
  for (const mmc::ModePage& page : mode->pages) {
    if (page.code != mmc::kWriteParametersPage) continue;
    if (quirks_.write_parameters_refused && !HasWriteParameters(disc_)) {
      return Check(sense::kInvalidParameter);
    }
    const absl::StatusOr<mmc::WriteParameters> parameters = mmc::DecodeWriteParameters(page);
    if (!parameters.ok() || page.data.size() != page_.data.size()) {
      return Check(sense::kInvalidParameter);
    }
    page_ = page;
    recorder_.set_page(*parameters);
  }
  return Good();
}

Reply VirtualWriter::SetStreaming(const scsi::Command& command) {
  const absl::StatusOr<mmc::SetStreamingCdb> asked = mmc::DecodeSetStreamingCdb(CdbOf(command));
  if (!asked.ok() || asked->type != 0) return Check(sense::kInvalidField);
  const absl::StatusOr<mmc::PerformanceDescriptor> descriptor =
      mmc::DecodePerformanceDescriptor(command.data_out);
  if (!descriptor.ok()) return Check(sense::kInvalidParameter);
  speed_.reset();
  if (!descriptor->restore_default) speed_ = descriptor->write_speed.value() * kKilobyte;
  return Good();
}

Reply VirtualWriter::SetCdSpeed(absl::Span<const uint8_t> cdb) {
  const absl::StatusOr<mmc::SetCdSpeedCdb> asked = mmc::DecodeSetCdSpeedCdb(cdb);
  if (!asked.ok()) return Check(sense::kInvalidField);
  speed_.reset();
  if (asked->write_speed != mmc::kFastestCdSpeed) {
    // Of raw sectors of 2,352 bytes.
    speed_ = asked->write_speed.value() * kKilobyte * kSectorSize / 2352;
  }
  return Good();
}

Reply VirtualWriter::BufferCapacity(absl::Span<const uint8_t> cdb, absl::Time now) const {
  const absl::StatusOr<mmc::ReadBufferCapacityCdb> asked = mmc::DecodeReadBufferCapacityCdb(cdb);
  if (!asked.ok()) return Check(sense::kInvalidField);
  const double waiting = std::max(0.0, absl::ToDoubleSeconds(written_at_ - now) * Rate());
  const auto length = static_cast<double>(recorder_.buffer_size().bytes());
  const double free =
      written_at_ == absl::InfinitePast() ? length : length - std::min(length, waiting);
  const uint32_t unit = asked->in_blocks ? kSectorSize : 1;
  return Good(mmc::EncodeBufferCapacity({.in_blocks = asked->in_blocks,
                                         .length = static_cast<uint32_t>(length) / unit,
                                         .available = static_cast<uint32_t>(free) / unit}));
}

}  // namespace carousel::virtual_robot
