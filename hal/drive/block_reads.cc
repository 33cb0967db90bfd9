#include "hal/drive/block_reads.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/read.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

// READ(10) has 16 bits for the number of blocks.
constexpr size_t kMaxBlocks = 0xFFFF;
// READ(10) and READ(12) have 32 bits for the address.
constexpr int64_t kAddressEnd = int64_t{1} << 32;

bool IsUnknownOpcode(const absl::Status& status) {
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(status);
  return payload.has_value() && payload->sense.key == scsi::SenseKey::kIllegalRequest &&
         payload->sense.Is(0x20, 0x00);
}

}  // namespace

absl::Status BlockReads::Read(Lba start, absl::Span<uint8_t> out) {
  if (out.empty() || out.size() % kSectorSize != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(device_->name(), ": a read of ", out.size(), " bytes is no read of sectors"));
  }
  const Sectors count(out.size() / kSectorSize);
  if (start < Lba(0) || start + count > Lba(kAddressEnd)) {
    return absl::InvalidArgumentError(absl::StrCat(device_->name(), ": a read of ", count.value(),
                                                   " sectors from LBA ", start.value()));
  }
  const size_t part = std::min(device_->max_transfer() / kSectorSize, kMaxBlocks) * kSectorSize;
  for (size_t done = 0; done < out.size(); done += part) {
    RETURN_IF_ERROR(ReadPart(start + Sectors(done / kSectorSize), out.subspan(done, part)));
  }
  return absl::OkStatus();
}

absl::Status BlockReads::ReadPart(Lba start, absl::Span<uint8_t> out) {
  const auto execute = [&](uint8_t opcode) {
    return device_->Execute(
        mmc::MakeCommand(mmc::ReadCdb{.opcode = opcode,
                                      .lba = static_cast<uint32_t>(start.value()),
                                      .blocks = static_cast<uint32_t>(out.size() / kSectorSize)},
                         out));
  };
  absl::StatusOr<size_t> received =
      execute(read10_unknown_ ? scsi::opcode::kRead12 : scsi::opcode::kRead10);
  if (!received.ok() && !read10_unknown_ && IsUnknownOpcode(received.status())) {
    read10_unknown_ = true;
    received = execute(scsi::opcode::kRead12);
  }
  if (!received.ok()) return received.status();
  if (*received < out.size()) {
    return absl::InternalError(absl::StrCat(device_->name(), ": a read of ", out.size(),
                                            " bytes from LBA ", start.value(), " gave ",
                                            *received));
  }
  return absl::OkStatus();
}

}  // namespace carousel
