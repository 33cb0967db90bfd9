#include "server/operations/operation_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/errors/errors.h"
#include "server/operations/random_id.h"

namespace carousel {
namespace {

absl::Status NoSuchOperation(absl::string_view id) {
  return NotFoundError("longrunning.googleapis.com/Operation", absl::StrCat("operations/", id));
}

}  // namespace

absl::string_view OperationKindName(OperationKind kind) {
  switch (kind) {
    case OperationKind::kImportFileSystem:
      return "import_file_system";
    case OperationKind::kLoadDisc:
      return "load_disc";
    case OperationKind::kUnloadDisc:
      return "unload_disc";
    case OperationKind::kWriteImage:
      return "write_image";
    case OperationKind::kCreateResultImage:
      return "create_result_image";
    case OperationKind::kAddTree:
      return "add_tree";
    case OperationKind::kEraseMedia:
      return "erase_media";
    case OperationKind::kCloseDisc:
      return "close_disc";
    case OperationKind::kRepairDisc:
      return "repair_disc";
    case OperationKind::kVerifySession:
      return "verify_session";
    case OperationKind::kTakeInventory:
      return "take_inventory";
    case OperationKind::kMoveDisc:
      return "move_disc";
    case OperationKind::kExchangeDisc:
      return "exchange_disc";
    case OperationKind::kImportDisc:
      return "import_disc";
    case OperationKind::kExportDisc:
      return "export_disc";
  }
  return "unknown";
}

std::optional<OperationKind> FindOperationKind(absl::string_view name) {
  for (OperationKind kind :
       {OperationKind::kImportFileSystem, OperationKind::kLoadDisc, OperationKind::kUnloadDisc,
        OperationKind::kWriteImage, OperationKind::kCreateResultImage, OperationKind::kAddTree,
        OperationKind::kEraseMedia, OperationKind::kCloseDisc, OperationKind::kRepairDisc,
        OperationKind::kVerifySession, OperationKind::kTakeInventory, OperationKind::kMoveDisc,
        OperationKind::kExchangeDisc, OperationKind::kImportDisc, OperationKind::kExportDisc}) {
    if (OperationKindName(kind) == name) return kind;
  }
  return std::nullopt;
}

// All members are guarded by the store's mutex; the subject and what names it never change.
struct OperationStore::Record {
  std::string id;
  int64_t number = 0;
  OperationSubject subject;
  RequestId request;
  absl::Time create_time;
  std::optional<absl::Time> end_time;
  int64_t end_number = 0;
  absl::Status status;
  std::any last_progress;
  std::any response;
  bool cancelled = false;
  ProgressSource progress;
  CancelFunction cancel;
  std::map<WaitId, absl::AnyInvocable<void()>> waiting;

  OperationView View() const {
    return {.id = id,
            .number = number,
            .subject = subject,
            .create_time = create_time,
            .end_time = end_time,
            .status = status,
            .progress = progress ? progress() : last_progress,
            .response = response};
  }

