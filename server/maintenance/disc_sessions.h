// The sessions of the disc in a drive: those that the drive tells of, or the logical ones of media
// that are overwritten. Addresses of a disc are doubted.
#ifndef SERVER_MAINTENANCE_DISC_SESSIONS_H_
#define SERVER_MAINTENANCE_DISC_SESSIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hal/base/types.h"
#include "hal/drive/media_state.h"
#include "server/fs/block_reader.h"

namespace carousel {

struct DiscSession {
  int number = 0;  // from 1 on
  Lba start;
  // One past its last readable sector; of logical ones the next one's start, or the volume's end.
  Lba end;
  // Where its file system says that it ends, in [start, end]; absent where no ISO 9660 file system
  // begins.
  std::optional<Lba> volume_end;
  std::string volume_name;
  bool data = true;  // false: audio, or without a track
};

// The complete sessions, in their order. Reads one sector of each; that it cannot be read is no
// error. Codes of BlockReader::Read for a drive that does not answer.
absl::StatusOr<std::vector<DiscSession>> ListDiscSessions(const MediaState& state,
                                                          BlockReader& disc);

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_DISC_SESSIONS_H_
