#include "hal/drive/fake_drive.h"

#include <algorithm>
#include <utility>

#include "hal/base/status_macros.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

constexpr char kName[] = "fake drive";

absl::Status SenseError(scsi::SenseKey key, uint8_t asc, uint8_t ascq, uint8_t opcode) {
  return scsi::SenseStatus(scsi::Sense{.key = key, .asc = asc, .ascq = ascq}, opcode, kName);
}

absl::Status NoMedium(uint8_t opcode) {
  return SenseError(scsi::SenseKey::kNotReady, 0x3A, 0x00, opcode);
}

}  // namespace

FakeDrive::FakeDrive(Clock* clock) : clock_(clock) {
  identity_ = {.vendor = "CAROUSEL", .product = "FAKE DRIVE", .revision = "1", .serial = "FAKE0"};
}

void FakeDrive::Insert(MediaState state, std::shared_ptr<const FakeImage> image) {
  MutexLock lock(&mutex_);
  state.present = true;
  disc_ = FakeDisc(std::move(state), std::move(image));
  tray_ = Tray::kInside;
  unit_attention_ = true;
}

void FakeDrive::Remove() {
  MutexLock lock(&mutex_);
  tray_ = Tray::kEmpty;
  unit_attention_ = true;
}

void FakeDrive::set_identity(DriveIdentity identity) {
  MutexLock lock(&mutex_);
  identity_ = std::move(identity);
}

void FakeDrive::set_latency(Latency latency) {
  MutexLock lock(&mutex_);
  latency_ = latency;
}

void FakeDrive::OnCall(Method method, std::function<void(int call)> hook) {
  MutexLock lock(&mutex_);
  hooks_[method] = std::move(hook);
}

void FakeDrive::FailNext(Method method, absl::Status status, int times) {
  MutexLock lock(&mutex_);
  failures_[method] = Failure{.status = std::move(status), .times = times};
}

void FakeDrive::DamageSectors(Lba first, Sectors count) {
  MutexLock lock(&mutex_);
  damaged_.push_back(ReadRequest{.start = first, .count = count});
}

void FakeDrive::CutPower() {
  MutexLock lock(&mutex_);
  disc_.LosePower();
  unit_attention_ = true;
}

void FakeDrive::Hang() {
  MutexLock lock(&mutex_);
  hang_ = true;
}

void FakeDrive::Release(absl::Status outcome) {
  MutexLock lock(&mutex_);
  hang_ = false;
  release_outcome_ = std::move(outcome);
  changed_.SignalAll();
}

void FakeDrive::WaitUntilHanging() {
  MutexLock lock(&mutex_);
  while (hanging_ == 0) changed_.Wait(&mutex_);
}

int FakeDrive::calls(Method method) const {
  MutexLock lock(&mutex_);
  const auto found = calls_.find(method);
  return found == calls_.end() ? 0 : found->second;
}

std::vector<FakeDrive::ReadRequest> FakeDrive::reads() const {
  MutexLock lock(&mutex_);
  return reads_;
}

std::vector<FakeDriveRequest> FakeDrive::writes() const {
  MutexLock lock(&mutex_);
  return writes_;
}

bool FakeDrive::removal_prevented() const {
  MutexLock lock(&mutex_);
  return prevented_;
}

absl::Status FakeDrive::Enter(Method method) {
  std::function<void(int)> hook;
  int call = 0;
  {
    MutexLock lock(&mutex_);
    call = ++calls_[method];
    if (const auto found = hooks_.find(method); found != hooks_.end()) hook = found->second;
  }
  if (hook) hook(call);
  absl::Duration latency;
  absl::Status failure;
  {
    MutexLock lock(&mutex_);
    if (hang_) {
      ++hanging_;
      changed_.SignalAll();
      while (hang_) changed_.Wait(&mutex_);
      --hanging_;
      if (!release_outcome_.ok()) return release_outcome_;
    }
    latency = latency_.call;
    if (const auto found = failures_.find(method); found != failures_.end()) {
      failure = found->second.status;
      if (--found->second.times <= 0) failures_.erase(found);
    }
  }
  if (clock_ != nullptr) clock_->SleepFor(latency);
  return failure;
}

void FakeDrive::TakeUnitAttention() {
  if (!unit_attention_) return;
  unit_attention_ = false;
  generation_ = generation_.Next();
}

void FakeDrive::set_device_ids(std::vector<DeviceId> ids) {
  MutexLock lock(&mutex_);
  device_ids_ = std::move(ids);
}

absl::StatusOr<std::vector<DeviceId>> FakeDrive::ReadDeviceIds() {
  MutexLock lock(&mutex_);
  return device_ids_;
}

absl::StatusOr<DriveIdentity> FakeDrive::Identify() {
  RETURN_IF_ERROR(Enter(Method::kIdentify));
  MutexLock lock(&mutex_);
  return identity_;
}

