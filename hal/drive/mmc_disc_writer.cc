#include "hal/drive/mmc_disc_writer.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/drive/long_work.h"
#include "hal/drive/write_answer.h"
#include "hal/mmc/blank.h"
#include "hal/mmc/close_track_session.h"
#include "hal/mmc/mode_select.h"
#include "hal/mmc/profile.h"
#include "hal/mmc/read_buffer_capacity.h"
#include "hal/mmc/read_disc_information.h"
#include "hal/mmc/read_format_capacities.h"
#include "hal/mmc/reserve_track.h"
#include "hal/mmc/send_opc_information.h"
#include "hal/mmc/set_cd_speed.h"
#include "hal/mmc/set_streaming.h"
#include "hal/mmc/synchronize_cache.h"
#include "hal/mmc/write.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

constexpr size_t kModePageSize = 8 + 2 + 255;
// Disc information and one OPC entry.
constexpr size_t kDiscInformationSize = 34 + 8;
// SPC-4 annex F.
constexpr uint8_t kPowerCalibrationAsc = 0x73;
constexpr uint8_t kWriteErrorAsc = 0x0C;
constexpr uint8_t kLossOfStreamingAscq = 0x09;
// Waits for room in the buffer.
constexpr absl::Duration kShortestWait = absl::Milliseconds(2);
constexpr absl::Duration kUsualWait = absl::Milliseconds(25);
constexpr absl::Duration kLongestWait = absl::Milliseconds(500);

// The most sectors of one WRITE: whole units of every medium (BD 32, DVD 16), where the transport
// carries as many.
size_t SectorsPerWrite(size_t max_transfer) {
  const size_t most = std::min<size_t>(max_transfer / kSectorSize, 0xFFFF);
  for (const size_t unit : {32, 16}) {
    if (most >= unit) return most - most % unit;
  }
  return std::max<size_t>(most, 1);
}

mmc::CloseFunction FunctionOf(SessionClose how) {
  switch (how) {
    case SessionClose::kNone:
      return mmc::CloseFunction::kReserved;
    case SessionClose::kStopFormat:
      return mmc::CloseFunction::kStopBackgroundFormat;
    case SessionClose::kSession:
      return mmc::CloseFunction::kSession;
    case SessionClose::kFinalizeMinimalRadius:
      return mmc::CloseFunction::kFinalizeMinimalRadius;
    case SessionClose::kFinalize:
      return mmc::CloseFunction::kFinalize;
  }
  return mmc::CloseFunction::kReserved;
}

// READ DISC INFORMATION shows what CLOSE with `how` was for.
bool IsClosed(SessionClose how, const mmc::DiscInformation& disc) {
  switch (how) {
    case SessionClose::kStopFormat:
      return disc.background_format != mmc::BackgroundFormat::kRunning;
    case SessionClose::kFinalizeMinimalRadius:
    case SessionClose::kFinalize:
      return disc.disc_status == mmc::DiscStatus::kComplete;
    case SessionClose::kNone:
    case SessionClose::kSession:
      break;
  }
  return disc.last_session != mmc::LastSessionState::kIncomplete;
}

bool IsSense(const absl::Status& status, uint8_t asc) {
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(status);
  return payload.has_value() && payload->sense.asc == asc;
}

bool IsLossOfStreaming(const absl::Status& status) {
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(status);
  return payload.has_value() && payload->sense.Is(kWriteErrorAsc, kLossOfStreamingAscq);
}

}  // namespace

absl::Status MmcDiscWriter::SetWriteSpeed(const WriteSpeed& speed) {
  speed_ = speed.speed;
  if (speed.command == SpeedCommand::kSetCdSpeed) {
    mmc::SetCdSpeedCdb cdb;
    if (speed.speed.has_value()) {
      cdb.write_speed = mmc::ToKilobytes(*speed.speed, mmc::Profile::kCdR);
    }
    return device_.ExecutePastUnitAttention(mmc::MakeCommand(cdb), options_.max_attempts).status();
  }
  mmc::PerformanceDescriptor descriptor{.restore_default = !speed.speed.has_value()};
  if (speed.speed.has_value()) {
    descriptor.end = std::max(Lba(0), speed.end - Sectors(1));
    descriptor.write_speed = mmc::ToKilobytes(*speed.speed, mmc::Profile::kDvdR);
    // Drives turn the disc for both; reading is not asked to be slower.
    descriptor.read_speed = descriptor.write_speed;
  }
  const std::vector<uint8_t> parameters = mmc::EncodePerformanceDescriptor(descriptor);
  return device_
      .ExecutePastUnitAttention(mmc::MakeCommand(mmc::SetStreamingCdb{}, parameters),
                                options_.max_attempts)
      .status();
}

