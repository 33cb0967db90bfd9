#include "server/uploads/tree_jobs.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/image/content_table.h"
#include "server/image/file_system_image.h"
#include "server/image/tree_lookup.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/operations/random_id.h"
#include "server/uploads/spool_error.h"
#include "server/uploads/uploads.h"

namespace carousel {
namespace {

using imapi::Hresult;

constexpr size_t kPiece = 256 * 1024;
constexpr size_t kMaxSource = 4096;  // PATH_MAX of Linux

absl::Status CheckSource(const std::string& source) {
  if (source.empty()) return absl::OkStatus();
  if (source.size() >= kMaxSource) return InvalidFieldError("source", "is longer than 4095 bytes");
  if (source.find('\0') != std::string::npos) return InvalidFieldError("source", "has a NUL");
  for (const absl::string_view name : absl::StrSplit(source, '/')) {
    if (name.empty() || name == "." || name == "..")
      return InvalidFieldError("source", "is no path below the staging root");
  }
  return absl::OkStatus();
}

absl::Status Cancelled() {
  return imapi::MakeError(Hresult::E_IMAPI_REQUEST_CANCELLED,
                          "cancelled; the image is as it was before");
}

}  // namespace

// One operation; its thread runs Run, any other may ask and cancel.
class TreeJobs::Job {
 public:
  Job(const TreeJobs& jobs, std::string id, Request request)
      : jobs_(jobs), id_(std::move(id)), request_(std::move(request)) {}

  void Cancel() { cancelled_ = true; }
  TreeProgress progress() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return progress_;
  }

  absl::StatusOr<std::any> Run() {
    absl::Status status = List();
    if (status.ok()) status = Try();
    for (size_t i = 0; status.ok() && i < entries_.size(); ++i) status = Take(i);
    if (status.ok() && cancelled_) status = Cancelled();
    absl::StatusOr<ImageView> after = End(status);
    if (!after.ok()) {
      Release();
      return after.status();
    }
    report_.image = *std::move(after);
    return std::any(std::move(report_));
  }

 private:
  absl::Status List() {
    destination_.directory = request_.directory;
    if (request_.with_base) {
      // From 0 where there is no slash.
      destination_.base = request_.source.substr(request_.source.rfind('/') + 1);
      ASSIGN_OR_RETURN(destination_.base_attributes, jobs_.staging_->Describe(request_.source));
    }
    ASSIGN_OR_RETURN(entries_, jobs_.staging_->List(request_.source, jobs_.limits_, cancelled_));
    digests_.resize(entries_.size());
    for (const StagedEntry& entry : entries_) {
      if (entry.type == EntryType::kDirectory) ++report_.directories;
      if (entry.type == EntryType::kSymlink) ++report_.links;
      if (entry.type != EntryType::kFile) continue;
      ++report_.files;
      report_.bytes += entry.identity.bytes;
    }
    MutexLock lock(&mutex_);
    progress_.files_total = report_.files;
    progress_.bytes_total = report_.bytes;
    progress_.directories_total = report_.directories;
    return absl::OkStatus();
  }

  // Finds names and sizes that the image does not take before the bytes are read. All files stand
  // for one content, so that equal ones are not counted against its space.
  absl::Status Try() const {
    std::optional<TreeEditor> editor;
    RETURN_IF_ERROR(request_.image->Look([&](const TreeEditor& now) {
      editor.emplace(now);
      return absl::OkStatus();
    }));
    const absl::Status tried = AddEntries(
        entries_, destination_, [](size_t) { return mastering::ContentHandle{UINT64_MAX}; },
        *editor);
    const auto detail = imapi::GetDetail(tried);
    const bool space = detail.has_value() && detail->hresult == Hresult::IMAPI_E_IMAGE_SIZE_LIMIT;
    return space ? absl::OkStatus() : tried;
  }

  UploadKey KeyOf(size_t index) const {
    return {.owner = SpoolOwner(request_.image->id()),
            .upload_id = absl::StrCat("operations/", id_, "/", index)};
  }

  absl::Status Take(size_t index) {
    const StagedEntry& entry = entries_[index];
    if (entry.type != EntryType::kFile) return absl::OkStatus();
    {
      MutexLock lock(&mutex_);
      progress_.current_item = entry.path;
    }
    ASSIGN_OR_RETURN(StagedFile file, jobs_.staging_->OpenFile(request_.source, entry));
    absl::StatusOr<std::unique_ptr<UploadWriter>> writer = jobs_.spool_->StartUpload(
        {.key = KeyOf(index), .path = entry.path, .size = entry.identity.bytes},
        request_.image->creator());
    if (!writer.ok()) return SpoolError(writer.status());
    taken_ = index + 1;
    RETURN_IF_ERROR(Copy(file, **writer));
    RETURN_IF_ERROR(file.CheckUnchanged());
    const absl::StatusOr<Sha256Digest> digest = (*writer)->FinishUnannounced();
    if (!digest.ok()) return SpoolError(digest.status());
    digests_[index] = *digest;
    MutexLock lock(&mutex_);
    ++progress_.files_done;
    return absl::OkStatus();
  }

