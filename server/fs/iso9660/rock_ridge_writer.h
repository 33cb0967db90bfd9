// Writes what SUSP and Rock Ridge say about one directory record: into its system use area what
// fits there, the rest into continuation areas that follow one another in the sectors behind the
// directory.
#ifndef SERVER_FS_ISO9660_ROCK_RIDGE_WRITER_H_
#define SERVER_FS_ISO9660_ROCK_RIDGE_WRITER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hal/base/types.h"
#include "server/image/file_tree.h"

namespace carousel::iso9660 {

enum class RockRidgeVersion : uint8_t {
  k1_10,  // without serial numbers: for FreeBSD and Solaris of old
  k1_12,
};

// What is to be said about one record.
struct NewRockRidge {
  EntryType type = EntryType::kFile;
  PosixAttributes posix;
  uint32_t serial = 0;       // 1.12 only; hard links of one file have the same
  int64_t modify_time = 0;   // hundredths of a second since the Unix epoch
  absl::string_view name;    // empty: of a directory's own record, or of its parent's
  absl::string_view target;  // of a symlink
  bool is_root_self = false;
};

// Not thread-safe.
class RockRidgeWriter {
 public:
  explicit RockRidgeWriter(RockRidgeVersion version) : version_(version) {}

  // Begins with a directory whose continuation areas start at the sector `block`.
  void Start(uint32_t block);

  // Makes `system_use` the system use area of a record that has `room` bytes for it, at least 120.
  // INVALID_ARGUMENT: a link's target that needs more continuations than readers follow.
  absl::Status Write(const NewRockRidge& entry, size_t room, std::vector<uint8_t>& system_use);

  // The directory's continuation areas so far; the last sector may be cut.
  const std::vector<uint8_t>& continuations() const { return continuations_; }

 private:
  // Puts the entries of `rest` into areas of their own; `area` gets what points to the first.
  absl::Status Continue(absl::string_view rest, std::vector<uint8_t>& area);

  const RockRidgeVersion version_;
  uint32_t block_ = 0;
  std::vector<uint8_t> continuations_;
  std::string fixed_;  // kept for their memory
  std::string rest_;
};

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_ROCK_RIDGE_WRITER_H_
