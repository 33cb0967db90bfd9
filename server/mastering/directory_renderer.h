// Makes the sectors of one directory: its records, and behind them the continuation areas that Rock
// Ridge needs. The same code says how long a directory will be and what its bytes are, so that the
// two cannot differ.
#ifndef SERVER_MASTERING_DIRECTORY_RENDERER_H_
#define SERVER_MASTERING_DIRECTORY_RENDERER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/fs/iso9660/rock_ridge_writer.h"
#include "server/image/file_tree.h"
#include "server/mastering/content_layout.h"
#include "server/mastering/directory_listing.h"
#include "server/mastering/serial_numbers.h"

namespace carousel::mastering {

// What all directories of an image are made of. All pointers outlive what uses them.
struct Sources {
  const FileTree* tree = nullptr;
  const ContentLayout* contents = nullptr;
  const SerialNumbers* serials = nullptr;
  Lba session_start;
};

// Where directories lie; all 0 as long as it is not known.
struct Surroundings {
  Extent self;
  Extent parent;
  Lba continuations;
  // Of the n-th directory in the listing.
  absl::FunctionRef<Extent(size_t)> child;
};

// Not thread-safe.
class DirectoryRenderer {
 public:
  DirectoryRenderer(const Sources& sources, const TreeRules& rules);

  // Makes `records` and `continuations` whole sectors: of the directory `id` with `entries`. As
  // imapi::MakeError: errors of ContentLayout::SectionsOf, IMAPI_E_INVALID_PATH (a link's target
  // that Rock Ridge cannot hold).
  absl::Status Render(FileTree::Id id, absl::Span<const ListedEntry> entries,
                      const Surroundings& around, std::vector<uint8_t>& records,
                      std::vector<uint8_t>& continuations);

 private:
  // The record of the directory itself or of its parent.
  absl::Status AddSpecial(uint8_t which, FileTree::Id id, const Extent& place,
                          std::vector<uint8_t>& records);
  absl::Status AddFile(const ListedEntry& entry, std::vector<uint8_t>& records);
  absl::Status Add(FileTree::Id id, const EntryData& data, absl::string_view name,
                   absl::Span<const uint8_t> identifier, uint8_t flags, const Extent& place,
                   bool is_root_self, std::vector<uint8_t>& records);

  const Sources sources_;
  const TreeRules rules_;
  std::optional<iso9660::RockRidgeWriter> rock_ridge_;
  std::vector<uint8_t> system_use_;  // kept for their memory
  std::vector<Extent> sections_;
};

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_DIRECTORY_RENDERER_H_
