// How many sectors the new contents of a tree take. Files of one content share an extent, so it
// counts once.
#ifndef SERVER_IMAGE_CONTENT_USES_H_
#define SERVER_IMAGE_CONTENT_USES_H_

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "server/mastering/content.h"

namespace carousel {

class ContentUses {
 public:
  // A file of `content` with `bytes` comes, or goes.
  void Add(mastering::ContentHandle content, int64_t bytes);
  void Remove(mastering::ContentHandle content);

  int64_t blocks() const { return blocks_; }
  // What `blocks` would be after Add.
  int64_t BlocksWith(mastering::ContentHandle content, int64_t bytes) const;

 private:
  struct Use {
    int64_t files = 0;
    int64_t blocks = 0;
  };
  absl::flat_hash_map<mastering::ContentHandle, Use> uses_;
  int64_t blocks_ = 0;
};

}  // namespace carousel

#endif  // SERVER_IMAGE_CONTENT_USES_H_
