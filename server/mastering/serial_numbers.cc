#include "server/mastering/serial_numbers.h"

#include <algorithm>
#include <limits>

#include "server/mastering/tree_walk.h"

namespace carousel::mastering {
namespace {

constexpr uint64_t kMost = std::numeric_limits<uint32_t>::max();

uint64_t InodeOf(const FileTree& tree, FileTree::Id id) {
  const EntryData data = tree.data(id);
  return data.posix.has_value() ? data.posix->inode : 0;
}

}  // namespace

SerialNumbers::SerialNumbers(const FileTree& tree) {
  uint64_t largest = 0;
  uint64_t last_id = 0;
  WalkTree(tree, [&](FileTree::Id id) {
    const uint64_t inode = InodeOf(tree, id);
    if (inode <= kMost) largest = std::max(largest, inode);
    if (inode > kMost) first_.try_emplace(inode, static_cast<uint32_t>(id));
    last_id = std::max(last_id, uint64_t{static_cast<uint32_t>(id)});
  });
  keeps_ = largest + 1 + last_id <= kMost;
  if (keeps_) {
    base_ = static_cast<uint32_t>(largest) + 1;
    return;
  }
  WalkTree(tree, [&](FileTree::Id id) {
    if (const uint64_t inode = InodeOf(tree, id); inode != 0)
      first_.try_emplace(inode, static_cast<uint32_t>(id));
  });
}

uint32_t SerialNumbers::Of(FileTree::Id id, uint64_t inode) const {
  if (inode == 0) return base_ + static_cast<uint32_t>(id);
  if (keeps_ && inode <= kMost) return static_cast<uint32_t>(inode);
  return base_ + first_.at(inode);
}

}  // namespace carousel::mastering
