#include "server/image/file_system_image.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using imapi::Hresult;

constexpr char kType[] = "carousel.dev/Image";

std::string NameOf(absl::string_view id) { return absl::StrCat("images/", id); }

}  // namespace

// A random-write image lays its session end to end with the last logical one, too: the sequential
// facts of an overwritable medium say where that is.
int64_t BoundDisc::session_start() const {
  return facts->sequential.next_writable.value.value_or(0);
}

int64_t BoundDisc::free_blocks() const { return facts->sequential.free_sectors.value.value_or(0); }

FileSystemImage::FileSystemImage(std::string id, int64_t number, ImageOptions options,
                                 absl::Duration ttl, Clock* clock)
    : id_(std::move(id)),
      number_(number),
      options_(std::move(options)),
      ttl_(ttl),
      clock_(clock),
      create_time_(clock->Now()),
      update_time_(create_time_),
      expire_time_(create_time_ + ttl) {}

ImageView FileSystemImage::View() const {
  return {.id = id_,
          .state = state_,
          .etag = Etag(),
          .create_time = create_time_,
          .update_time = update_time_,
          .expire_time = expire_time_,
          .owner = options_.owner,
          .display_name = options_.display_name,
          .types = options_.types,
          .bound = bound_,
          .imported = imported_,
          .operation = operation_};
}

ImageView FileSystemImage::view() const {
  MutexLock lock(&mutex_);
  return View();
}

std::shared_ptr<const BoundDisc> FileSystemImage::bound() const {
  MutexLock lock(&mutex_);
  return bound_;
}

std::shared_ptr<const ImportedSession> FileSystemImage::imported() const {
  MutexLock lock(&mutex_);
  return imported_;
}

void FileSystemImage::Touch() {
  const absl::Time now = clock_->Now();
  MutexLock lock(&mutex_);
  expire_time_ = now + ttl_;
}

bool FileSystemImage::Expired() const {
  const absl::Time now = clock_->Now();
  MutexLock lock(&mutex_);
  return state_ == ImageState::kActive && now >= expire_time_;
}

std::string FileSystemImage::Etag() const { return absl::StrCat("\"", changes_, "\""); }

void FileSystemImage::Changed() {
  ++changes_;
  update_time_ = clock_->Now();
  expire_time_ = update_time_ + ttl_;
}

absl::Status FileSystemImage::CheckEtag(absl::string_view etag) const {
  if (state_ == ImageState::kDeleting && operation_.empty())
    return NotFoundError(kType, NameOf(id_));
  if (etag.empty() || etag == Etag()) return absl::OkStatus();
  return EtagMismatchError(NameOf(id_), etag, Etag());
}

absl::Status FileSystemImage::CheckChange(absl::string_view etag) const {
  RETURN_IF_ERROR(CheckEtag(etag));
  if (!operation_.empty()) {
    const std::string operation = absl::StrCat("operations/", operation_);
    return imapi::MakeError(Hresult::IMAPI_E_PROPERTY_NOT_ACCESSIBLE,
                            absl::StrCat(operation, " runs on ", NameOf(id_)),
                            {{"operation", operation}, {"resource", NameOf(id_)}});
  }
  if (imported_ != nullptr) {
    return imapi::MakeError(Hresult::IMAPI_E_PROPERTY_NOT_ACCESSIBLE,
                            absl::StrCat(NameOf(id_), " has imported a session already"),
                            {{"property", "multisession_interfaces"}, {"resource", NameOf(id_)}});
  }
  return absl::OkStatus();
}

absl::Status FileSystemImage::CheckBind(absl::string_view etag) const {
  MutexLock lock(&mutex_);
  return CheckChange(etag);
}

absl::StatusOr<ImageView> FileSystemImage::Bind(absl::string_view etag,
                                                std::shared_ptr<const BoundDisc> bound) {
  MutexLock lock(&mutex_);
  RETURN_IF_ERROR(CheckChange(etag));
  bound_.swap(bound);
  Changed();
  return View();
}

absl::StatusOr<std::shared_ptr<const BoundDisc>> FileSystemImage::BeginImport(
    absl::string_view etag, std::string operation, std::function<void()> cancel) {
  MutexLock lock(&mutex_);
  RETURN_IF_ERROR(CheckChange(etag));
  if (bound_ == nullptr) {
    return imapi::MakeError(Hresult::IMAPI_E_MULTISESSION_NOT_SET,
                            absl::StrCat(NameOf(id_), " has no multi-session interfaces"),
                            {{"resource", NameOf(id_)}});
  }
  state_ = ImageState::kImporting;
  operation_ = std::move(operation);
  cancel_ = std::move(cancel);
  Changed();
  return bound_;
}

void FileSystemImage::EndImport(std::shared_ptr<const ImportedSession> session) {
  std::vector<absl::AnyInvocable<void()>> gone;
  {
    MutexLock lock(&mutex_);
    if (state_ == ImageState::kImporting) state_ = ImageState::kActive;
    if (session != nullptr) imported_.swap(session);
    operation_.clear();
    cancel_ = nullptr;
    Changed();
    gone.swap(gone_);
  }
  for (auto& callback : gone) callback();
}

absl::Status FileSystemImage::BeginDelete(absl::string_view etag, absl::AnyInvocable<void()> gone) {
  std::function<void()> cancel;
  {
    MutexLock lock(&mutex_);
    RETURN_IF_ERROR(CheckEtag(etag));
    if (state_ != ImageState::kDeleting) Changed();
    state_ = ImageState::kDeleting;
    if (!operation_.empty()) {
      cancel.swap(cancel_);
      gone_.push_back(std::move(gone));
    }
  }
  if (cancel) cancel();
  if (gone) gone();
  return absl::OkStatus();
}

}  // namespace carousel
