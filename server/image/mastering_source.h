// What a session is mastered from: an image as it is while its operation runs.
#ifndef SERVER_IMAGE_MASTERING_SOURCE_H_
#define SERVER_IMAGE_MASTERING_SOURCE_H_

#include <vector>

#include "server/digest/sha256.h"
#include "server/image/image_view.h"
#include "server/image/mastering_input.h"

namespace carousel {

struct MasteringSource {
  MasteringInput input;
  std::vector<Sha256Digest> contents;  // of new files, by mastering::ContentHandle
  ImageView image;
};

}  // namespace carousel

#endif  // SERVER_IMAGE_MASTERING_SOURCE_H_
