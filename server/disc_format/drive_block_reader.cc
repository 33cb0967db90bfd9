#include "server/disc_format/drive_block_reader.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "hal/scsi/sense.h"

namespace carousel {

bool IsUnreadableBlock(const absl::Status& status) {
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(status);
  if (!payload.has_value()) return absl::IsDataLoss(status) || absl::IsOutOfRange(status);
  switch (payload->sense.key) {
    case scsi::SenseKey::kMediumError:
    case scsi::SenseKey::kIllegalRequest:  // 21/00 beyond the written area, 64/00 not a data track
    case scsi::SenseKey::kBlankCheck:
      return true;
    default:
      return false;
  }
}

absl::Status DriveBlockReader::Read(Lba start, absl::Span<uint8_t> out) {
  const Sectors count(static_cast<int64_t>(out.size()) / kSectorSize);
  if (start < Lba(0) || count > end_ - start) {
    return absl::OutOfRangeError(absl::StrCat("sector ", start.value(), " and ", count.value() - 1,
                                              " more: the disc can be read up to ", end_.value()));
  }
  absl::Status status = drive_.Read(start, out);
  if (status.ok()) return status;
  if (IsUnreadableBlock(status)) {
    ++unreadable_;
  } else if (drive_failure_.ok()) {
    drive_failure_ = status;
  }
  return status;
}

}  // namespace carousel
