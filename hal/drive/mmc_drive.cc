#include "hal/drive/mmc_drive.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/get_configuration.h"
#include "hal/mmc/get_event_status.h"
#include "hal/mmc/inquiry.h"
#include "hal/mmc/medium_removal.h"
#include "hal/mmc/readiness.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

constexpr size_t kIdentificationPageSize = 1024;
constexpr size_t kSerialPageSize = 255;
constexpr size_t kOneFeatureSize = 8 + 4 + 255;
constexpr size_t kEventSize = 8;

bool ChangesMedium(mmc::MediaEventCode code) {
  return code == mmc::MediaEventCode::kNewMedia || code == mmc::MediaEventCode::kMediaRemoval ||
         code == mmc::MediaEventCode::kMediaChanged;
}

}  // namespace

MmcDrive::MmcDrive(std::unique_ptr<scsi::Transport> transport, Clock* clock,
                   MmcDriveOptions options)
    : options_(std::move(options)),
      device_(std::move(transport), clock, options_.first_generation),
      reads_(&device_),
      writer_(&device_, options_.writer) {}

absl::StatusOr<DriveIdentity> MmcDrive::Identify() {
  if (identity_.has_value()) return *identity_;
  std::array<uint8_t, mmc::kStandardInquirySize> buffer = {};
  ASSIGN_OR_RETURN(
      const size_t received,
      device_.ExecutePastUnitAttention(mmc::MakeCommand(mmc::InquiryCdb{}, absl::MakeSpan(buffer)),
                                       options_.max_attempts));
  ASSIGN_OR_RETURN(const mmc::StandardInquiry inquiry,
                   mmc::DecodeStandardInquiry(absl::MakeConstSpan(buffer).subspan(0, received)));
  if (inquiry.qualifier != 0 || inquiry.device_type != mmc::kDeviceTypeMmc) {
    return absl::FailedPreconditionError(absl::StrCat(
        device_.name(), ": no optical drive, its device type is ", inquiry.device_type));
  }
  ASSIGN_OR_RETURN(std::string serial, ReadSerial());
  identity_ = DriveIdentity{.vendor = inquiry.vendor,
                            .product = inquiry.product,
                            .revision = inquiry.revision,
                            .serial = std::move(serial)};
  return *identity_;
}

absl::StatusOr<std::string> MmcDrive::ReadSerial() {
  std::array<uint8_t, kSerialPageSize> page = {};
  absl::StatusOr<size_t> received = device_.ExecutePastUnitAttention(
      mmc::MakeCommand(
          mmc::InquiryCdb{.vital_product_data = true, .page = mmc::kUnitSerialNumberPage},
          absl::MakeSpan(page)),
      options_.max_attempts);
  if (received.ok()) {
    const auto decoded =
        mmc::DecodeUnitSerialNumber(absl::MakeConstSpan(page).subspan(0, *received));
    if (decoded.ok() && !decoded->serial.empty()) return decoded->serial;
  } else if (!IsRefusal(received.status())) {
    return received.status();
  }
  std::array<uint8_t, kOneFeatureSize> feature = {};
  received = device_.ExecutePastUnitAttention(
      mmc::MakeCommand(mmc::GetConfigurationCdb{.requested = mmc::FeaturesRequested::kOne,
                                                .starting_feature = mmc::feature::kSerialNumber},
                       absl::MakeSpan(feature)),
      options_.max_attempts);
  if (!received.ok()) {
    return IsRefusal(received.status()) ? absl::StatusOr<std::string>("") : received.status();
  }
  const auto configuration =
      mmc::DecodeConfiguration(absl::MakeConstSpan(feature).subspan(0, *received));
  if (!configuration.ok()) return "";
  const mmc::Feature* found = configuration->Find(mmc::feature::kSerialNumber);
  if (found == nullptr) return "";
  return mmc::Answer(found->data).Text(0, found->data.size());
}

absl::StatusOr<std::vector<DeviceId>> MmcDrive::ReadDeviceIds() {
  std::array<uint8_t, kIdentificationPageSize> page = {};
  const absl::StatusOr<size_t> received = device_.ExecutePastUnitAttention(
      mmc::MakeCommand(
          mmc::InquiryCdb{.vital_product_data = true, .page = mmc::kDeviceIdentificationPage},
          absl::MakeSpan(page)),
      options_.max_attempts);
  std::vector<DeviceId> ids;
  if (!received.ok())
    return IsRefusal(received.status()) ? ids
                                        : absl::StatusOr<std::vector<DeviceId>>(received.status());
  const auto decoded =
      mmc::DecodeDeviceIdentification(absl::MakeConstSpan(page).subspan(0, *received));
  if (!decoded.ok()) return ids;
  for (const mmc::Designator& designator : decoded->designators) {
    if (designator.association != 0 || designator.value.empty()) continue;
    ids.push_back({designator.code_set, designator.type, designator.value});
  }
  return ids;
}

absl::StatusOr<bool> MmcDrive::CheckReady() {
  const absl::StatusOr<bool> ready = WaitUntilReady(device_, options_.readiness);
  if (ready.ok() && device_.generation() != settled_) {
    RETURN_IF_ERROR(DropKnownEvents());
    settled_ = device_.generation();
  }
  return ready;
}

