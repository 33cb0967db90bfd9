// What a session is to be like.
#ifndef SERVER_MASTERING_OPTIONS_H_
#define SERVER_MASTERING_OPTIONS_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "hal/base/types.h"
#include "server/fs/iso9660/rock_ridge_writer.h"

namespace carousel::mastering {

struct Options {
  // Where the session's first sector will lie: what the drive names as next writable address. On
  // overwritable media 32 for the first session, and a multiple of 32.
  Lba session_start;
  // For all descriptors; the same time and tree give the same bytes.
  absl::Time creation_time = absl::UnixEpoch();
  // At most 32 characters, 16 of them in Joliet. Empty: made from the creation time.
  std::string volume_name;

  int interchange_level = 3;  // of ISO 9660: 1 to 3; files of 4 GiB and more need 3
  std::optional<iso9660::RockRidgeVersion> rock_ridge = iso9660::RockRidgeVersion::k1_12;
  bool joliet = true;
  int joliet_characters = 64;    // of a name; up to 103, which some readers take
  bool deep_directories = true;  // more than the 8 levels of ECMA-119 clause 6.8.2.1

  // What follows the image's last sector, zeros all, and is no part of the volume: `tail` sectors,
  // then as many as make the session a multiple of `write_unit` and at least `min_sectors`.
  Sectors tail;
  Sectors write_unit{1};
  Sectors min_sectors;
  // How many sectors there are for all that. Nothing: as many as addresses reach.
  std::optional<Sectors> free_sectors;
};

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_OPTIONS_H_
