// The layout of a session, made before its first sector: what lies where, to the sector. It says
// how long the session is, and that is what an ImageReader delivers.
#ifndef SERVER_MASTERING_PLAN_H_
#define SERVER_MASTERING_PLAN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/image/file_tree.h"
#include "server/mastering/content.h"
#include "server/mastering/content_layout.h"
#include "server/mastering/options.h"
#include "server/mastering/serial_numbers.h"
#include "server/mastering/tree_layout.h"

namespace carousel::mastering {

// Holds addresses, not contents: some 60 bytes a directory and tree, 30 a new file. Const methods
// may run concurrently.
class Plan {
 public:
  // What lies in one run of sectors. Of kinds that are there twice, the first is the primary
  // tree's.
  enum class Kind : uint8_t {
    kSystemArea,
    kDescriptors,
    kPathTableL,
    kPathTableM,
    kEmpty,  // where files without bytes are said to be
    kDirectories,
    kContents,
    kPadding,
  };
  struct Region {
    Kind kind = Kind::kSystemArea;
    bool joliet = false;
    Lba start;
    Lba end;
  };

  // Lays out `tree`, which must outlive the plan and not change. A file is one of `new_files`, or
  // its extents lie on the disc, before the session. As imapi::MakeError: IMAPI_E_INVALID_PARAM
  // (metadata parameter), IMAPI_E_INVALID_VOLUME_NAME, IMAPI_E_IMAGE_SIZE_LIMIT (metadata
  // needed_sectors, free_sectors), IMAPI_E_TOO_MANY_DIRS, IMAPI_E_ISO9660_LEVELS,
  // IMAPI_E_DATA_TOO_BIG, IMAPI_E_NO_UNIQUE_NAME, IMAPI_E_INVALID_PATH,
  // IMAPI_E_INCOMPATIBLE_PREVIOUS_SESSION, IMAPI_E_DATA_STREAM_CREATE_FAILURE,
  // IMAPI_E_DATA_STREAM_INCONSISTENCY, each about an entry with metadata path. INVALID_ARGUMENT:
  // `new_files` do not fit the tree.
  static absl::StatusOr<std::unique_ptr<const Plan>> Make(const FileTree& tree,
                                                          absl::Span<const NewFile> new_files,
                                                          const Options& options);

  Lba start() const { return start_; }
  // The end of the volume: what its descriptors say, and what a session's hash is of.
  Lba volume_end() const { return volume_end_; }
  // The end of what is written, padding included.
  Lba end() const { return end_; }
  Sectors sectors() const { return end_ - start_; }

  // As asked for, or as made from the time.
  const std::string& volume_name() const { return volume_name_; }

  // All of [start(), end()), in order, none empty.
  absl::Span<const Region> regions() const { return regions_; }
  const TreeLayout& tree(bool joliet) const { return joliet ? *joliet_ : *primary_; }
  const ContentLayout& contents() const { return contents_; }
  // The sectors of the volume descriptors, the terminator among them. `overall`: with the size of
  // the whole disc up to the volume's end instead of the session's (as superblocks have it).
  std::vector<uint8_t> Descriptors(bool overall) const;

 private:
  Plan() = default;
  absl::Status MakeTrees(const FileTree& tree, absl::Span<const NewFile> new_files,
                         const Options& options);
  void Arrange(const Options& options);
  void AddRegion(Kind kind, bool joliet, Sectors sectors);
  Lba StartOf(Kind kind, bool joliet) const;

  Lba start_;
  Lba volume_end_;
  Lba end_;
  int64_t creation_time_ = 0;  // hundredths of a second
  int64_t root_time_ = 0;
  std::string volume_name_;
  ContentLayout contents_;
  std::unique_ptr<SerialNumbers> serials_;
  std::optional<TreeLayout> primary_;
  std::optional<TreeLayout> joliet_;
  std::vector<Region> regions_;
};

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_PLAN_H_
