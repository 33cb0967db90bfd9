// One directory as a tree of the image has it: which entries, under which identifiers, in which
// order.
#ifndef SERVER_MASTERING_DIRECTORY_LISTING_H_
#define SERVER_MASTERING_DIRECTORY_LISTING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/fs/iso9660/rock_ridge_writer.h"
#include "server/image/file_tree.h"

namespace carousel::mastering {

// Of the image's trees, one is primary and one, if there is one, Joliet's.
struct TreeRules {
  bool joliet = false;
  std::optional<iso9660::RockRidgeVersion> rock_ridge;  // of the primary tree
  int level = 3;
  int joliet_characters = 64;
  bool deep_directories = true;
};

struct ListedEntry {
  FileTree::Id id = FileTree::kRoot;
  EntryType type = EntryType::kFile;
  std::string identifier;  // without a version number
};

// The entries of `directory` in the order of their records (ECMA-119 clause 9.3). What the tree
// cannot say is left out: without Rock Ridge there are files and directories only.
// IMAPI_E_NO_UNIQUE_NAME as imapi::MakeError.
absl::StatusOr<std::vector<ListedEntry>> ListDirectory(const FileTree& tree, FileTree::Id directory,
                                                       const TreeRules& rules);

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_DIRECTORY_LISTING_H_
