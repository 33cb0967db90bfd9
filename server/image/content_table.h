// What the new files of an image hold: the digests of their contents, by the handles that its tree
// names them by. Where the bytes are is the spool's affair.
#ifndef SERVER_IMAGE_CONTENT_TABLE_H_
#define SERVER_IMAGE_CONTENT_TABLE_H_

#include <cstddef>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/digest/sha256.h"
#include "server/mastering/content.h"

namespace carousel {

// Not thread-safe; const methods may run concurrently.
class ContentTable {
 public:
  // The handle of the content with that digest: the one that it has, or a new one. Equal files so
  // have one handle, and share an extent.
  mastering::ContentHandle Add(const Sha256Digest& digest);

  // By handle.
  const std::vector<Sha256Digest>& digests() const { return digests_; }
  size_t size() const { return digests_.size(); }

  // Forgets what was added since there were `size`.
  void Truncate(size_t size);

 private:
  std::vector<Sha256Digest> digests_;
  absl::flat_hash_map<Sha256Digest, size_t> by_digest_;
};

}  // namespace carousel

#endif  // SERVER_IMAGE_CONTENT_TABLE_H_