  absl::Status Copy(StagedFile& file, UploadWriter& writer) {
    int64_t offset = 0;
    while (true) {
      if (cancelled_) return Cancelled();
      std::string piece(kPiece, '\0');
      ASSIGN_OR_RETURN(const size_t size,
                       file.Read(absl::MakeSpan(reinterpret_cast<uint8_t*>(piece.data()), kPiece)));
      if (size == 0) return absl::OkStatus();
      piece.resize(size);
      RETURN_IF_ERROR(SpoolError(writer.Append(offset, std::move(piece))));
      offset += static_cast<int64_t>(size);
      MutexLock lock(&mutex_);
      progress_.bytes_done += static_cast<int64_t>(size);
    }
  }

  absl::StatusOr<ImageView> End(const absl::Status& status) {
    return request_.image->EndOperationWithEdit(
        [&](TreeEditor& editor, ContentTable& contents) -> absl::Status {
          RETURN_IF_ERROR(status);
          return AddEntries(
              entries_, destination_, [&](size_t index) { return contents.Add(digests_[index]); },
              editor);
        });
  }

  // What the image did not take; what it has of other requests stays. An upload that is not there
  // was not begun.
  void Release() const {
    for (size_t i = 0; i < taken_; ++i) {
      if (entries_[i].type == EntryType::kFile) jobs_.spool_->Release(KeyOf(i)).IgnoreError();
    }
  }

  const TreeJobs& jobs_;
  const std::string id_;
  const Request request_;
  std::atomic<bool> cancelled_ = false;
  // Of Run's thread.
  TreeDestination destination_;
  std::vector<StagedEntry> entries_;
  std::vector<Sha256Digest> digests_;  // of the entries that are files
  size_t taken_ = 0;                   // entries of which the spool may know
  TreeReport report_;
  mutable Mutex mutex_;
  TreeProgress progress_ ABSL_GUARDED_BY(mutex_);
};

TreeJobs::TreeJobs(const StagingFolder* staging, StagingFolder::Limits limits, Spool* spool,
                   OperationStore* operations, OperationRunner* runner)
    : staging_(staging), limits_(limits), spool_(spool), operations_(operations), runner_(runner) {}

absl::Status TreeJobs::Check(const Request& request) const {
  RETURN_IF_ERROR(runner_->CheckAccepting());
  if (staging_ == nullptr) {
    return imapi::MakeError(Hresult::IMAPI_E_INVALID_WORKING_DIRECTORY,
                            "the service has no staging root", {{"field", "source"}});
  }
  RETURN_IF_ERROR(CheckSource(request.source));
  if (request.source.empty() && request.with_base)
    return InvalidFieldError("include_base_directory", "has no name to include");
  return request.image->Look(
      [&](const TreeEditor& editor) { return FindDirectory(editor, request.directory).status(); });
}

absl::StatusOr<std::string> TreeJobs::Start(Request request) {
  MutexLock lock(&start_mutex_);
  ASSIGN_OR_RETURN(const std::optional<std::string> known,
                   operations_->FindRequest(request.request));
  if (known.has_value()) return *known;
  RETURN_IF_ERROR(Check(request));
  const std::string id = RandomId();
  const ImagePtr image = request.image;
  const RequestId request_id = request.request;
  const std::string etag = request.etag;
  OperationSubject subject{
      .kind = OperationKind::kAddTree, .image = image->id(), .trace_id = request.trace_id};
  auto job = std::make_shared<Job>(*this, id, std::move(request));
  RETURN_IF_ERROR(image->BeginOperation(ImageState::kAdding, etag, id, [job] { job->Cancel(); }));
  operations_->Create(id, std::move(subject), request_id);
  operations_->Attach(
      id, [job] { return std::any(job->progress()); }, [job] { job->Cancel(); });
  const absl::Status started = runner_->Start(id, [job] { return job->Run(); });
  if (started.ok()) return id;
  // Draining began meanwhile: nobody has heard of the operation.
  image->EndOperation();
  operations_->Finish(id, started);
  operations_->Delete(id).IgnoreError();
  return started;
}

}  // namespace carousel