absl::StatusOr<mmc::ModePage> MmcDiscWriter::ReadWriteParameters() {
  std::array<uint8_t, kModePageSize> buffer = {};
  const absl::StatusOr<size_t> received = device_.ExecutePastUnitAttention(
      mmc::MakeCommand(mmc::ModeSenseCdb{.page = mmc::kWriteParametersPage},
                       absl::MakeSpan(buffer)),
      options_.max_attempts);
  if (!received.ok()) return RefusalAsInternal(received.status());
  ASSIGN_OR_RETURN(const mmc::ModeData mode,
                   mmc::DecodeModeData(absl::MakeConstSpan(buffer).subspan(0, *received)));
  const mmc::ModePage* page = mode.Find(mmc::kWriteParametersPage);
  if (page == nullptr) {
    return absl::InternalError(absl::StrCat(device_.name(), ": mode page 05h did not come"));
  }
  return *page;
}

absl::Status MmcDiscWriter::SetWriteParameters(const mmc::WriteParameters& parameters) {
  ASSIGN_OR_RETURN(mmc::ModePage page, ReadWriteParameters());
  ASSIGN_OR_RETURN(page, mmc::WithWriteParameters(std::move(page), parameters));
  const std::vector<uint8_t> list = mmc::EncodeModeParameters(page);
  RETURN_IF_ERROR(device_
                      .ExecutePastUnitAttention(mmc::MakeCommand(mmc::ModeSelectCdb{}, list),
                                                options_.max_attempts)
                      .status());
  ASSIGN_OR_RETURN(page, ReadWriteParameters());
  ASSIGN_OR_RETURN(const mmc::WriteParameters kept, mmc::DecodeWriteParameters(page));
  if (kept.write_type != parameters.write_type || kept.multi_session != parameters.multi_session ||
      kept.test_write != parameters.test_write) {
    return absl::FailedPreconditionError(absl::StrCat(
        device_.name(), ": write type ", parameters.write_type, ", multi-session ",
        parameters.multi_session, ", test write ", parameters.test_write, " were set, and it has ",
        kept.write_type, ", ", kept.multi_session, ", ", kept.test_write));
  }
  return absl::OkStatus();
}

absl::StatusOr<uint8_t> MmcDiscWriter::CountOpcEntries() {
  std::array<uint8_t, kDiscInformationSize> buffer = {};
  ASSIGN_OR_RETURN(const size_t received,
                   device_.ExecutePastUnitAttention(
                       mmc::MakeCommand(mmc::ReadDiscInformationCdb{}, absl::MakeSpan(buffer)),
                       options_.max_attempts));
  ASSIGN_OR_RETURN(const mmc::DiscInformation disc,
                   mmc::DecodeDiscInformation(absl::MakeConstSpan(buffer).subspan(0, received)));
  return disc.opc_tables;
}

absl::Status MmcDiscWriter::CalibratePower() {
  const absl::StatusOr<uint8_t> entries = CountOpcEntries();
  if (!entries.ok()) return RefusalAsInternal(entries.status());
  if (*entries > 0) return absl::OkStatus();
  const absl::Status status =
      device_
          .ExecutePastUnitAttention(mmc::MakeCommand(mmc::SendOpcInformationCdb{}),
                                    options_.max_attempts)
          .status();
  return IsRefusal(status) && !IsSense(status, kPowerCalibrationAsc) ? absl::OkStatus() : status;
}

BurnStatus MmcDiscWriter::ReserveTrack(Sectors size) {
  if (size <= Sectors(0)) {
    return BurnStatus::Refused(absl::InvalidArgumentError(
        absl::StrCat(device_.name(), ": a reservation of ", size.value(), " sectors")));
  }
  const absl::Status status =
      device_.Execute(mmc::MakeCommand(mmc::ReserveTrackCdb{.size = size})).status();
  const BurnStatus reserved = status.ok() ? BurnStatus::Done() : BurnStatus::FromError(status);
  if (reserved.effect() != DiscEffect::kNone) device_.AdvanceGeneration();
  return reserved;
}