absl::Status MmcDrive::DropKnownEvents() {
  for (int i = 0; i < options_.max_attempts && !events_unknown_; ++i) {
    ASSIGN_OR_RETURN(const std::optional<mmc::MediaEvent> event, AskForEvent());
    if (!event.has_value() || !ChangesMedium(event->code)) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<mmc::MediaEvent>> MmcDrive::AskForEvent() {
  std::array<uint8_t, kEventSize> buffer = {};
  const absl::StatusOr<size_t> received =
      device_.Execute(mmc::MakeCommand(mmc::GetEventStatusCdb{}, absl::MakeSpan(buffer)));
  if (!received.ok()) {
    events_unknown_ = IsRefusal(received.status());
    // A unit attention has advanced the generation; becoming ready and busy are no news.
    const bool answered =
        scsi::GetSense(received.status()).has_value() || IsBusy(received.status());
    if (!answered) return received.status();
    return std::optional<mmc::MediaEvent>();
  }
  ASSIGN_OR_RETURN(const mmc::EventStatus status,
                   mmc::DecodeEventStatus(absl::MakeConstSpan(buffer).subspan(0, *received)));
  return status.media;
}

absl::StatusOr<MediaState> MmcDrive::ReadMediaState() {
  for (int i = 0; i < options_.max_media_readings; ++i) {
    ASSIGN_OR_RETURN(const bool present, CheckReady());
    const MediaGeneration generation = device_.generation();
    absl::StatusOr<MediaState> state = MediaState{};
    if (present) state = MediaReader(&device_, &reads_, options_.media).Read();
    if (device_.generation() != generation) {
      // A command without an answer has advanced it as well, and is not worth another try.
      if (!state.ok() && !scsi::GetSense(state.status()).has_value()) return state.status();
      continue;
    }
    if (state.ok()) state->generation = generation;
    return state;
  }
  return absl::AbortedError(absl::StrCat(device_.name(), ": the medium changed during each of ",
                                         options_.max_media_readings, " readings of its state"));
}

absl::Status MmcDrive::Read(Lba start, absl::Span<uint8_t> out) { return reads_.Read(start, out); }

absl::Status MmcDrive::StartStop(bool load_eject, bool start) {
  const absl::Status status =
      device_
          .ExecutePastUnitAttention(
              mmc::MakeCommand(mmc::StartStopUnitCdb{.load_eject = load_eject, .start = start}),
              options_.max_attempts)
          .status();
  device_.AdvanceGeneration();
  return status;
}

absl::Status MmcDrive::Eject() { return StartStop(true, false); }
absl::Status MmcDrive::Load() { return StartStop(true, true); }

absl::StatusOr<bool> MmcDrive::MovesItsTray() {
  std::array<uint8_t, kOneFeatureSize> buffer = {};
  const absl::StatusOr<size_t> received = device_.ExecutePastUnitAttention(
      mmc::MakeCommand(mmc::GetConfigurationCdb{.requested = mmc::FeaturesRequested::kOne,
                                                .starting_feature = mmc::feature::kRemovableMedium},
                       absl::MakeSpan(buffer)),
      options_.max_attempts);
  if (!received.ok()) {
    return IsRefusal(received.status()) ? absl::StatusOr<bool>(false) : received.status();
  }
  const auto configuration =
      mmc::DecodeConfiguration(absl::MakeConstSpan(buffer).subspan(0, *received));
  if (!configuration.ok()) return false;
  const mmc::Feature* found = configuration->Find(mmc::feature::kRemovableMedium);
  return found != nullptr && mmc::DecodeRemovableMedium(*found).moves_tray();
}

absl::Status MmcDrive::Reload() {
  ASSIGN_OR_RETURN(const bool moves, MovesItsTray());
  if (moves) return Drive::Reload();
  RETURN_IF_ERROR(StartStop(false, false));
  return StartStop(false, true);
}

absl::Status MmcDrive::PreventRemoval(bool prevent) {
  return device_
      .ExecutePastUnitAttention(mmc::MakeCommand(mmc::PreventAllowCdb{.prevent = prevent}),
                                options_.max_attempts)
      .status();
}

absl::Status MmcDrive::PollReadiness() {
  // Not CheckReady: a poll does not wait. What it learns is in the generation.
  const absl::Status status = device_.Execute(mmc::MakeCommand(mmc::TestUnitReadyCdb{})).status();
  if (status.ok()) device_.NotePresence(true);
  return scsi::GetSense(status).has_value() || IsBusy(status) ? absl::OkStatus() : status;
}

absl::Status MmcDrive::PollEvents() {
  if (events_unknown_) return PollReadiness();
  ASSIGN_OR_RETURN(const std::optional<mmc::MediaEvent> event, AskForEvent());
  if (events_unknown_) return PollReadiness();
  if (event.has_value() && ChangesMedium(event->code)) device_.AdvanceGeneration();
  return absl::OkStatus();
}

}  // namespace carousel
