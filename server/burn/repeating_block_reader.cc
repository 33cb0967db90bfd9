#include "server/burn/repeating_block_reader.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/scsi/sense.h"
#include "server/disc_format/drive_block_reader.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

using imapi::Hresult;

// The ECC block of a BD; two of a DVD.
constexpr Sectors kUnit{32};

absl::Status Unreadable(Lba block, const absl::Status& why) {
  imapi::Metadata metadata = {{"block", absl::StrCat(block.value())}, {"cause", "unreadable"}};
  if (const auto payload = scsi::GetSense(why); payload.has_value()) {
    metadata["sense"] = payload->sense.ToString();
  }
  return imapi::MakeError(
      Hresult::E_IMAPI_BURN_VERIFICATION_FAILED,
      absl::StrCat("sector ", block.value(), " cannot be read: ", why.message()),
      std::move(metadata));
}

// Sense that means success of a WRITE is none of a READ.
absl::Status DriveFailure(const absl::Status& status) {
  const absl::Status failure = imapi::FromDevice(status);
  return failure.ok() ? imapi::MakeError(Hresult::E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE,
                                         status.message())
                      : failure;
}

}  // namespace

absl::Status RepeatingBlockReader::Read(Lba start, absl::Span<uint8_t> out) {
  const Sectors count(static_cast<int64_t>(out.size()) / kSectorSize);
  if (start < Lba(0) || count > end_ - start) {
    unreadable_ = std::max(start, end_);
    return Unreadable(*unreadable_, absl::OutOfRangeError(absl::StrCat(
                                        "the disc can be read up to sector ", end_.value())));
  }
  const absl::Status status = drive_.Read(start, out);
  if (status.ok()) return absl::OkStatus();
  if (!IsUnreadableBlock(status)) return DriveFailure(status);
  for (Sectors done; done < count;) {
    // Up to the next border of a unit.
    const Lba at = start + done;
    const Sectors part = std::min(count - done, RoundUp(at + Sectors(1), kUnit) - at);
    RETURN_IF_ERROR(ReadUnit(at, out.subspan(done.bytes(), part.bytes())));
    done += part;
  }
  return absl::OkStatus();
}

absl::Status RepeatingBlockReader::Repeat(Lba start, absl::Span<uint8_t> out) {
  ++repeats_;
  return drive_.Read(start, out);
}

absl::Status RepeatingBlockReader::ReadUnit(Lba start, absl::Span<uint8_t> out) {
  for (int i = 1; i < kRepeats; ++i) {
    const absl::Status status = Repeat(start, out);
    if (status.ok()) return absl::OkStatus();
    if (!IsUnreadableBlock(status)) return DriveFailure(status);
  }
  for (Sectors done; done.bytes() < static_cast<int64_t>(out.size()); done += Sectors(1)) {
    const Lba block = start + done;
    const absl::Status status = Repeat(block, out.subspan(done.bytes(), kSectorSize));
    if (status.ok()) continue;
    if (!IsUnreadableBlock(status)) return DriveFailure(status);
    if (!unreadable_.has_value()) unreadable_ = block;
    return Unreadable(block, status);
  }
  return absl::OkStatus();
}

}  // namespace carousel
