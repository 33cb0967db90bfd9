// What SUSP (IEEE P1281) and Rock Ridge (IEEE P1282, versions 1.09 to 1.12) say about one directory
// record: name, POSIX attributes, link target, times, relocation. Entries of other systems are
// skipped, SF and ZF (sparse and compressed files) too: their data stay as they are on the disc.
#ifndef SERVER_FS_ISO9660_ROCK_RIDGE_H_
#define SERVER_FS_ISO9660_ROCK_RIDGE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/fs/iso9660/continuation.h"
#include "server/image/file_tree.h"

namespace carousel::iso9660 {

// One record's attributes. Kept by the caller from record to record for its buffers.
struct RockRidge {
  bool has_name = false;
  absl::string_view name;  // into the record, or into name_buffer
  bool has_posix = false;
  PosixAttributes posix;
  EntryType type = EntryType::kFile;   // by the mode in PX
  bool unknown_type = false;           // the mode says none that is known
  std::optional<int64_t> modify_time;  // hundredths of a second since the Unix epoch
  bool has_target = false;
  std::string target;
  bool target_cut = false;             // by a length that lies; nothing after it was read
  std::optional<uint32_t> child_link;  // CL: where the directory that belongs here lies
  bool relocated = false;              // RE: this directory belongs elsewhere
  bool halves_differ = false;          // of some field; the little-endian half was taken
  std::string name_buffer;

  void Clear();
};

// The bytes to skip in each record's system use area, by the SP entry in the root's own record
// (SUSP clause 5.3); nothing if it is not there. CD-ROM XA puts 14 bytes before it.
std::optional<uint8_t> FindSharingProtocol(absl::Span<const uint8_t> system_use);

// Not thread-safe.
class RockRidgeReader {
 public:
  // `continuations` must outlive the reader. `skip`: from FindSharingProtocol.
  RockRidgeReader(ContinuationReader* continuations, uint8_t skip)
      : continuations_(*continuations), skip_(skip) {}

  // Fills `out` from the system use area of a record in the sector `at`. Blocks. As
  // imapi::MakeError: IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR (lengths that lie, more than 32
  // continuations or 64 KiB of them), errors of ContinuationReader::Read.
  absl::Status Read(absl::Span<const uint8_t> system_use, Lba at, RockRidge& out);
  // The same for the root's own record, whose SP entry is not skipped.
  absl::Status ReadRoot(absl::Span<const uint8_t> system_use, Lba at, RockRidge& out);

 private:
  // What one entry may leave for the next.
  struct State {
    std::optional<ContinuationArea> next;
    bool name_continues = false;
    bool target_continues = false;     // SL: another follows
    bool component_continues = false;  // the component does, too
    bool in_record = true;             // views into it outlive the read
    bool terminated = false;           // ST
  };

  absl::Status ReadChain(absl::Span<const uint8_t> area, Lba at, RockRidge& out);
  absl::Status ReadArea(absl::Span<const uint8_t> area, Lba at, State& state, RockRidge& out);
  static void ReadName(absl::Span<const uint8_t> entry, State& state, RockRidge& out);
  absl::Status ReadEntry(absl::Span<const uint8_t> entry, Lba at, State& state, RockRidge& out);

  ContinuationReader& continuations_;
  const uint8_t skip_;
};

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_ROCK_RIDGE_H_
