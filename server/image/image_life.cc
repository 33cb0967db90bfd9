#include "server/image/image_life.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {

ImageLife::ImageLife(std::string name, absl::Duration ttl, Clock* clock)
    : name_(std::move(name)),
      ttl_(ttl),
      clock_(clock),
      create_time_(clock->Now()),
      update_time_(create_time_),
      expire_time_(create_time_ + ttl) {}

std::string ImageLife::Etag() const { return absl::StrCat("\"", changes_, "\""); }

void ImageLife::Changed() {
  ++changes_;
  update_time_ = clock_->Now();
  expire_time_ = update_time_ + ttl_;
}

void ImageLife::Describe(ImageView& view) const {
  view.state = state_;
  view.etag = Etag();
  view.create_time = create_time_;
  view.update_time = update_time_;
  view.expire_time = expire_time_;
  view.operation = operation_;
}

absl::Status ImageLife::CheckEtag(absl::string_view etag) const {
  if (state_ == ImageState::kDeleting && operation_.empty())
    return NotFoundError("carousel.dev/Image", name_);
  if (etag.empty() || etag == Etag()) return absl::OkStatus();
  return EtagMismatchError(name_, etag, Etag());
}

absl::Status ImageLife::CheckIdle(absl::string_view etag) const {
  RETURN_IF_ERROR(CheckEtag(etag));
  if (operation_.empty()) return absl::OkStatus();
  const std::string operation = absl::StrCat("operations/", operation_);
  return imapi::MakeError(imapi::Hresult::IMAPI_E_PROPERTY_NOT_ACCESSIBLE,
                          absl::StrCat(operation, " runs on ", name_),
                          {{"operation", operation}, {"resource", name_}});
}

void ImageLife::Begin(ImageState state, std::string operation, std::function<void()> cancel) {
  state_ = state;
  operation_ = std::move(operation);
  cancel_ = std::move(cancel);
  Changed();
}

std::vector<ImageLife::Gone> ImageLife::End() {
  if (state_ != ImageState::kDeleting) state_ = ImageState::kActive;
  operation_.clear();
  cancel_ = nullptr;
  Changed();
  return std::exchange(gone_, {});
}

std::function<void()> ImageLife::BeginDelete(Gone& gone) {
  if (state_ != ImageState::kDeleting) Changed();
  state_ = ImageState::kDeleting;
  if (operation_.empty()) return nullptr;
  gone_.push_back(std::move(gone));
  gone = nullptr;
  return std::exchange(cancel_, nullptr);
}

}  // namespace carousel