  bool Matches(const OperationFilter& filter) const {
    return (!filter.done.has_value() || *filter.done == end_time.has_value()) &&
           (!filter.kind.has_value() || *filter.kind == subject.kind) &&
           (!filter.drive.has_value() || *filter.drive == subject.drive);
  }
};

OperationStore::OperationStore(Clock* clock, Options options)
    : clock_(clock), options_(std::move(options)) {}
OperationStore::~OperationStore() = default;

OperationStore::RecordPtr OperationStore::Find(absl::string_view id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

std::string OperationStore::Create(OperationSubject subject, RequestId request) {
  std::string id = RandomId();
  Create(id, std::move(subject), std::move(request));
  return id;
}

void OperationStore::Create(std::string id, OperationSubject subject, RequestId request) {
  auto record = std::make_shared<Record>();
  record->id = std::move(id);
  record->subject = std::move(subject);
  record->request = std::move(request);
  record->create_time = clock_->Now();
  MutexLock lock(&mutex_);
  Insert(record);
}

void OperationStore::Restore(EndedOperation operation) {
  auto record = std::make_shared<Record>();
  record->id = std::move(operation.id);
  record->subject = std::move(operation.subject);
  record->request = std::move(operation.request);
  record->create_time = operation.create_time;
  record->end_time = operation.end_time;
  record->last_progress = std::move(operation.progress);
  record->status = operation.response.status();
  if (operation.response.ok()) record->response = *std::move(operation.response);
  MutexLock lock(&mutex_);
  if (Find(record->id) != nullptr) return;
  Insert(record);
  record->end_number = next_end_++;
  by_end_[record->end_number] = record;
  ForgetExpired();
}

void OperationStore::Insert(const RecordPtr& record) {
  record->number = next_number_++;
  by_number_[record->number] = record;
  by_id_[record->id] = record;
  if (!record->request.id.empty()) by_request_[record->request.id] = record;
}

absl::StatusOr<std::optional<std::string>> OperationStore::FindRequest(const RequestId& request) {
  if (request.id.empty()) return std::optional<std::string>();
  MutexLock lock(&mutex_);
  const auto found = by_request_.find(request.id);
  if (found == by_request_.end()) return std::optional<std::string>();
  if (found->second->request.fingerprint != request.fingerprint)
    return RequestIdReusedError(request.id);
  return std::optional<std::string>(found->second->id);
}

void OperationStore::Attach(absl::string_view id, ProgressSource progress, CancelFunction cancel) {
  CancelFunction cancel_now;
  {
    MutexLock lock(&mutex_);
    const RecordPtr record = Find(id);
    if (record == nullptr || record->end_time.has_value()) return;
    record->progress = std::move(progress);
    record->cancel = std::move(cancel);
    if (record->cancelled) cancel_now = record->cancel;
  }
  if (cancel_now) cancel_now();
}

void OperationStore::Finish(absl::string_view id, absl::StatusOr<std::any> response) {
  std::map<WaitId, absl::AnyInvocable<void()>> waiting;
  // Destroyed without the lock: they may own much.
  ProgressSource progress;
  CancelFunction cancel;
  OperationView ended;
  {
    MutexLock lock(&mutex_);
    const RecordPtr record = Find(id);
    if (record == nullptr || record->end_time.has_value()) return;
    if (record->progress) record->last_progress = record->progress();
    progress.swap(record->progress);
    cancel.swap(record->cancel);
    record->end_time = clock_->Now();
    record->end_number = next_end_++;
    record->status = response.status();
    if (response.ok()) record->response = *std::move(response);
    by_end_[record->end_number] = record;
    waiting.swap(record->waiting);
    ended = record->View();
    ForgetExpired();
  }
  if (options_.on_end) options_.on_end(ended);
  for (auto& [wait, done] : waiting) done();
}

absl::StatusOr<OperationView> OperationStore::Get(absl::string_view id) {
  MutexLock lock(&mutex_);
  const RecordPtr record = Find(id);
  if (record == nullptr) return NoSuchOperation(id);
  return record->View();
}

std::vector<OperationView> OperationStore::List(const OperationFilter& filter, int64_t below,
                                                size_t limit) {
  std::vector<OperationView> views;
  MutexLock lock(&mutex_);
  for (auto it = by_number_.lower_bound(below); it != by_number_.begin() && views.size() < limit;) {
    --it;
    if (it->second->Matches(filter)) views.push_back(it->second->View());
  }
  return views;
}

absl::StatusOr<OperationStore::WaitId> OperationStore::OnDone(absl::string_view id,
                                                              absl::AnyInvocable<void()> done) {
  WaitId wait = 0;
  {
    MutexLock lock(&mutex_);
    const RecordPtr record = Find(id);
    if (record == nullptr) return NoSuchOperation(id);
    wait = next_wait_++;
    if (!record->end_time.has_value()) {
      record->waiting.emplace(wait, std::move(done));
      return wait;
    }
  }
  done();
  return wait;
}

bool OperationStore::StopWaiting(absl::string_view id, WaitId wait) {
  MutexLock lock(&mutex_);
  const RecordPtr record = Find(id);
  return record != nullptr && record->waiting.erase(wait) == 1;
}

size_t OperationStore::waiting(absl::string_view id) {
  MutexLock lock(&mutex_);
  const RecordPtr record = Find(id);
  return record == nullptr ? 0 : record->waiting.size();
}

absl::Status OperationStore::Cancel(absl::string_view id) {
  CancelFunction cancel;
  {
    MutexLock lock(&mutex_);
    const RecordPtr record = Find(id);
    if (record == nullptr) return NoSuchOperation(id);
    record->cancelled = true;
    cancel = record->cancel;
  }
  if (cancel) cancel();
  return absl::OkStatus();
}

absl::Status OperationStore::Delete(absl::string_view id) {
  MutexLock lock(&mutex_);
  const RecordPtr record = Find(id);
  if (record == nullptr) return NoSuchOperation(id);
  if (!record->end_time.has_value()) return OperationRunningError(absl::StrCat("operations/", id));
  Forget(record);
  return absl::OkStatus();
}

void OperationStore::RemoveExpired() {
  MutexLock lock(&mutex_);
  ForgetExpired();
}

void OperationStore::Forget(const RecordPtr& record) {
  by_number_.erase(record->number);
  by_end_.erase(record->end_number);
  const auto request = by_request_.find(record->request.id);
  if (request != by_request_.end() && request->second == record) by_request_.erase(request);
  by_id_.erase(record->id);
}

void OperationStore::ForgetExpired() {
  const absl::Time oldest = clock_->Now() - options_.keep;
  while (!by_end_.empty()) {
    const RecordPtr first = by_end_.begin()->second;
    if (by_end_.size() <= options_.max_finished && *first->end_time > oldest) return;
    Forget(first);
  }
}

}  // namespace carousel
