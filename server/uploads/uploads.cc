#include "server/uploads/uploads.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/image/content_table.h"
#include "server/image/file_system_image.h"
#include "server/uploads/spool_error.h"

namespace carousel {

std::string SpoolOwner(absl::string_view image_id) { return absl::StrCat("images/", image_id); }

Uploads::Uploads(ImageStore* images, Spool* spool) : images_(images), spool_(spool) {}

absl::StatusOr<std::unique_ptr<Uploads::Session>> Uploads::Begin(Request request) {
  ASSIGN_OR_RETURN(ImagePtr image, images_->Find(request.image));
  UploadKey key{.owner = SpoolOwner(request.image), .upload_id = request.upload_id};
  RETURN_IF_ERROR(Check(*image, request, key));
  absl::StatusOr<std::unique_ptr<UploadWriter>> writer = spool_->StartUpload(
      {.key = key, .path = request.path, .size = request.size, .sha256 = request.sha256},
      image->creator());
  if (!writer.ok()) return SpoolError(writer.status());
  RETURN_IF_ERROR(Keep(key, request.image));
  return std::unique_ptr<Session>(
      new Session(this, std::move(image), std::move(request), std::move(key), *std::move(writer)));
}

absl::Status Uploads::Check(FileSystemImage& image, const Request& request, const UploadKey& key) {
  {
    MutexLock lock(&mutex_);
    if (added_.count(key) != 0) return absl::OkStatus();
  }
  // Adds the file and takes it back, so that the answer is the one that Finish would get now.
  bool tried = false;
  const absl::Status status =
      image
          .EditWithContents(
              request.etag,
              [&](TreeEditor& editor, ContentTable& contents) -> absl::Status {
                RETURN_IF_ERROR(editor
                                    .AddFile(request.path, contents.Add(request.sha256),
                                             request.size, request.attributes)
                                    .status());
                tried = true;
                return absl::CancelledError("only tried");
              })
          .status();
  return tried ? absl::OkStatus() : status;
}

absl::StatusOr<ImageView> Uploads::Add(FileSystemImage& image, const Request& request,
                                       const UploadKey& key) {
  MutexLock lock(&mutex_);
  if (added_.count(key) != 0) return image.view();
  ASSIGN_OR_RETURN(ImageView view, image.AddFile(request.etag, request.path, request.sha256,
                                                 request.size, request.attributes));
  added_.insert(key);
  return view;
}

absl::Status Uploads::Keep(const UploadKey& key, absl::string_view image) {
  absl::Status found = images_->Find(image).status();
  if (found.ok()) return found;
  spool_->Release(key).IgnoreError();
  MutexLock lock(&mutex_);
  added_.erase(key);
  return found;
}

absl::StatusOr<Spool::UploadState> Uploads::Get(absl::string_view image,
                                                absl::string_view upload_id) {
  RETURN_IF_ERROR(images_->Find(image).status());
  absl::StatusOr<Spool::UploadState> state =
      spool_->GetUpload({.owner = SpoolOwner(image), .upload_id = std::string(upload_id)});
  if (!state.ok()) return SpoolError(state.status());
  return state;
}

absl::Status Uploads::Release(absl::string_view image) {
  const std::string owner = SpoolOwner(image);
  {
    MutexLock lock(&mutex_);
    const auto begin = added_.lower_bound({.owner = owner});
    auto end = begin;
    while (end != added_.end() && end->owner == owner) ++end;
    added_.erase(begin, end);
  }
  return spool_->ReleaseOwner(owner);
}

Uploads::Session::Session(Uploads* uploads, ImagePtr image, Request request, UploadKey key,
                          std::unique_ptr<UploadWriter> writer)
    : uploads_(uploads),
      image_(std::move(image)),
      request_(std::move(request)),
      key_(std::move(key)),
      writer_(std::move(writer)) {}

absl::Status Uploads::Session::Append(int64_t offset, std::string bytes) {
  image_->Touch();
  return SpoolError(writer_->Append(offset, std::move(bytes)));
}

absl::StatusOr<ImageView> Uploads::Session::Finish() {
  RETURN_IF_ERROR(SpoolError(writer_->Finish()));
  absl::StatusOr<ImageView> view = uploads_->Add(*image_, request_, key_);
  RETURN_IF_ERROR(uploads_->Keep(key_, request_.image));
  return view;
}

}  // namespace carousel