absl::StatusOr<bool> FakeDrive::CheckReady() {
  RETURN_IF_ERROR(Enter(Method::kCheckReady));
  MutexLock lock(&mutex_);
  TakeUnitAttention();
  return tray_ == Tray::kInside;
}

absl::StatusOr<MediaState> FakeDrive::ReadMediaState() {
  RETURN_IF_ERROR(Enter(Method::kReadMediaState));
  MutexLock lock(&mutex_);
  TakeUnitAttention();
  MediaState state = tray_ == Tray::kInside ? disc_.state() : MediaState{};
  state.generation = generation_;
  return state;
}

absl::Status FakeDrive::CheckPresent(uint8_t opcode) {
  if (unit_attention_) {
    TakeUnitAttention();
    return SenseError(scsi::SenseKey::kUnitAttention, 0x28, 0x00, opcode);
  }
  return tray_ == Tray::kInside ? absl::OkStatus() : NoMedium(opcode);
}

absl::Status FakeDrive::WithDisc(uint8_t opcode,
                                 const std::function<absl::Status(FakeDisc&)>& on_disc) {
  MutexLock lock(&mutex_);
  RETURN_IF_ERROR(CheckPresent(opcode));
  return on_disc(disc_);
}

void FakeDrive::AdvanceGeneration() {
  MutexLock lock(&mutex_);
  generation_ = generation_.Next();
}

void FakeDrive::NoteWrite(FakeDriveRequest request) {
  absl::Duration time;
  {
    MutexLock lock(&mutex_);
    writes_.push_back(request);
    time = latency_.sector * request.count.value();
  }
  if (clock_ != nullptr) clock_->SleepFor(time);
}

absl::Status FakeDrive::CheckRead(Lba start, Sectors count) {
  RETURN_IF_ERROR(CheckPresent(scsi::opcode::kRead10));
  if (!disc_.IsReadable(start, count)) {
    return SenseError(scsi::SenseKey::kIllegalRequest, 0x21, 0x00, scsi::opcode::kRead10);
  }
  for (const ReadRequest& damaged : damaged_) {
    if (start < damaged.start + damaged.count && damaged.start < start + count) {
      return SenseError(scsi::SenseKey::kMediumError, 0x11, 0x05, scsi::opcode::kRead10);
    }
  }
  return absl::OkStatus();
}

absl::Duration FakeDrive::ReadTime(Lba start, Sectors count) {
  const absl::Duration seek = start == head_ ? absl::ZeroDuration() : latency_.seek;
  head_ = start + count;
  return seek + latency_.sector * count.value();
}

absl::Status FakeDrive::Read(Lba start, absl::Span<uint8_t> out) {
  if (out.empty() || out.size() % kSectorSize != 0 || start < Lba(0)) {
    return absl::InvalidArgumentError("fake drive: a read is of sectors, from 0 on");
  }
  RETURN_IF_ERROR(Enter(Method::kRead));
  const Sectors count(out.size() / kSectorSize);
  absl::Duration time;
  {
    MutexLock lock(&mutex_);
    reads_.push_back(ReadRequest{.start = start, .count = count});
    RETURN_IF_ERROR(CheckRead(start, count));
    disc_.Read(start, out);
    time = ReadTime(start, count);
  }
  if (clock_ != nullptr) clock_->SleepFor(time);
  return absl::OkStatus();
}

absl::Status FakeDrive::Eject() {
  RETURN_IF_ERROR(Enter(Method::kEject));
  MutexLock lock(&mutex_);
  if (prevented_) {
    return SenseError(scsi::SenseKey::kIllegalRequest, 0x53, 0x02, scsi::opcode::kStartStopUnit);
  }
  if (tray_ == Tray::kInside) tray_ = Tray::kEjected;
  generation_ = generation_.Next();
  return absl::OkStatus();
}

absl::Status FakeDrive::Load() {
  RETURN_IF_ERROR(Enter(Method::kLoad));
  MutexLock lock(&mutex_);
  if (tray_ == Tray::kEmpty) return NoMedium(scsi::opcode::kStartStopUnit);
  tray_ = Tray::kInside;
  generation_ = generation_.Next();
  return absl::OkStatus();
}

absl::Status FakeDrive::PreventRemoval(bool prevent) {
  RETURN_IF_ERROR(Enter(Method::kPreventRemoval));
  MutexLock lock(&mutex_);
  prevented_ = prevent;
  return absl::OkStatus();
}

absl::Status FakeDrive::PollEvents() {
  RETURN_IF_ERROR(Enter(Method::kPollEvents));
  MutexLock lock(&mutex_);
  TakeUnitAttention();
  return absl::OkStatus();
}

MediaGeneration FakeDrive::generation() const {
  MutexLock lock(&mutex_);
  return generation_;
}

}  // namespace carousel
