#include "server/image/image_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/operations/random_id.h"

namespace carousel {
namespace {

absl::Status NoSuchImage(absl::string_view id) {
  return NotFoundError("carousel.dev/Image", absl::StrCat("images/", id));
}

}  // namespace

ImageStore::ImageStore(Clock* clock, Options options)
    : clock_(clock), options_(std::move(options)) {}

absl::StatusOr<ImagePtr> ImageStore::Create(ImageOptions options, RequestId request) {
  RemoveExpired();
  MutexLock lock(&mutex_);
  if (const auto known = id_by_request_.find(request.id); known != id_by_request_.end()) {
    const Entry& entry = by_id_.at(known->second);
    if (entry.request.fingerprint != request.fingerprint) return RequestIdReusedError(request.id);
    return entry.image;
  }
  RETURN_IF_ERROR(CheckRoom(options.creator));
  auto image = std::make_shared<FileSystemImage>(RandomId(), next_number_++, std::move(options),
                                                 options_.ttl, clock_, options_.max_edits);
  if (!request.id.empty()) id_by_request_[request.id] = image->id();
  by_number_[image->number()] = image;
  by_id_[image->id()] = {image, std::move(request)};
  return image;
}

absl::Status ImageStore::CheckRoom(const std::string& creator) const {
  if (by_id_.size() >= options_.max_images)
    return LimitReachedError("max_images", static_cast<int64_t>(options_.max_images));
  if (creator.empty()) return absl::OkStatus();
  const auto own = std::count_if(by_number_.begin(), by_number_.end(), [&](const auto& image) {
    return image.second->creator() == creator;
  });
  const size_t most = options_.max_images_per_principal;
  if (static_cast<size_t>(own) >= most)
    return LimitReachedError("max_images_per_principal", static_cast<int64_t>(most));
  return absl::OkStatus();
}

absl::StatusOr<ImagePtr> ImageStore::Find(absl::string_view id) {
  ImagePtr image;
  {
    MutexLock lock(&mutex_);
    const auto found = by_id_.find(id);
    if (found != by_id_.end()) image = found->second.image;
  }
  if (image == nullptr || image->Expired()) return NoSuchImage(id);
  image->Touch();
  return image;
}

std::vector<ImagePtr> ImageStore::List(int64_t above, size_t limit) {
  RemoveExpired();
  std::vector<ImagePtr> images;
  MutexLock lock(&mutex_);
  for (auto it = by_number_.upper_bound(above); it != by_number_.end() && images.size() < limit;
       ++it) {
    images.push_back(it->second);
  }
  return images;
}

absl::Status ImageStore::Delete(absl::string_view id, absl::string_view etag,
                                absl::AnyInvocable<void()> gone) {
  ASSIGN_OR_RETURN(const ImagePtr image, Find(id));
  return image->BeginDelete(etag, [this, id = image->id(), gone = std::move(gone)]() mutable {
    Remove(id, std::move(gone));
  });
}

void ImageStore::RemoveExpired() {
  // Destroyed without the lock: a tree may be large.
  std::vector<ImagePtr> expired;
  {
    MutexLock lock(&mutex_);
    for (const auto& [number, image] : by_number_) {
      if (image->Expired()) expired.push_back(image);
    }
    for (const ImagePtr& image : expired) Erase(image->id());
  }
  for (const ImagePtr& image : expired) Tell(image->id(), [] {});
}

void ImageStore::Remove(const std::string& id, absl::AnyInvocable<void()> gone) {
  ImagePtr image;
  {
    MutexLock lock(&mutex_);
    image = Erase(id);
  }
  if (image == nullptr) return gone();  // not the first of several deletions
  Tell(id, std::move(gone));
}

void ImageStore::Tell(const std::string& id, absl::AnyInvocable<void()> done) const {
  if (!options_.on_gone) return done();
  options_.on_gone(id, std::move(done));
}

ImagePtr ImageStore::Erase(absl::string_view id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  ImagePtr image = found->second.image;
  id_by_request_.erase(found->second.request.id);
  by_number_.erase(image->number());
  by_id_.erase(found);
  return image;
}

}  // namespace carousel
