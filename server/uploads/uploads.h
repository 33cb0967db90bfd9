// UploadFile as the service does it: a client's bytes go into the content spool, then the file goes
// into the image. Not how they travel.
#ifndef SERVER_UPLOADS_UPLOADS_H_
#define SERVER_UPLOADS_UPLOADS_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/base/mutex.h"
#include "server/digest/sha256.h"
#include "server/image/image_store.h"
#include "server/image/image_view.h"
#include "server/image/tree_editor.h"
#include "server/spool/spool.h"
#include "server/spool/upload_spec.h"
#include "server/spool/upload_writer.h"

namespace carousel {

// The owner of what the spool keeps for an image.
std::string SpoolOwner(absl::string_view image_id);

// Thread-safe. Every method blocks for the disk, and so do a session's. What a disk that fails
// answers is SpoolError's.
class Uploads {
 public:
  // Both must outlive it and its sessions.
  Uploads(ImageStore* images, Spool* spool);

  struct Request {
    std::string image;  // id
    std::string etag;
    std::string upload_id;
    std::string path;
    int64_t size = 0;
    Sha256Digest sha256{};
    TreeEditor::Attributes attributes;
  };

  class Session;
  // Begins an upload or goes on with it. What would keep the file out of the image is found now
  // rather than after its last byte: the codes of FileSystemImage::AddFile, unless this upload has
  // added it already. The codes of Spool::StartUpload. NOT_FOUND: no such image.
  absl::StatusOr<std::unique_ptr<Session>> Begin(Request request) ABSL_LOCKS_EXCLUDED(mutex_);

  // How far an upload of an image has come. NOT_FOUND: no such image or upload.
  absl::StatusOr<Spool::UploadState> Get(absl::string_view image, absl::string_view upload_id);

  // Forgets all that an image has, after the image itself.
  absl::Status Release(absl::string_view image) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::Status Check(FileSystemImage& image, const Request& request, const UploadKey& key)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<ImageView> Add(FileSystemImage& image, const Request& request,
                                const UploadKey& key) ABSL_LOCKS_EXCLUDED(mutex_);
  // What a stream puts into the spool while its image goes would have no owner any more: such is
  // released. NOT_FOUND: the image has gone.
  absl::Status Keep(const UploadKey& key, absl::string_view image) ABSL_LOCKS_EXCLUDED(mutex_);

  ImageStore* const images_;
  Spool* const spool_;
  // Held while a file is added, so that one upload adds one file however often it is sent.
  Mutex mutex_;
  std::set<UploadKey> added_ ABSL_GUARDED_BY(mutex_);
};

// One stream of one upload. One thread at a time. While it lives no other stream writes the upload;
// without Finish the upload stays as it is and can be gone on with.
class Uploads::Session {
 public:
  // Takes the next bytes. Pushes the image's expiry on. Codes of UploadWriter::Append.
  absl::Status Append(int64_t offset, std::string bytes);

  // Makes the content durable, then adds the file to the image; the image after it. Codes of
  // UploadWriter::Finish, and of FileSystemImage::AddFile: the content is then kept for the upload
  // until the image goes, and another stream of it needs no bytes.
  absl::StatusOr<ImageView> Finish();

 private:
  friend class Uploads;
  Session(Uploads* uploads, ImagePtr image, Request request, UploadKey key,
          std::unique_ptr<UploadWriter> writer);

  Uploads* const uploads_;
  const ImagePtr image_;
  const Request request_;
  const UploadKey key_;
  const std::unique_ptr<UploadWriter> writer_;
};

}  // namespace carousel

#endif  // SERVER_UPLOADS_UPLOADS_H_
