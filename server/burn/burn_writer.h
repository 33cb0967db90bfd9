// The writing side of a drive during one burn: what it answers becomes an IMAPI error, and what is
// then known of the disc goes into the burn's report. It chooses no order and repeats nothing.
#ifndef SERVER_BURN_BURN_WRITER_H_
#define SERVER_BURN_BURN_WRITER_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/drive/burn_status.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/drive.h"
#include "hal/mmc/format_unit.h"
#include "server/burn/burn_report.h"

namespace carousel {

// On the device's thread. Every error is as imapi::FromDevice has it and never UNAVAILABLE; every
// method blocks as DiscWriter's does.
class BurnWriter {
 public:
  // Both outlive it; the drive writes. Of a burn that is simulated (BurnReport::simulated) the
  // effect stays kNone.
  BurnWriter(Drive* drive, BurnReport* report) : drive_(*drive), report_(*report) {}

  // Something was sent that may change the disc.
  bool sent() const { return sent_; }
  Drive& drive() { return drive_; }

  absl::Status Format(const mmc::FormatParameters& format, const OnProgress& progress);
  absl::Status Reserve(Sectors size);
  // Sectors of the session: counts them.
  absl::Status Write(Lba start, absl::Span<const uint8_t> sectors);
  // Sectors that are no part of it. An error leaves the disc in doubt, also a refusal: it may have
  // come behind the first of them.
  absl::Status WriteBeside(Lba start, absl::Span<const uint8_t> sectors);
  absl::Status Synchronize();
  absl::Status CloseTrack(TrackNumber track);
  absl::Status CloseSession(SessionClose how);

  // Of the drive; nothing where it does not tell. An error: a unit attention came instead, that
  // what the drive had taken is lost, and no WRITE will be told.
  absl::Status AskForBuffer(std::optional<WriteBuffer>* buffer);

  // All that was intended is on the disc.
  void Finish() { Note(DiscEffect::kDone); }

 private:
  DiscWriter& Sending();
  void Note(DiscEffect effect);
  // Of a step that has no sectors.
  absl::Status Changed(const BurnStatus& status);
  absl::Status Judge(const BurnStatus& status);
  absl::Status JudgeWrite(const BurnStatus& status);

  Drive& drive_;
  BurnReport& report_;
  bool sent_ = false;
};

}  // namespace carousel

#endif  // SERVER_BURN_BURN_WRITER_H_
