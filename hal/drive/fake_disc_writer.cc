#include "hal/drive/fake_disc_writer.h"

#include "hal/base/status_macros.h"
#include "hal/drive/fake_drive.h"
#include "hal/scsi/opcode.h"

namespace carousel {

using Method = FakeDriveMethod;
namespace opcode = scsi::opcode;

absl::Status FakeDiscWriter::Ask(Method method, uint8_t code, const OnDisc& on_disc) {
  RETURN_IF_ERROR(drive_.Enter(method));
  return drive_.WithDisc(code, on_disc);
}

BurnStatus FakeDiscWriter::Change(Method method, uint8_t code, const OnDisc& on_disc,
                                  const OnProgress& progress) {
  const absl::Status status = Ask(method, code, on_disc);
  if (progress) progress(status.ok() ? std::optional<double>(1) : std::nullopt);
  const BurnStatus burnt = status.ok() ? BurnStatus::Done() : BurnStatus::FromError(status);
  if (burnt.effect() != DiscEffect::kNone) drive_.AdvanceGeneration();
  return burnt;
}

absl::Status FakeDiscWriter::SetWriteSpeed(const WriteSpeed&) {
  return Ask(Method::kSetWriteSpeed, opcode::kSetStreaming,
             [](FakeDisc&) { return absl::OkStatus(); });
}

absl::Status FakeDiscWriter::SetWriteParameters(const mmc::WriteParameters& parameters) {
  return Ask(Method::kSetWriteParameters, opcode::kModeSelect10,
             [&](FakeDisc& disc) { return disc.SetWriteParameters(parameters); });
}

absl::Status FakeDiscWriter::CalibratePower() {
  return Ask(Method::kCalibratePower, opcode::kSendOpcInformation,
             [](FakeDisc&) { return absl::OkStatus(); });
}

BurnStatus FakeDiscWriter::ReserveTrack(Sectors size) {
  if (size <= Sectors(0)) {
    return BurnStatus::Refused(absl::InvalidArgumentError("fake drive: a size to reserve"));
  }
  return Change(Method::kReserveTrack, opcode::kReserveTrack,
                [size](FakeDisc& disc) { return disc.ReserveTrack(size); });
}

BurnStatus FakeDiscWriter::Write(Lba start, absl::Span<const uint8_t> sectors) {
  if (const absl::Status request = CheckWriteRequest(start, sectors.size()); !request.ok()) {
    return BurnStatus::Refused(request);
  }
  const Sectors count(sectors.size() / kSectorSize);
  drive_.NoteWrite({.start = start, .count = count});
  const absl::Status status = Ask(Method::kWrite, opcode::kWrite10,
                                  [&](FakeDisc& disc) { return disc.Write(start, sectors); });
  const BurnStatus burnt = status.ok() ? BurnStatus::Done(count) : BurnStatus::FromError(status);
  if (burnt.effect() != DiscEffect::kNone && buffered_in_ != drive_.generation()) {
    drive_.AdvanceGeneration();
    buffered_in_ = drive_.generation();
  }
  return burnt;
}

BurnStatus FakeDiscWriter::Synchronize(const OnProgress& progress) {
  return Change(
      Method::kSynchronize, opcode::kSynchronizeCache,
      [](FakeDisc& disc) {
        disc.Synchronize();
        return absl::OkStatus();
      },
      progress);
}

BurnStatus FakeDiscWriter::CloseTrack(TrackNumber track, const OnProgress& progress) {
  return Change(
      Method::kCloseTrack, opcode::kCloseTrackSession,
      [track](FakeDisc& disc) { return disc.CloseTrack(track); }, progress);
}

BurnStatus FakeDiscWriter::CloseSession(SessionClose how, const OnProgress& progress) {
  if (how == SessionClose::kNone) {
    return BurnStatus::Refused(absl::InvalidArgumentError("fake drive: a way to close"));
  }
  return Change(
      Method::kCloseSession, opcode::kCloseTrackSession,
      [how](FakeDisc& disc) { return disc.CloseSession(how); }, progress);
}

BurnStatus FakeDiscWriter::Blank(BlankExtent extent, const OnProgress& progress) {
  return Change(
      Method::kBlank, opcode::kBlank, [extent](FakeDisc& disc) { return disc.Blank(extent); },
      progress);
}

BurnStatus FakeDiscWriter::Format(const mmc::FormatParameters& format, const OnProgress& progress) {
  return Change(
      Method::kFormat, opcode::kFormatUnit,
      [&format](FakeDisc& disc) { return disc.Format(format); }, progress);
}

absl::StatusOr<WriteBuffer> FakeDiscWriter::ReadBufferCapacity() {
  const absl::Status status = Ask(Method::kReadBufferCapacity, opcode::kReadBufferCapacity,
                                  [](FakeDisc&) { return absl::OkStatus(); });
  if (!status.ok()) return NeverUnavailable(status);
  return WriteBuffer{.length = 4 << 20, .available = 4 << 20};
}

}  // namespace carousel
