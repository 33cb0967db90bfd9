#include "server/result/file_bytes.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "hal/base/types.h"
#include "server/disc_format/drive_block_reader.h"
#include "server/disc_format/media_facts_reader.h"
#include "server/errors/errors.h"
#include "server/image/file_tree.h"
#include "server/imapi/error.h"
#include "server/session_import/disc_check.h"
#include "server/spool/content_reader.h"

namespace carousel {
namespace {

using imapi::Hresult;
using session_import::DiscCheck;

absl::Span<uint8_t> AsBytes(std::string& text) {
  return absl::MakeSpan(reinterpret_cast<uint8_t*>(text.data()), text.size());
}

absl::Status SpoolFailure(const absl::Status& status) {
  if (status.ok()) return status;
  return imapi::MakeError(Hresult::IMAPI_E_DATA_STREAM_READ_FAILURE,
                          absl::StrCat("the contents cannot be read: ", status.message()));
}

// A file that the client has sent.
class NewFileBytes : public ByteSource {
 public:
  NewFileBytes(Spool& spool, const Sha256Digest& content, int64_t bytes, int64_t offset,
               WorkerPool& disk)
      : spool_(spool), content_(content), bytes_(bytes), next_(offset), disk_(disk) {}

  void Next(std::string* out, Done done) override {
    disk_.Post([this, out, done = std::move(done)]() mutable { done(SpoolFailure(Read(*out))); });
  }

 private:
  absl::Status Read(std::string& out) {
    out.resize(static_cast<size_t>(std::min(bytes_ - next_, kPieceBytes)));
    if (out.empty()) return absl::OkStatus();
    if (reader_ == nullptr) {
      ASSIGN_OR_RETURN(reader_, spool_.OpenContent(content_));
    }
    RETURN_IF_ERROR(reader_->Read(next_, AsBytes(out)));
    next_ += static_cast<int64_t>(out.size());
    return absl::OkStatus();
  }

  Spool& spool_;
  const Sha256Digest content_;
  const int64_t bytes_;
  int64_t next_;
  WorkerPool& disk_;
  std::unique_ptr<ContentReader> reader_;
};

// A file of an earlier session.
class OldFileBytes : public ByteSource {
 public:
  OldFileBytes(DriveStation* drive, std::shared_ptr<const BoundDisc> bound,
               std::vector<Extent> extents, int64_t offset)
      : drive_(*drive),
        bound_(std::move(bound)),
        check_(*bound_->facts, ReadMediaFacts),
        extents_(std::move(extents)),
        offset_(offset) {
    SkipRead();
  }

  void Next(std::string* out, Done done) override {
    if (extent_ == extents_.size()) {
      out->clear();
      return done(absl::OkStatus());
    }
    if (std::string owner = drive_.snapshot().owner; !owner.empty()) {
      return done(
          imapi::MakeError(Hresult::E_IMAPI_RECORDER_LOCKED, absl::StrCat(owner, " uses the drive"),
                           {{"drive", absl::StrCat("drives/", drive_.id())}, {"owner", owner}}));
    }
    drive_.Post([this, out, done = std::move(done)](absl::StatusOr<Drive*> drive) mutable {
      const absl::Status status = drive.ok() ? Read(**drive, *out) : drive.status();
      done(status.ok() ? status
                       : imapi::WithMetadata(imapi::FromDevice(status), "drive",
                                             absl::StrCat("drives/", drive_.id())));
    });
  }

 private:
  // Moves to the extent that holds the byte offset_ of those from extent_ on.
  void SkipRead() {
    while (extent_ < extents_.size() && offset_ >= extents_[extent_].bytes)
      offset_ -= extents_[extent_++].bytes;
  }

  absl::Status Read(Drive& drive, std::string& out) {
    RETURN_IF_ERROR(confirmed_ ? check_.ConfirmIfChanged(drive).status() : check_.Confirm(drive));
    confirmed_ = true;
    const Extent& extent = extents_[extent_];
    const int64_t skipped = offset_ % kSectorSize;
    const int64_t bytes = std::min(extent.bytes - offset_, kPieceBytes - skipped);
    const Lba start = extent.start + Sectors(offset_ / kSectorSize);
    out.resize(static_cast<size_t>(Sectors::Holding(skipped + bytes).bytes()));
    const absl::Status read = drive.Read(start, AsBytes(out));
    if (!read.ok()) return IsUnreadableBlock(read) ? Unreadable(start, read) : read;
    // The disc may have been changed meanwhile.
    RETURN_IF_ERROR(check_.ConfirmIfChanged(drive).status());
    out.erase(0, static_cast<size_t>(skipped));
    out.resize(static_cast<size_t>(bytes));
    offset_ += bytes;
    SkipRead();
    return absl::OkStatus();
  }

  static absl::Status Unreadable(Lba start, const absl::Status& why) {
    return imapi::MakeError(
        Hresult::IMAPI_E_IMPORT_READ_FAILURE,
        absl::StrCat("a block from ", start.value(), " on cannot be read: ", why.message()),
        {{"block", absl::StrCat(start.value())}});
  }

  DriveStation& drive_;
  const std::shared_ptr<const BoundDisc> bound_;
  DiscCheck check_;
  const std::vector<Extent> extents_;
  size_t extent_ = 0;
  int64_t offset_;  // in the extent
  bool confirmed_ = false;
};

struct Found {
  EntryData data;
  std::optional<Sha256Digest> content;
};

absl::StatusOr<Found> Find(const FileSystemImage& image, absl::string_view path) {
  Found found;
  RETURN_IF_ERROR(image.LookWithContents(
      [&](const TreeEditor& tree, const ContentTable& contents) -> absl::Status {
        ASSIGN_OR_RETURN(const TreeEditor::Id id, tree.FindItem(path));
        found.data = tree.data(id);
        if (const auto content = tree.content(id); content.has_value())
          found.content = contents.digests()[static_cast<uint64_t>(*content)];
        return absl::OkStatus();
      }));
  if (found.data.type == EntryType::kFile) return found;
  return imapi::MakeError(Hresult::IMAPI_E_NOT_FILE, absl::StrCat(path, " is not a regular file"),
                          {{"path", std::string(path)}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> FileBytes::Open(const FileSystemImage& image,
                                                            absl::string_view path,
                                                            int64_t offset) const {
  ASSIGN_OR_RETURN(Found file, Find(image, path));
  if (offset < 0 || offset > file.data.bytes)
    return InvalidFieldError("offset", "is not in the file");
  if (file.content.has_value()) {
    return std::make_unique<NewFileBytes>(spool_, *file.content, file.data.bytes, offset, disk_);
  }
  std::shared_ptr<const BoundDisc> bound = image.bound();
  if (bound == nullptr) return absl::InternalError("an imported file is of no disc");
  const DrivePlace* drive = robot_.FindDrive(bound->decision.drive);
  if (drive == nullptr) return absl::InternalError("the image is bound to no drive of the robot");
  return std::make_unique<OldFileBytes>(drive->station, std::move(bound),
                                        std::move(file.data.extents), offset);
}

}  // namespace carousel