BurnStatus MmcDiscWriter::Write(Lba start, absl::Span<const uint8_t> sectors) {
  if (const absl::Status request = CheckWriteRequest(start, sectors.size()); !request.ok()) {
    return BurnStatus::Refused(request);
  }
  const size_t part = SectorsPerWrite(device_.max_transfer()) * kSectorSize;
  Sectors taken;
  for (size_t done = 0; done < sectors.size(); done += part) {
    const absl::Span<const uint8_t> bytes = sectors.subspan(done, part);
    const BurnStatus status = WritePart(start + taken, bytes);
    if (status.effect() != DiscEffect::kNone && !buffered()) {
      device_.AdvanceGeneration();
      buffered_in_ = device_.generation();
    }
    if (!status.ok()) {
      return status.effect() == DiscEffect::kUnknown ? BurnStatus::InDoubt(status.status(), taken)
                                                     : BurnStatus::Refused(status.status(), taken);
    }
    taken += Sectors(bytes.size() / kSectorSize);
  }
  return BurnStatus::Done(taken);
}

BurnStatus MmcDiscWriter::WritePart(Lba start, absl::Span<const uint8_t> sectors) {
  const scsi::Command command = mmc::MakeCommand(mmc::WriteCdb{.lba = start}, sectors);
  const absl::Time deadline = device_.clock().Now() + options_.write_budget;
  const bool first = !buffered();  // now: an answer may end the generation
  bool synchronized = false;
  while (true) {
    const absl::Status status = device_.Execute(command).status();
    absl::Duration wait;
    switch (JudgeWrite(status, first)) {
      case WriteAnswer::kTaken:
        return BurnStatus::Done();
      case WriteAnswer::kFailed:
        return BurnStatus::FromError(status);
      case WriteAnswer::kBufferFull: {
        const absl::StatusOr<absl::Duration> room = RoomWait(sectors.size());
        if (!room.ok()) return BurnStatus::InDoubt(room.status());
        wait = *room;
        break;
      }
      case WriteAnswer::kLater:
        wait = options_.poll_interval;
        break;
      case WriteAnswer::kAfterSynchronize: {
        if (synchronized) return BurnStatus::FromError(status);
        synchronized = true;
        const absl::Status written = SynchronizeNow(options_.synchronize_budget);
        if (!written.ok()) return BurnStatus::InDoubt(written);
        break;
      }
    }
    if (device_.clock().Now() + wait > deadline) return BurnStatus::FromError(status);
    device_.clock().SleepFor(wait);
  }
}

absl::StatusOr<absl::Duration> MmcDiscWriter::RoomWait(int64_t size) {
  const absl::StatusOr<WriteBuffer> buffer = ReadBufferCapacity();
  if (IsUnitAttention(buffer.status())) return buffer.status();
  if (!buffer.ok() || buffer->length == 0) return kUsualWait;
  if (buffer->available >= size) return kShortestWait;
  if (!speed_.has_value() || speed_->value() <= 0) return kUsualWait;
  // As long as half of the buffer takes at the speed that was set.
  const absl::Duration half = absl::Seconds(static_cast<double>(buffer->length) / 2 / kSectorSize /
                                            static_cast<double>(speed_->value()));
  return std::clamp(half, kShortestWait, kLongestWait);
}

absl::Status MmcDiscWriter::SynchronizeNow(absl::Duration timeout) {
  scsi::Command command = mmc::MakeCommand(mmc::SynchronizeCacheCdb{});
  command.timeout = timeout;
  const absl::Status status = device_.Execute(command).status();
  return IsLossOfStreaming(status) ? absl::OkStatus() : status;
}

BurnStatus MmcDiscWriter::Synchronize(const OnProgress& progress) {
  const BurnStatus begun =
      RunLongWork(device_,
                  {.command =
                       [](bool immediate) {
                         return mmc::MakeCommand(mmc::SynchronizeCacheCdb{.immediate = immediate});
                       },
                   .budget = options_.synchronize_budget,
                   .poll_interval = options_.poll_interval},
                  progress);
  if (!begun.ok() && !IsLossOfStreaming(begun.status())) return begun;
  const absl::Status written = SynchronizeNow(options_.synchronize_budget);
  if (!written.ok()) return BurnStatus::InDoubt(written);
  return BurnStatus::Done();
}

