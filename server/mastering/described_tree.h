// A tree as text, path by path, so that tests can compare what was mastered with what is read.
#ifndef SERVER_MASTERING_DESCRIBED_TREE_H_
#define SERVER_MASTERING_DESCRIBED_TREE_H_

#include <functional>
#include <map>
#include <string>

#include "server/image/file_tree.h"

namespace carousel::mastering {

// Everything that Rock Ridge keeps of an entry: type, size, time as far as it is kept, attributes
// (those that are given where there are none), target, and contents by `contents`. With `links`
// also which entries are one file: the first path of the same inode.
std::map<std::string, std::string> Describe(
    const FileTree& tree, bool links,
    const std::function<std::string(FileTree::Id, const EntryData&)>& contents);

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_DESCRIBED_TREE_H_
