#include "hal/virtual_robot/disc_recorder.h"

#include <algorithm>
#include <vector>

#include "hal/base/status_macros.h"
#include "hal/virtual_robot/reply.h"

namespace carousel::virtual_robot {
namespace {

constexpr uint8_t kAtOnce = 2;  // write type of page 05h

}  // namespace

DiscRecorder::DiscRecorder(Disc* disc, DiscKeeper* keeper, Sectors buffer_size)
    : disc_(*disc), keeper_(*keeper), buffer_size_(buffer_size), kept_(*disc) {}

void DiscRecorder::set_page(const mmc::WriteParameters& page) {
  if (page_.test_write) reserved_.reset();
  simulated_.reset();
  page_ = page;
}

Refusal DiscRecorder::Write(Lba start, absl::Span<const uint8_t> sectors) {
  const Sectors count(sectors.size() / kSectorSize);
  if (page_.test_write && HasWriteParameters(disc_)) {
    // Checked as if the disc were written, which it is not.
    Disc shadow = disc_;
    if (const std::optional<Lba> next = disc_.NextWritable(); simulated_.has_value() && next) {
      AddToTrack(shadow, *next, *simulated_ - *next);
    }
    const Refusal refusal = CheckWrite(shadow, page_, reserved_, start, count);
    if (!refusal.has_value()) simulated_ = start + count;
    return refusal;
  }
  const Refusal refusal = CheckWrite(disc_, page_, reserved_, start, count);
  if (refusal.has_value() || count == Sectors(0)) return refusal;
  if (disc_.intermediate) {
    // Written from 0 on without a hole (growisofs).
    if (start > grown_) return sense::kInvalidWriteAddress;
    grown_ = std::max(grown_, start + count);
  }
  AddToTrack(disc_, start, count);
  buffer_.Append(start, sectors);
  if (buffer_.size() <= buffer_size_) return std::nullopt;
  return Drain(/*whole_units=*/true).ok() ? std::nullopt : Refusal(sense::kWriteError);
}

absl::Status DiscRecorder::Drain(bool whole_units) {
  if (!disc_.medium->sequential()) {
    while (!buffer_.empty()) RETURN_IF_ERROR(WriteOldest(buffer_.size()));
    return absl::OkStatus();
  }
  if (buffer_.empty()) return absl::OkStatus();
  // Of sequential media the buffer has one stretch. What follows in a unit could not be written
  // behind a power cut.
  const int64_t unit = disc_.medium->write_unit.value();
  Lba goal = buffer_.start() + buffer_.size();
  if (whole_units) goal = Lba(goal.value() / unit * unit);
  // The text goes first: a process that is ended between the two must not write a block twice.
  RETURN_IF_ERROR(KeepUpTo(goal));
  while (!buffer_.empty() && buffer_.start() < goal) {
    RETURN_IF_ERROR(WriteOldest(goal - buffer_.start()));
  }
  return absl::OkStatus();
}

absl::Status DiscRecorder::WriteOldest(Sectors most) {
  const WriteBuffer::Run run = buffer_.TakeOldest(most);
  return keeper_.WriteSectors(run.start, run.bytes);
}

absl::Status DiscRecorder::KeepUpTo(Lba end) {
  Disc kept = disc_;
  DiscTrack& track = kept.tracks.back();
  const Lba padded = RoundUp(end, disc_.medium->write_unit);
  track.payload = end - track.start;
  track.size = padded - track.start;
  if (track.payload <= Sectors(0)) return absl::OkStatus();
  kept_ = kept;
  return keeper_.Save(kept_);
}

absl::Status DiscRecorder::Save() {
  kept_ = disc_;
  return keeper_.Save(kept_);
}

Refusal DiscRecorder::Synchronize() {
  if (buffer_.empty() && !disc_.LastTrackIsOpen()) return std::nullopt;
  if (!Drain(/*whole_units=*/false).ok()) return sense::kWriteError;
  if (disc_.medium->overwritable()) return std::nullopt;
  const Lba end = disc_.tracks.empty() ? Lba(0) : disc_.tracks.back().end();
  const Sectors padding = PadOpenTrack(disc_);
  if (padding > Sectors(0)) {
    const std::vector<uint8_t> zeros(padding.bytes());
    if (!keeper_.WriteSectors(end, zeros).ok()) return sense::kWriteError;
  }
  // At once: the drive closes the disc itself when all that was announced has come.
  if (IsAtOnce() && end >= *reserved_) {
    reserved_.reset();
    disc_.state = DiscState::kFinalized;
  }
  return Save().ok() ? std::nullopt : Refusal(sense::kWriteError);
}

Refusal DiscRecorder::ReserveTrack(Sectors size) {
  const Refusal refusal = CheckReservation(disc_, page_, reserved_, size);
  if (!refusal.has_value()) reserved_ = *disc_.NextWritable() + size;
  return refusal;
}

bool DiscRecorder::IsAtOnce() const { return reserved_.has_value() && page_.write_type == kAtOnce; }

void DiscRecorder::FillReservation() {
  if (!reserved_.has_value() || !disc_.LastTrackIsOpen()) return;
  DiscTrack& track = disc_.tracks.back();
  track.size = std::max(track.size, RoundUp(*reserved_, disc_.medium->write_unit) - track.start);
}

Refusal DiscRecorder::Changed(Refusal refusal) {
  if (refusal.has_value()) return refusal;
  simulated_.reset();
  reserved_.reset();
  return Save().ok() ? std::nullopt : Refusal(sense::kWriteError);
}

Refusal DiscRecorder::CloseTrackSession(const mmc::CloseTrackSessionCdb& cdb) {
  if (const Refusal written = Synchronize(); written.has_value()) return written;
  const bool track = cdb.function == mmc::CloseFunction::kTrack;
  if (reserved_.has_value() && !track) return sense::kReservedTrack;
  if (track) FillReservation();
  Disc closed = disc_;
  const Refusal refusal = Close(closed, page_, cdb);
  if (refusal.has_value()) return refusal;
  disc_ = closed;
  return Changed(std::nullopt);
}

Refusal DiscRecorder::BlankDisc(const mmc::BlankCdb& cdb) {
  Disc blank = disc_;
  const Refusal refusal = Blank(blank, cdb);
  if (refusal.has_value()) return refusal;
  buffer_.Clear();
  disc_ = blank;
  return Changed(std::nullopt);
}

Refusal DiscRecorder::FormatUnit(const mmc::FormatParameters& format) {
  Disc formatted = disc_;
  const Refusal refusal = Format(formatted, format);
  if (refusal.has_value()) return refusal;
  buffer_.Clear();
  disc_ = formatted;
  grown_ = Lba(0);
  return Changed(std::nullopt);
}

void DiscRecorder::LosePower() {
  reserved_.reset();
  simulated_.reset();
  if (buffer_.empty()) return;
  buffer_.Clear();
  disc_ = kept_;
  Damage(disc_);
  // There is nobody to tell of a store that fails.
  (void)Save();
}

}  // namespace carousel::virtual_robot
