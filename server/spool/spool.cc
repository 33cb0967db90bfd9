#include "server/spool/spool.h"

#include <iterator>
#include <utility>

#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/operations/random_id.h"
#include "server/spool/load_spool.h"

namespace carousel {
namespace {

// A core hashes about as much as a network brings.
constexpr int kHashers = 2;

absl::Status NoUpload(const UploadKey& key) {
  return NotFoundError("carousel.dev/Upload", key.upload_id);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Spool>> Spool::Open(const std::string& folder, SpoolOptions options,
                                                   Clock* clock) {
  ASSIGN_OR_RETURN(SpoolFolder opened, SpoolFolder::Open(folder));
  auto hashers = std::make_unique<WorkerPool>(kHashers);
  ASSIGN_OR_RETURN(SpoolIndex index, LoadSpool(opened, clock->Now(), hashers.get()));
  return std::unique_ptr<Spool>(
      new Spool(std::move(opened), options, clock, std::move(hashers), std::move(index)));
}

Spool::Spool(SpoolFolder folder, SpoolOptions options, Clock* clock,
             std::unique_ptr<WorkerPool> hashers, SpoolIndex index)
    : folder_(std::move(folder)),
      options_(options),
      clock_(clock),
      hashers_(std::move(hashers)),
      index_(std::move(index)) {
  MutexLock lock(&mutex_);
  CountUsage();
}

Spool::~Spool() = default;

absl::StatusOr<std::unique_ptr<UploadWriter>> Spool::StartUpload(const UploadSpec& spec,
                                                                 absl::string_view payer) {
  RETURN_IF_ERROR(CheckUploadSpec(spec));
  SpoolIndex::Upload upload;
  {
    MutexLock lock(&mutex_);
    DropExpired();
    ASSIGN_OR_RETURN(upload, Claim(spec, payer));
  }
  const absl::Status prepared = Prepare(&upload);
  if (!prepared.ok()) {
    // A new one has come to nothing; one that was there can be tried again while its bytes are.
    if (upload.file == nullptr || absl::IsDataLoss(prepared)) DropUpload(spec.key, upload.id);
    if (upload.file == nullptr) folder_.RemoveUpload(upload.id);
    CloseWriter(spec.key, upload.id);
    return folder_.HidePath(prepared);
  }
  return std::unique_ptr<UploadWriter>(
      new UploadWriter(this, spec.key, upload.id, std::move(upload.file)));
}

absl::StatusOr<SpoolIndex::Upload> Spool::Claim(const UploadSpec& spec, absl::string_view payer) {
  if (const auto done = index_.references.find(spec.key); done != index_.references.end()) {
    if (done->second.spec != spec) return RequestIdReusedError(spec.key.upload_id, "upload_id");
    auto file = UploadFile::OpenFinished(folder_.ContentOf(spec.sha256), spec.size, hashers_.get());
    RETURN_IF_ERROR(folder_.HidePath(file.status()));
    return SpoolIndex::Upload{.id = done->second.id, .spec = spec, .file = *std::move(file)};
  }
  if (const auto found = index_.uploads.find(spec.key); found != index_.uploads.end()) {
    if (found->second.spec != spec) return RequestIdReusedError(spec.key.upload_id, "upload_id");
    if (found->second.writing) return UploadBusyError(spec.key.upload_id);
    found->second.writing = true;
    found->second.file->Touch(clock_->Now());
    return found->second;
  }
  if (index_.uploads.size() >= options_.max_uploads)
    return LimitReachedError("max_uploads", static_cast<int64_t>(options_.max_uploads));
  // In this order: a hostile size overflows nothing.
  const int64_t free = options_.quota_bytes - index_.upload_bytes - index_.content_bytes;
  if (spec.size > free || SpoolIndex::Space(spec.size) > free)
    return LimitReachedError("spool_quota_bytes", options_.quota_bytes);
  const int64_t space = SpoolIndex::Space(spec.size);
  if (!payer.empty() && space > options_.bytes_per_payer - index_.BytesOf(payer))
    return LimitReachedError("max_spool_bytes_per_principal", options_.bytes_per_payer);
  index_.upload_bytes += space;
  index_.Charge(spec.key.owner, space);
  index_.owners[spec.key.owner].payer = std::string(payer);
  SpoolIndex::Upload& upload = index_.uploads[spec.key];
  upload = {.id = RandomId(), .spec = spec, .writing = true};
  CountUsage();
  return upload;
}

absl::Status Spool::Prepare(SpoolIndex::Upload* upload) {
  if (upload->file != nullptr) return upload->file->CatchUp();
  absl::StatusOr<std::shared_ptr<UploadFile>> file =
      UploadFile::Create(folder_.BytesOf(upload->id), upload->spec.size, hashers_.get());
  RETURN_IF_ERROR(file.status());
  RETURN_IF_ERROR(folder_.WriteRecord(upload->id, upload->spec));
  (*file)->Touch(clock_->Now());
  MutexLock lock(&mutex_);
  const auto claimed = Find(upload->spec.key, upload->id);
  if (claimed == index_.uploads.end()) {  // released meanwhile
    folder_.RemoveUpload(upload->id);
    return NoUpload(upload->spec.key);
  }
  claimed->second.file = *file;
  upload->file = *std::move(file);
  return absl::OkStatus();
}

absl::StatusOr<Spool::UploadState> Spool::GetUpload(const UploadKey& key) {
  SpoolIndex::Upload upload;
  {
    MutexLock lock(&mutex_);
    if (const auto done = index_.references.find(key); done != index_.references.end()) {
      const UploadSpec& spec = done->second.spec;
      return UploadState{.spec = spec, .durable_offset = spec.size, .finished = true};
    }
    const auto found = index_.uploads.find(key);
    if (found == index_.uploads.end()) return NoUpload(key);
    upload = found->second;
  }
  if (upload.file == nullptr) return UploadState{.spec = upload.spec};
  ASSIGN_OR_RETURN(const int64_t durable, Sync(key, upload.id, upload.file.get()));
  return UploadState{.spec = upload.spec, .durable_offset = durable};
}

absl::StatusOr<int64_t> Spool::Sync(const UploadKey& key, const std::string& id, UploadFile* file) {
  absl::StatusOr<int64_t> durable = file->Sync();
  if (!durable.ok()) {
    DropUpload(key, id);
    return absl::IsNotFound(durable.status()) ? NoUpload(key) : durable;
  }
  const absl::Status recorded = folder_.SyncRecord(id);
  if (recorded.ok()) return durable;
  MutexLock lock(&mutex_);
  if (index_.references.count(key) != 0) return durable;  // finished meanwhile
  const auto upload = Find(key, id);
  if (upload == index_.uploads.end()) return NoUpload(key);
  if (absl::IsDataLoss(recorded)) Drop(upload);
  return folder_.HidePath(recorded);
}

absl::StatusOr<Sha256Digest> Spool::Finish(const UploadKey& key, const std::string& id,
                                           UploadFile* file, bool announced) {
  UploadSpec spec;
  {
    MutexLock lock(&mutex_);
    if (const auto done = index_.references.find(key); done != index_.references.end())
      return done->second.spec.sha256;
    const auto found = Find(key, id);
    if (found == index_.uploads.end()) return NoUpload(key);
    spec = found->second.spec;
  }
  if (const int64_t received = file->received(); received < spec.size) {
    return UploadIncompleteError(received, spec.size);
  }
  absl::StatusOr<Sha256Digest> digest = file->Seal();
  if (!digest.ok() || (announced && *digest != spec.sha256)) {
    DropUpload(key, id);
    if (absl::IsNotFound(digest.status())) return NoUpload(key);
    RETURN_IF_ERROR(digest.status());
    return ContentMismatchError("sha256", ToHex(spec.sha256), ToHex(*digest));
  }
  MutexLock lock(&mutex_);
  const auto found = Find(key, id);
  if (found == index_.uploads.end()) return NoUpload(key);
  RETURN_IF_ERROR(Commit(found, *digest));
  return digest;
}

// First the content has its name, then the reference says that it counts, then the upload goes: at
// whatever step a restart comes, the upload is there or the content is.
absl::Status Spool::Commit(SpoolIndex::Uploads::iterator upload, const Sha256Digest& digest) {
  UploadSpec spec = upload->second.spec;
  spec.sha256 = digest;
  const bool is_new = index_.contents.count(spec.sha256) == 0;
  if (is_new) {
    RETURN_IF_ERROR(folder_.HidePath(folder_.Link(upload->second.id, spec.sha256)));
    index_.contents[spec.sha256] = {.size = spec.size, .references = 0};
  }
  const absl::Status referred = Refer(spec);
  if (!referred.ok()) {
    if (is_new) {
      index_.contents.erase(spec.sha256);
      SpoolFolder::Remove(folder_.ContentOf(spec.sha256)).IgnoreError();
    }
    return referred;
  }
  if (is_new) index_.content_bytes += SpoolIndex::Space(spec.size);
  index_.upload_bytes -= SpoolIndex::Space(spec.size);
  index_.Charge(spec.key.owner, -SpoolIndex::Space(spec.size));
  folder_.RemoveUpload(upload->second.id);
  index_.uploads.erase(upload);
  CountUsage();
  return absl::OkStatus();
}

absl::Status Spool::Refer(const UploadSpec& spec) {
  const std::string id = RandomId();
  RETURN_IF_ERROR(folder_.HidePath(folder_.WriteReference(id, spec)));
  index_.references[spec.key] = {id, spec};
  ++index_.contents[spec.sha256].references;
  index_.Charge(spec.key.owner, SpoolIndex::Space(spec.size));
  return absl::OkStatus();
}

absl::Status Spool::AddReference(const Sha256Digest& content, const UploadKey& key) {
  UploadSpec spec{.key = key, .sha256 = content};
  RETURN_IF_ERROR(CheckUploadSpec(spec));
  MutexLock lock(&mutex_);
  const auto found = index_.contents.find(content);
  if (found == index_.contents.end()) return NotFoundError("carousel.dev/Content", ToHex(content));
  spec.size = found->second.size;
  if (const auto known = index_.references.find(key); known != index_.references.end()) {
    return known->second.spec.sha256 == content ? absl::OkStatus()
                                                : RequestIdReusedError(key.upload_id, "upload_id");
  }
  if (index_.uploads.count(key) != 0) return RequestIdReusedError(key.upload_id, "upload_id");
  return Refer(spec);
}

absl::StatusOr<std::unique_ptr<ContentReader>> Spool::OpenContent(const Sha256Digest& content) {
  MutexLock lock(&mutex_);
  const auto found = index_.contents.find(content);
  if (found == index_.contents.end()) return NotFoundError("carousel.dev/Content", ToHex(content));
  auto reader = ContentReader::Open(folder_.ContentOf(content), found->second.size);
  RETURN_IF_ERROR(folder_.HidePath(reader.status()));
  return reader;
}

absl::Status Spool::Release(const UploadKey& key) {
  MutexLock lock(&mutex_);
  if (const auto upload = index_.uploads.find(key); upload != index_.uploads.end()) {
    Drop(upload);
    return absl::OkStatus();
  }
  const auto reference = index_.references.find(key);
  return reference == index_.references.end() ? NoUpload(key) : DropReference(reference);
}

absl::Status Spool::ReleaseOwner(absl::string_view owner) {
  return RetainOwners([owner](absl::string_view other) { return other != owner; });
}

absl::Status Spool::RetainOwners(const std::function<bool(absl::string_view)>& live) {
  MutexLock lock(&mutex_);
  for (auto upload = index_.uploads.begin(); upload != index_.uploads.end();)
    upload = live(upload->first.owner) ? std::next(upload) : Drop(upload);
  for (auto reference = index_.references.begin(); reference != index_.references.end();) {
    const auto next = std::next(reference);
    if (!live(reference->first.owner)) RETURN_IF_ERROR(DropReference(reference));
    reference = next;
  }
  return absl::OkStatus();
}

absl::Status Spool::DropReference(SpoolIndex::References::iterator reference) {
  const auto content = index_.contents.find(reference->second.spec.sha256);
  const std::string record = folder_.ReferenceOf(reference->second.id);
  RETURN_IF_ERROR(folder_.HidePath(SpoolFolder::Remove(record)));
  index_.Charge(reference->first.owner, -SpoolIndex::Space(content->second.size));
  index_.references.erase(reference);
  if (--content->second.references > 0) return absl::OkStatus();
  const std::string path = folder_.ContentOf(content->first);
  index_.content_bytes -= SpoolIndex::Space(content->second.size);
  index_.contents.erase(content);
  CountUsage();
  // What stays is removed by the next Open.
  return folder_.HidePath(SpoolFolder::Remove(path));
}

void Spool::RemoveExpired() {
  MutexLock lock(&mutex_);
  DropExpired();
}

void Spool::DropExpired() {
  const absl::Time eldest = clock_->Now() - options_.upload_ttl;
  for (auto upload = index_.uploads.begin(); upload != index_.uploads.end();) {
    const bool expired = upload->second.file != nullptr && upload->second.file->touched() <= eldest;
    upload = expired ? Drop(upload) : std::next(upload);
  }
}

SpoolIndex::Uploads::iterator Spool::Drop(SpoolIndex::Uploads::iterator upload) {
  if (upload->second.file != nullptr) upload->second.file->Discard();
  folder_.RemoveUpload(upload->second.id);
  const int64_t space = SpoolIndex::Space(upload->second.spec.size);
  index_.upload_bytes -= space;
  index_.Charge(upload->first.owner, -space);
  const auto next = index_.uploads.erase(upload);
  CountUsage();
  return next;
}

void Spool::DropUpload(const UploadKey& key, const std::string& id) {
  MutexLock lock(&mutex_);
  if (const auto upload = Find(key, id); upload != index_.uploads.end()) Drop(upload);
}

void Spool::CloseWriter(const UploadKey& key, const std::string& id) {
  MutexLock lock(&mutex_);
  if (const auto upload = Find(key, id); upload != index_.uploads.end())
    upload->second.writing = false;
}

SpoolIndex::Uploads::iterator Spool::Find(const UploadKey& key, const std::string& id) {
  const auto upload = index_.uploads.find(key);
  if (upload == index_.uploads.end() || upload->second.id == id) return upload;
  return index_.uploads.end();
}

void Spool::CountUsage() {
  upload_bytes_ = index_.upload_bytes;
  content_bytes_ = index_.content_bytes;
  uploads_ = index_.uploads.size();
  contents_ = index_.contents.size();
}

Spool::Usage Spool::usage() const {
  return {.quota_bytes = options_.quota_bytes,
          .upload_bytes = upload_bytes_,
          .content_bytes = content_bytes_,
          .uploads = uploads_,
          .contents = contents_};
}

}  // namespace carousel
