#include "hal/drive/long_work.h"

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/readiness.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

// SPC-4 annex F.
constexpr uint8_t kNotReadyAsc = 0x04;
constexpr uint8_t kManualInterventionAscq = 0x03;
constexpr uint8_t kInvalidFieldAsc = 0x24;
constexpr uint8_t kInvalidParameterAsc = 0x26;
constexpr uint8_t kMediumMayHaveChangedAsc = 0x28;
constexpr uint8_t kInsufficientTimeAsc = 0x2E;
constexpr size_t kDiscInformationSize = 34;
constexpr double kProgressUnit = 65536;

enum class Verdict : uint8_t { kIdle, kBusy, kFailed };

bool IsInProgress(const scsi::Sense& sense) {
  return sense.key == scsi::SenseKey::kNotReady && sense.asc == kNotReadyAsc &&
         sense.ascq != kManualInterventionAscq;
}

// One run of a LongWork.
class Watch {
 public:
  Watch(MmcDevice* device, const LongWork* work, const OnProgress* progress)
      : device_(*device),
        work_(*work),
        progress_(*progress),
        deadline_(device->clock().Now() + work->budget) {}

  BurnStatus Run();

 private:
  absl::Status Begin();
  absl::Status WaitUntilDone();
  absl::Status Pause(const absl::Status& busy);
  Verdict Judge(const absl::Status& status) const;
  absl::StatusOr<std::optional<mmc::DiscInformation>> AskForDisc();
  absl::Time Now() { return device_.clock().Now(); }

  MmcDevice& device_;
  const LongWork& work_;
  const OnProgress& progress_;
  const absl::Time deadline_;
};

BurnStatus Watch::Run() {
  if (const absl::Status begun = Begin(); !begun.ok()) return BurnStatus::FromError(begun);
  const absl::Status done = WaitUntilDone();
  return done.ok() ? BurnStatus::Done() : BurnStatus::InDoubt(done);
}

// A drive that is still busy with what came before has not begun: it is asked again.
absl::Status Watch::Begin() {
  bool immediate = true;
  while (true) {
    scsi::Command command = work_.command(immediate);
    if (!immediate) command.timeout = deadline_ - Now();
    const absl::Status status = device_.Execute(command).status();
    const std::optional<scsi::SensePayload> payload = scsi::GetSense(status);
    if (status.ok() || !payload.has_value()) return status;
    const scsi::Sense& sense = payload->sense;
    if (immediate && sense.key == scsi::SenseKey::kIllegalRequest &&
        (sense.asc == kInvalidFieldAsc || sense.asc == kInvalidParameterAsc)) {
      immediate = false;
      continue;
    }
    if (!IsInProgress(sense)) return status;
    if (!Pause(status).ok()) return status;
  }
}

// OK after the interval; DEADLINE_EXCEEDED with the sense when there is no time for it.
absl::Status Watch::Pause(const absl::Status& busy) {
  if (progress_) {
    const std::optional<scsi::SensePayload> payload = scsi::GetSense(busy);
    std::optional<double> part;
    if (payload.has_value() && payload->sense.progress.has_value()) {
      part = *payload->sense.progress / kProgressUnit;
    }
    progress_(part);
  }
  if (Now() + work_.poll_interval > deadline_) {
    absl::Status late(absl::StatusCode::kDeadlineExceeded,
                      absl::StrCat(device_.name(), ": still at work after ",
                                   absl::FormatDuration(work_.budget), ": ", busy.message()));
    busy.ForEachPayload([&late](absl::string_view url, const absl::Cord& payload) {
      late.SetPayload(url, payload);
    });
    return late;
  }
  device_.clock().SleepFor(work_.poll_interval);
  return absl::OkStatus();
}

Verdict Watch::Judge(const absl::Status& status) const {
  if (status.ok()) return Verdict::kIdle;
  if (IsBusy(status)) return Verdict::kBusy;
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(status);
  if (!payload.has_value()) return Verdict::kFailed;
  const scsi::Sense& sense = payload->sense;
  if (IsInProgress(sense)) return Verdict::kBusy;
  if (sense.key != scsi::SenseKey::kUnitAttention) return Verdict::kFailed;
  if (sense.asc == kInsufficientTimeAsc) return Verdict::kBusy;
  const bool expected = work_.medium_changes && sense.asc == kMediumMayHaveChangedAsc;
  return expected ? Verdict::kBusy : Verdict::kFailed;
}

// Nothing where the drive refuses to say.
absl::StatusOr<std::optional<mmc::DiscInformation>> Watch::AskForDisc() {
  std::array<uint8_t, kDiscInformationSize> buffer = {};
  const absl::StatusOr<size_t> received =
      device_.Execute(mmc::MakeCommand(mmc::ReadDiscInformationCdb{}, absl::MakeSpan(buffer)));
  if (!received.ok()) {
    const std::optional<scsi::SensePayload> payload = scsi::GetSense(received.status());
    const bool refused =
        payload.has_value() && payload->sense.key == scsi::SenseKey::kIllegalRequest;
    if (refused) return std::optional<mmc::DiscInformation>();
    return received.status();
  }
  ASSIGN_OR_RETURN(mmc::DiscInformation info,
                   mmc::DecodeDiscInformation(absl::MakeConstSpan(buffer).subspan(0, *received)));
  return std::optional<mmc::DiscInformation>(std::move(info));
}

absl::Status Watch::WaitUntilDone() {
  std::optional<absl::Time> settled_by;
  while (true) {
    absl::Status status = device_.Execute(mmc::MakeCommand(mmc::TestUnitReadyCdb{})).status();
    if (Judge(status) == Verdict::kIdle) {
      const absl::StatusOr<std::optional<mmc::DiscInformation>> disc = AskForDisc();
      status = disc.status();
      if (disc.ok()) {
        if (!disc->has_value() || !work_.is_done || work_.is_done(**disc)) return absl::OkStatus();
        if (!settled_by.has_value()) settled_by = Now() + work_.settle;
        if (Now() >= *settled_by) {
          return absl::InternalError(absl::StrCat(
              device_.name(), ": says that it is done, and the disc is not in the wanted state"));
        }
      }
    }
    if (Judge(status) == Verdict::kFailed) return status;
    RETURN_IF_ERROR(Pause(status));
  }
}

}  // namespace

BurnStatus RunLongWork(MmcDevice& device, const LongWork& work, const OnProgress& progress) {
  const BurnStatus status = Watch(&device, &work, &progress).Run();
  if (status.effect() != DiscEffect::kNone) device.AdvanceGeneration();
  return status;
}

}  // namespace carousel
