// What was made of a file system image to be written: the session, planned to its last sector, and
// where its contents come from. It holds no sectors; ImageReader makes them.
#ifndef SERVER_MASTERING_RESULT_IMAGE_H_
#define SERVER_MASTERING_RESULT_IMAGE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/image/file_system_image.h"
#include "server/image/file_tree.h"
#include "server/image/mastering_input.h"
#include "server/mastering/content.h"
#include "server/mastering/plan.h"

namespace carousel {

// Never changes; shared between threads as shared_ptr<const ResultImage>.
struct ResultImage {
  std::string image;  // id
  std::string etag;   // of the image that it was made of
  // The disc that the session continues. Null: a disc of its own, from plan->start() on.
  std::shared_ptr<const BoundDisc> bound;
  // Before the plan, which reads its tree.
  MasteringInput input;
  std::unique_ptr<const mastering::Plan> plan;
  // Of each of plan->contents().contents() the first file that has it.
  std::vector<FileTree::Id> content_files;
  std::string session_id;  // a UUID, as in the session's manifest
  // The new files' contents, for one reader and one thread each. May outlive this object; not the
  // spool, nor the image's references in it.
  std::function<std::unique_ptr<mastering::ContentSource>()> open_contents;
};

}  // namespace carousel

#endif  // SERVER_MASTERING_RESULT_IMAGE_H_