BurnStatus MmcDiscWriter::CloseTrack(TrackNumber track, const OnProgress& progress) {
  return RunLongWork(
      device_,
      {.command =
           [track](bool immediate) {
             return mmc::MakeCommand(mmc::CloseTrackSessionCdb{
                 .immediate = immediate, .function = mmc::CloseFunction::kTrack, .track = track});
           },
       .budget = options_.close_budget,
       .poll_interval = options_.poll_interval},
      progress);
}

BurnStatus MmcDiscWriter::CloseSession(SessionClose how, const OnProgress& progress) {
  if (how == SessionClose::kNone) {
    return BurnStatus::Refused(absl::InvalidArgumentError(
        absl::StrCat(device_.name(), ": this medium's sessions are not closed")));
  }
  return RunLongWork(
      device_,
      {.command =
           [how](bool immediate) {
             return mmc::MakeCommand(
                 mmc::CloseTrackSessionCdb{.immediate = immediate, .function = FunctionOf(how)});
           },
       .is_done = [how](const mmc::DiscInformation& disc) { return IsClosed(how, disc); },
       .budget = options_.close_budget,
       .poll_interval = options_.poll_interval},
      progress);
}

BurnStatus MmcDiscWriter::Blank(BlankExtent extent, const OnProgress& progress) {
  const mmc::BlankType type =
      extent == BlankExtent::kWhole ? mmc::BlankType::kDisc : mmc::BlankType::kMinimal;
  return RunLongWork(
      device_,
      {.command =
           [type](bool immediate) {
             return mmc::MakeCommand(mmc::BlankCdb{.immediate = immediate, .type = type});
           },
       .is_done =
           [](const mmc::DiscInformation& disc) {
             return disc.disc_status == mmc::DiscStatus::kBlank;
           },
       .budget = options_.blank_budget,
       .poll_interval = options_.poll_interval,
       .medium_changes = true},
      progress);
}

absl::StatusOr<mmc::FormatParameters> MmcDiscWriter::Offered(mmc::FormatParameters format) {
  if (format.size.has_value() || format.type == mmc::FormatType::kDvdPlusRw) return format;
  std::array<uint8_t, mmc::kMaxFormatCapacitiesSize> buffer = {};
  ASSIGN_OR_RETURN(const size_t received,
                   device_.ExecutePastUnitAttention(
                       mmc::MakeCommand(mmc::ReadFormatCapacitiesCdb{}, absl::MakeSpan(buffer)),
                       options_.max_attempts));
  ASSIGN_OR_RETURN(const mmc::FormatCapacities capacities,
                   mmc::DecodeFormatCapacities(absl::MakeConstSpan(buffer).subspan(0, received)));
  for (const mmc::FormattableCapacity& offered : capacities.formattable) {
    if (offered.type != static_cast<uint8_t>(format.type)) continue;
    format.size = Sectors(offered.blocks);
    if (format.parameter == 0) format.parameter = offered.parameter;
    return format;
  }
  return absl::FailedPreconditionError(absl::StrCat(device_.name(), ": format type ",
                                                    static_cast<int>(format.type),
                                                    " is not offered for this medium"));
}

BurnStatus MmcDiscWriter::Format(const mmc::FormatParameters& format, const OnProgress& progress) {
  absl::StatusOr<mmc::FormatParameters> sent = Offered(format);
  if (!sent.ok()) return BurnStatus::Refused(sent.status());
  std::vector<uint8_t> list;  // outlives each command
  return RunLongWork(device_,
                     {.command =
                          [&sent, &list](bool immediate) {
                            sent->immediate = immediate;
                            list = mmc::EncodeFormatParameters(*sent);
                            return mmc::MakeCommand(mmc::FormatUnitCdb{}, list);
                          },
                      .budget = options_.format_budget,
                      .poll_interval = options_.poll_interval,
                      .medium_changes = true},
                     progress);
}

absl::StatusOr<WriteBuffer> MmcDiscWriter::ReadBufferCapacity() {
  std::array<uint8_t, mmc::kBufferCapacitySize> buffer = {};
  const absl::StatusOr<size_t> received =
      device_.Execute(mmc::MakeCommand(mmc::ReadBufferCapacityCdb{}, absl::MakeSpan(buffer)));
  if (!received.ok()) return NeverUnavailable(RefusalAsInternal(received.status()));
  ASSIGN_OR_RETURN(const mmc::BufferCapacity capacity,
                   mmc::DecodeBufferCapacity(absl::MakeConstSpan(buffer).subspan(0, *received)));
  return WriteBuffer{.length = capacity.length_bytes(), .available = capacity.available_bytes()};
}

}  // namespace carousel
