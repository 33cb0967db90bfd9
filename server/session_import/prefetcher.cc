#include "server/session_import/prefetcher.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hal/base/mutex.h"
#include "hal/base/status_macros.h"
#include "hal/scsi/sense.h"
#include "server/imapi/error.h"
#include "server/session_import/piece_cache.h"
#include "server/session_import/sweep.h"

namespace carousel::session_import {

using imapi::Hresult;

namespace {

constexpr int64_t kPieceBytes = kPieceSectors * kSectorSize;

// A failing request can keep a drive busy for a minute; a disc that fails more often is not read.
constexpr int kMaxFailedRequests = 32;

// How often a waiting reader looks at the clock, which need not be the machine's. Machine time.
constexpr absl::Duration kLookAtClock = absl::Milliseconds(20);

// The fault may be of these sectors alone; everything else is the drive's.
bool IsOfTheSectors(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kAborted:
      return !imapi::GetDetail(status).has_value();
    default:
      return false;
  }
}

bool StartsBefore(const SectorRange& a, const SectorRange& b) { return a.start < b.start; }

absl::Status Unreadable(int64_t sector, const absl::Status& why) {
  imapi::Metadata metadata = {{"block", absl::StrCat(sector)}};
  if (const auto payload = scsi::GetSense(why); payload.has_value()) {
    metadata["sense"] = payload->sense.ToString();
  }
  return imapi::MakeError(Hresult::IMAPI_E_IMPORT_READ_FAILURE,
                          absl::StrCat("block ", sector, " cannot be read: ", why.message()),
                          std::move(metadata));
}

}  // namespace

class Prefetcher::Shared : public std::enable_shared_from_this<Prefetcher::Shared> {
 public:
  Shared(DriveStation* drive, DiscCheck check, const PrefetcherOptions& options, Clock* clock)
      : drive_(*drive),
        options_(options),
        memory_(std::max(options.memory_bytes, 2 * kPieceBytes)),
        clock_(*clock),
        check_(std::move(check)) {}

  // The parser's side.
  absl::Status Check() ABSL_LOCKS_EXCLUDED(mutex_);
  void Plan(absl::Span<const Extent> extents) ABSL_LOCKS_EXCLUDED(mutex_);
  // Copies from `wanted.start` on what is at hand, waiting for the first sector; returns how many
  // sectors.
  absl::StatusOr<int64_t> Fetch(SectorRange wanted, absl::Span<uint8_t> out)
      ABSL_LOCKS_EXCLUDED(mutex_);

  void Stop(bool cancel) ABSL_LOCKS_EXCLUDED(mutex_);
  bool cancelled() const ABSL_LOCKS_EXCLUDED(mutex_);
  DriveUse use() const ABSL_LOCKS_EXCLUDED(mutex_);
  const PrefetcherOptions& options() const { return options_; }
  const std::string& drive_id() const { return drive_.id(); }

 private:
  // One task of the drive's thread: a look at the disc (no sectors), or a request.
  struct Job {
    bool check = false;
    SectorRange sectors;
  };

