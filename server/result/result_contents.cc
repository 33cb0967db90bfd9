#include "server/result/result_contents.h"

#include <algorithm>
#include <cstddef>

namespace carousel {

absl::Status ResultContents::Read(mastering::ContentHandle content, int64_t offset,
                                  absl::Span<uint8_t> out) {
  if (content != manifest_handle_) return spool_contents_.Read(content, offset, out);
  const auto size = static_cast<int64_t>(manifest_->size());
  if (offset < 0 || offset > size || static_cast<int64_t>(out.size()) > size - offset)
    return absl::OutOfRangeError("beyond the manifest");
  std::copy_n(manifest_->begin() + offset, out.size(), out.begin());
  return absl::OkStatus();
}

}  // namespace carousel
