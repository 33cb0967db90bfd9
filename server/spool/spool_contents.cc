#include "server/spool/spool_contents.h"

#include "hal/base/status_macros.h"

namespace carousel {

absl::Status SpoolContents::Read(mastering::ContentHandle content, int64_t offset,
                                 absl::Span<uint8_t> out) {
  const auto index = static_cast<uint64_t>(content);
  if (index >= contents_->size()) return absl::InvalidArgumentError("not a content of this image");
  if (open_ != content) {
    open_.reset();
    ASSIGN_OR_RETURN(reader_, spool_.OpenContent((*contents_)[index]));
    open_ = content;
  }
  return reader_->Read(offset, out);
}

}  // namespace carousel
