// Trees by a seed, for tests: the same seed makes the same tree.
#ifndef SERVER_MASTERING_RANDOM_TREE_H_
#define SERVER_MASTERING_RANDOM_TREE_H_

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "server/image/file_tree.h"
#include "server/mastering/content.h"
#include "server/mastering/memory_contents.h"

namespace carousel::mastering {

// Adds entries to a tree: names of 1 to 255 bytes of many kinds, directories to a depth of 40, all
// types, links, attributes or none, times of all years.
class RandomTree {
 public:
  // Both must outlive the generator.
  RandomTree(uint64_t seed, FileTree* tree, MemoryContents* contents)
      : chance_(seed), tree_(*tree), contents_(*contents) {}

  // Adds up to `entries` entries anywhere, and finishes the tree.
  void Grow(int entries);

  const std::vector<NewFile>& new_files() const { return new_files_; }

 private:
  uint64_t Below(uint64_t bound) { return chance_() % bound; }
  std::string Name();
  std::string Target();
  EntryData Data();
  void AddFile(FileTree::Id parent, EntryData data);
  void AddLink(FileTree::Id parent);

  std::mt19937_64 chance_;
  FileTree& tree_;
  MemoryContents& contents_;
  std::vector<NewFile> new_files_;
  std::vector<FileTree::Id> directories_;
  struct Linkable {
    EntryData data;
    ContentHandle content{};
  };
  std::vector<Linkable> linkable_;
};

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_RANDOM_TREE_H_