  // The reader's.
  bool BeginToBring(SectorRange wanted) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  SectorRange DemandFor(SectorRange wanted) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status WaitForDrive(absl::Time since) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status MayGoOn() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsSuspect(int64_t sector) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Either's: gives the drive its next task, unless it has one or there is none.
  void StartNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<Job> NextJob() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool MakeRoom(SectorRange sectors) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // The device's thread's.
  void Work(absl::StatusOr<Drive*> drive) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Carry(Drive& drive, const Job& job, uint8_t* data);
  void Finish(const Job& job, PieceCache::Data data, const absl::Status& status)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SetFatal(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Fail(SectorRange sectors, const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  DriveStation& drive_;
  const PrefetcherOptions options_;
  const int64_t memory_;
  Clock& clock_;
  DiscCheck check_;  // the device's thread only

  mutable Mutex mutex_;
  CondVar changed_;
  PieceCache cache_ ABSL_GUARDED_BY(mutex_);
  Sweep sweep_ ABSL_GUARDED_BY(mutex_);
  // Asked for by the reader, before the sweep; what is left of it.
  SectorRange demand_ ABSL_GUARDED_BY(mutex_);
  bool check_wanted_ ABSL_GUARDED_BY(mutex_) = false;
  // What the drive has been given, until its answer is here.
  std::optional<Job> under_way_ ABSL_GUARDED_BY(mutex_);
  absl::Time last_answer_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // The sector that the reader took last or waits for.
  int64_t position_ ABSL_GUARDED_BY(mutex_) = 0;
  bool read_before_ ABSL_GUARDED_BY(mutex_) = false;
  // Requests that failed; their sectors are read one by one.
  std::vector<SectorRange> suspects_ ABSL_GUARDED_BY(mutex_);
  // A sector that failed by itself.
  std::optional<std::pair<int64_t, absl::Status>> unreadable_ ABSL_GUARDED_BY(mutex_);
  // Ends everything.
  absl::Status fatal_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  DriveUse use_ ABSL_GUARDED_BY(mutex_);
};

absl::Status Prefetcher::Shared::Check() {
  MutexLock lock(&mutex_);
  check_wanted_ = true;
  StartNext();
  const absl::Time since = clock_.Now();
  while (check_wanted_ || (under_way_.has_value() && under_way_->check)) {
    RETURN_IF_ERROR(WaitForDrive(since));
  }
  return MayGoOn();
}

void Prefetcher::Shared::Plan(absl::Span<const Extent> extents) {
  MutexLock lock(&mutex_);
  demand_ = {};
  std::vector<SectorRange> held = cache_.Ranges();
  if (under_way_.has_value() && !under_way_->sectors.empty()) {
    held.push_back(under_way_->sectors);
    std::inplace_merge(held.begin(), held.end() - 1, held.end(), StartsBefore);
  }
  sweep_ = Sweep(PlanPieces(extents, options_.end, held));
  StartNext();
}

absl::StatusOr<int64_t> Prefetcher::Shared::Fetch(SectorRange wanted, absl::Span<uint8_t> out) {
  MutexLock lock(&mutex_);
  const absl::Time since = clock_.Now();
  while (true) {
    RETURN_IF_ERROR(MayGoOn());
    if (const int64_t copied = cache_.Copy(wanted.start, out); copied > 0) {
      position_ = wanted.start + copied - 1;
      read_before_ = true;
      StartNext();  // there may be room now
      return copied;
    }
    if (unreadable_.has_value() && unreadable_->first == wanted.start) {
      return Unreadable(unreadable_->first, unreadable_->second);
    }
    if (BeginToBring(wanted)) StartNext();
    RETURN_IF_ERROR(WaitForDrive(since));
  }
}

// Sees to it that the first sector of `wanted` is on its way. False if it is already.
bool Prefetcher::Shared::BeginToBring(SectorRange wanted) {
  if (under_way_.has_value() && under_way_->sectors.Contains(wanted.start)) return false;
  if (demand_.Contains(wanted.start)) {
    demand_.start = wanted.start;
  } else if (!sweep_.Await(wanted.start)) {
    demand_ = DemandFor(wanted);
  }
  position_ = wanted.start;
  return true;
}

// A reader that ascends will want what follows; one that jumps will not.
SectorRange Prefetcher::Shared::DemandFor(SectorRange wanted) const {
  if (IsSuspect(wanted.start)) return {wanted.start, wanted.start + 1};
  const int64_t ahead = wanted.start - position_;
  const bool ascends = !read_before_ || (0 <= ahead && ahead <= kReadThroughSectors);
  int64_t end = ascends ? std::max(wanted.end, wanted.start + kPieceSectors) : wanted.end;
  end = std::min(end, options_.end.value());
  return {wanted.start, std::min({end, cache_.NextStart(wanted.start, end),
                                  sweep_.NextStart(wanted.start, end)})};
}

bool Prefetcher::Shared::IsSuspect(int64_t sector) const {
  return std::any_of(suspects_.begin(), suspects_.end(),
                     [&](const SectorRange& range) { return range.Contains(sector); });
}

absl::Status Prefetcher::Shared::WaitForDrive(absl::Time since) {
  RETURN_IF_ERROR(MayGoOn());
  if (clock_.Now() - std::max(since, last_answer_) > options_.answer_limit) {
    return imapi::MakeError(Hresult::E_IMAPI_RECORDER_COMMAND_TIMEOUT,
                            absl::StrCat("drive ", drive_.id(), " has not answered for ",
                                         absl::FormatDuration(options_.answer_limit)));
  }
  changed_.WaitFor(&mutex_, kLookAtClock);
  return absl::OkStatus();
}

absl::Status Prefetcher::Shared::MayGoOn() const {
  if (cancelled_) {
    return imapi::MakeError(Hresult::E_IMAPI_REQUEST_CANCELLED, "the import was cancelled");
  }
  if (!fatal_.ok()) return fatal_;
  if (clock_.Now() >= options_.deadline) {
    return imapi::MakeError(Hresult::E_OUTOFMEMORY, "the import took longer than its limit",
                            {{"limit", "time"}});
  }
  return absl::OkStatus();
}

void Prefetcher::Shared::StartNext() {
  if (under_way_.has_value() || stopped_ || !fatal_.ok()) return;
  under_way_ = NextJob();
  if (!under_way_.has_value()) return;
  drive_.Post([self = shared_from_this()](absl::StatusOr<Drive*> drive) { self->Work(drive); });
}

std::optional<Prefetcher::Shared::Job> Prefetcher::Shared::NextJob() {
  if (check_wanted_) {
    check_wanted_ = false;
    return Job{.check = true};
  }
  if (!demand_.empty()) {
    const SectorRange piece{demand_.start, std::min(demand_.end, demand_.start + kPieceSectors)};
    if (!MakeRoom(piece)) return std::nullopt;
    demand_.start = piece.end;
    return Job{.sectors = piece};
  }
  const std::optional<SectorRange> piece = sweep_.Next();
  if (!piece.has_value() || !MakeRoom(*piece)) return std::nullopt;
  sweep_.Take();
  return Job{.sectors = *piece};
}

// The reader's own piece may displace any other; what is read ahead only what nobody waits for.
bool Prefetcher::Shared::MakeRoom(SectorRange sectors) {
  while (cache_.bytes() + sectors.size() * kSectorSize > memory_) {
    if (cache_.EvictOne(position_, /*any=*/sectors.Contains(position_)).empty()) return false;
  }
  return true;
}

void Prefetcher::Shared::Work(absl::StatusOr<Drive*> drive) {
  Job job;
  {
    MutexLock lock(&mutex_);
    job = *under_way_;
    if (stopped_) {
      under_way_.reset();
      return;
    }
  }
  auto data = std::make_unique<uint8_t[]>(job.sectors.size() * kSectorSize);
  const absl::Status status = drive.ok() ? Carry(**drive, job, data.get()) : drive.status();
  MutexLock lock(&mutex_);
  under_way_.reset();
  last_answer_ = clock_.Now();
  if (!drive.ok()) {
    SetFatal(status);
  } else {
    Finish(job, std::move(data), status);
  }
  StartNext();
  changed_.SignalAll();
}

// Sectors count only if they are the bound disc's.
absl::Status Prefetcher::Shared::Carry(Drive& drive, const Job& job, uint8_t* data) {
  if (job.check) return check_.Confirm(drive);
  const auto read = [&] {
    return drive.Read(Lba(job.sectors.start),
                      absl::MakeSpan(data, job.sectors.size() * kSectorSize));
  };
  absl::Status status = read();
  // A drive that does not answer is not asked which disc it holds.
  if (!status.ok() && !IsOfTheSectors(status) && !scsi::GetSense(status).has_value()) return status;
  ASSIGN_OR_RETURN(const bool looked, check_.ConfirmIfChanged(drive));
  if (looked && absl::IsUnavailable(status)) {
    // The unit attention came instead of the sectors; the disc is still there.
    status = read();
    RETURN_IF_ERROR(check_.ConfirmIfChanged(drive).status());
  }
  return status;
}

void Prefetcher::Shared::Finish(const Job& job, PieceCache::Data data, const absl::Status& status) {
  if (!job.check) ++use_.requests;
  if (status.ok()) {
    if (job.check) return;
    use_.sectors += job.sectors.size();
    cache_.Insert(job.sectors, std::move(data));
  } else if (!job.check && IsOfTheSectors(status)) {
    Fail(job.sectors, status);
  } else {
    SetFatal(status);
  }
}

void Prefetcher::Shared::SetFatal(const absl::Status& status) {
  fatal_ = imapi::FromDevice(status);
  // A drive that reports success as an error has not done what it was asked.
  if (fatal_.ok()) fatal_ = imapi::MakeError(Hresult::E_FAIL, status.message());
}

void Prefetcher::Shared::Fail(SectorRange sectors, const absl::Status& status) {
  demand_ = {};
  if (sectors.size() == 1 && IsSuspect(sectors.start)) {
    unreadable_ = {sectors.start, status};
    return;
  }
  suspects_.push_back(sectors);
  sweep_.Fail(sectors);
  if (suspects_.size() > kMaxFailedRequests) fatal_ = Unreadable(sectors.start, status);
}

void Prefetcher::Shared::Stop(bool cancel) {
  MutexLock lock(&mutex_);
  stopped_ = true;
  cancelled_ = cancelled_ || cancel;
  changed_.SignalAll();
}

bool Prefetcher::Shared::cancelled() const {
  MutexLock lock(&mutex_);
  return cancelled_;
}

DriveUse Prefetcher::Shared::use() const {
  MutexLock lock(&mutex_);
  return use_;
}

Prefetcher::Prefetcher(DriveStation* drive, DiscCheck check, PrefetcherOptions options,
                       Clock* clock)
    : shared_(std::make_shared<Shared>(drive, std::move(check), options, clock)) {}

Prefetcher::~Prefetcher() { shared_->Stop(/*cancel=*/false); }

absl::Status Prefetcher::Check() {
  return imapi::WithMetadata(shared_->Check(), "drive",
                             absl::StrCat("drives/", shared_->drive_id()));
}

void Prefetcher::Plan(absl::Span<const Extent> extents) { shared_->Plan(extents); }

void Prefetcher::DropPlan() { shared_->Plan({}); }

absl::Status Prefetcher::Read(Lba start, absl::Span<uint8_t> out) {
  SectorRange wanted{start.value(),
                     (start + Sectors(static_cast<int64_t>(out.size()) / kSectorSize)).value()};
  if (start < Lba(0) || start > end() || Lba(wanted.end) > end()) {
    return absl::OutOfRangeError(absl::StrCat("sectors ", wanted.start, " to ", wanted.end,
                                              " lie outside of the readable area, which ends at ",
                                              end().value()));
  }
  while (!wanted.empty()) {
    const absl::StatusOr<int64_t> copied = shared_->Fetch(wanted, out);
    if (!copied.ok()) {
      return imapi::WithMetadata(copied.status(), "drive",
                                 absl::StrCat("drives/", shared_->drive_id()));
    }
    wanted.start += *copied;
    out.remove_prefix(*copied * kSectorSize);
  }
  return absl::OkStatus();
}

Lba Prefetcher::end() const { return shared_->options().end; }

void Prefetcher::Cancel() { shared_->Stop(/*cancel=*/true); }

bool Prefetcher::cancelled() const { return shared_->cancelled(); }

DriveUse Prefetcher::use() const { return shared_->use(); }

}  // namespace carousel::session_import
