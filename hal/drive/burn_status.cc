#include "hal/drive/burn_status.h"

#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "hal/drive/mmc_device.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

constexpr uint8_t kInvalidAddressAsc = 0x21;
constexpr uint8_t kInvalidAddressForWriteAscq = 0x02;
constexpr uint8_t kEndOfUserAreaAsc = 0x63;

bool IsCertainRefusal(const absl::Status& error) {
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(error);
  if (!payload.has_value()) {
    // RESERVATION CONFLICT is FAILED_PRECONDITION without a sense.
    return IsBusy(error) || absl::IsInvalidArgument(error) || absl::IsFailedPrecondition(error);
  }
  const scsi::Sense& sense = payload->sense;
  if (sense.asc == kEndOfUserAreaAsc) return false;
  return sense.key == scsi::SenseKey::kIllegalRequest ||
         sense.key == scsi::SenseKey::kDataProtect || sense.key == scsi::SenseKey::kNotReady;
}

}  // namespace

absl::Status NeverUnavailable(const absl::Status& status) {
  if (!absl::IsUnavailable(status)) return status;
  absl::Status aborted(absl::StatusCode::kAborted, status.message());
  status.ForEachPayload([&aborted](absl::string_view url, const absl::Cord& payload) {
    aborted.SetPayload(url, payload);
  });
  return aborted;
}

BurnStatus::BurnStatus(const absl::Status& status, DiscEffect effect, Sectors taken)
    : status_(NeverUnavailable(status)), effect_(effect), taken_(taken) {}

BurnStatus BurnStatus::Done(Sectors taken) {
  return BurnStatus(absl::OkStatus(), DiscEffect::kDone, taken);
}

BurnStatus BurnStatus::Refused(const absl::Status& error, Sectors taken) {
  return BurnStatus(error, taken > Sectors(0) ? DiscEffect::kPartly : DiscEffect::kNone, taken);
}

BurnStatus BurnStatus::InDoubt(const absl::Status& error, Sectors taken) {
  return BurnStatus(error, DiscEffect::kUnknown, taken);
}

BurnStatus BurnStatus::FromError(const absl::Status& error, Sectors taken) {
  return IsCertainRefusal(error) ? Refused(error, taken) : InDoubt(error, taken);
}

bool BurnStatus::wrong_address() const {
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(status_);
  return payload.has_value() && payload->sense.key == scsi::SenseKey::kIllegalRequest &&
         payload->sense.Is(kInvalidAddressAsc, kInvalidAddressForWriteAscq);
}

std::ostream& operator<<(std::ostream& out, DiscEffect effect) {
  switch (effect) {
    case DiscEffect::kNone:
      return out << "disc as it was";
    case DiscEffect::kPartly:
      return out << "partly done";
    case DiscEffect::kDone:
      return out << "done";
    case DiscEffect::kUnknown:
      return out << "disc in doubt";
  }
  return out << "?";
}

std::ostream& operator<<(std::ostream& out, const BurnStatus& status) {
  return out << status.status() << " (" << status.effect() << ", " << status.taken() << " taken)";
}

}  // namespace carousel
