// What there is to know about a file system image at one moment.
#ifndef SERVER_IMAGE_IMAGE_VIEW_H_
#define SERVER_IMAGE_IMAGE_VIEW_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/disc_format/media_facts.h"
#include "server/image/file_system.h"
#include "server/image/file_tree.h"
#include "server/image/image_properties.h"
#include "server/mastering/known_contents.h"
#include "server/multisession/multisession.h"

namespace carousel {

// What a client says about a new image.
struct ImageOptions {
  std::string display_name;
  multisession::Types types = multisession::Types::kSequential;
  std::string owner;
  std::string creator;  // the principal; empty if the service knows none
};

// What SetMultisessionInterfaces stored: the disc that the image continues. Never changes.
struct BoundDisc {
  std::vector<multisession::Element> interfaces;  // the snapshot, with the drive's values
  multisession::Decision decision;
  std::shared_ptr<const MediaFacts> facts;
  std::string disc;  // id, if known

  // SessionStartBlock and FreeMediaBlocks that follow from it, in sectors.
  int64_t session_start() const;
  int64_t free_blocks() const;
};

// What an import took over. Never changes.
struct ImportedSession {
  FileTree tree;
  FileSystem file_system = FileSystem::kNone;
  bool rock_ridge = false;
  std::string volume_name;
  std::optional<mastering::DiscManifest> manifest;
};

enum class ImageState : uint8_t { kActive, kImporting, kAdding, kMastering, kBurning, kDeleting };

// FreeMediaBlocks: how many sectors an image may take; 0 is no limit. `bound` may be null.
int64_t FreeMediaBlocks(const ImageProperties& properties, const BoundDisc* bound);

// An image as it is at one moment.
struct ImageView {
  std::string id;
  ImageState state = ImageState::kActive;
  std::string etag;  // with its quotes (AIP-154)
  absl::Time create_time;
  absl::Time update_time;
  absl::Time expire_time;
  std::string owner;
  multisession::Types types = multisession::Types::kSequential;
  std::shared_ptr<const BoundDisc> bound;           // null before SetMultisessionInterfaces
  std::shared_ptr<const ImportedSession> imported;  // null before an import
  std::string operation;                            // id; empty if none runs
  ImageProperties properties;
  int64_t file_count = 0;       // of the tree as edited; everything that is no directory
  int64_t directory_count = 0;  // the root not counted
  int64_t used_blocks = 0;      // sectors that the contents of new files take
  int64_t change_point = 0;
  bool read_only = false;  // a result image was made

  int64_t free_media_blocks() const { return FreeMediaBlocks(properties, bound.get()); }
};

}  // namespace carousel

#endif  // SERVER_IMAGE_IMAGE_VIEW_H_
