// Everything in a tree, in the order of a recursive listing: a directory before what it holds,
// siblings by name.
#ifndef SERVER_MASTERING_TREE_WALK_H_
#define SERVER_MASTERING_TREE_WALK_H_

#include <vector>

#include "server/image/file_tree.h"

namespace carousel::mastering {

// Calls visit(FileTree::Id) for each entry, the root first. The tree's depth is not the stack's.
template <typename Visit>
void WalkTree(const FileTree& tree, Visit visit) {
  std::vector<FileTree::Id> stack = {FileTree::kRoot};
  while (!stack.empty()) {
    const FileTree::Id id = stack.back();
    stack.pop_back();
    visit(id);
    if (tree.type(id) != EntryType::kDirectory) continue;
    const std::vector<FileTree::Id> children = tree.Children(id, 0, tree.child_count(id));
    stack.insert(stack.end(), children.rbegin(), children.rend());
  }
}

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_TREE_WALK_H_
