// The serial numbers of PX (RRIP 1.12): each entry its own, but hard links of one file one
// together. An entry keeps the inode number that the tree has for it as long as 32 bits hold all of
// them.
#ifndef SERVER_MASTERING_SERIAL_NUMBERS_H_
#define SERVER_MASTERING_SERIAL_NUMBERS_H_

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "server/image/file_tree.h"

namespace carousel::mastering {

class SerialNumbers {
 public:
  // Reads the whole tree.
  explicit SerialNumbers(const FileTree& tree);

  // `inode` is what the tree says of the entry; 0: none.
  uint32_t Of(FileTree::Id id, uint64_t inode) const;

 private:
  bool keeps_ = true;  // inodes that fit
  uint32_t base_ = 1;  // what is added to an id where there is no inode to keep
  absl::flat_hash_map<uint64_t, uint32_t> first_;  // id, by an inode that is not kept
};

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_SERIAL_NUMBERS_H_
