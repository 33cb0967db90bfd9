// What takes one change of an edited tree back.
#ifndef SERVER_IMAGE_TREE_UNDO_H_
#define SERVER_IMAGE_TREE_UNDO_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "server/image/content_uses.h"
#include "server/image/layered_tree.h"

namespace carousel {

struct TreeCounts {
  int64_t files = 0;
  int64_t directories = 0;
};

struct TreeUndo {
  struct Moved {
    LayeredTree::Id id{};
    LayeredTree::Place from;
    std::optional<LayeredTree::Change> change;  // what `from` had
  };

  LayeredTree::Id root{};
  TreeCounts counts;
  std::optional<LayeredTree::Place> place;    // nothing if all was removed
  std::optional<LayeredTree::Change> change;  // what `place` had
  std::optional<LayeredTree::Id> added;
  // Shared by copies of an edited tree.
  std::shared_ptr<const Moved> moved;
  std::shared_ptr<const ContentUses> uses;  // if all was removed
};

}  // namespace carousel

#endif  // SERVER_IMAGE_TREE_UNDO_H_
