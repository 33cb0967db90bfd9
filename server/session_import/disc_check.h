// Whether the disc in the drive is still the one that an image was bound to. In a robot with a
// changer this is a race and no formality.
#ifndef SERVER_SESSION_IMPORT_DISC_CHECK_H_
#define SERVER_SESSION_IMPORT_DISC_CHECK_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hal/base/types.h"
#include "hal/drive/drive.h"
#include "server/disc_format/media_facts.h"

namespace carousel::session_import {

// Reads a drive's facts anew. On the device's thread; blocks.
using ReadFacts = std::function<absl::StatusOr<MediaFacts>(Drive&)>;

// Used on the device's thread.
class DiscCheck {
 public:
  // `bound` are the facts at the time of binding, their disc identifier what a disc is known by.
  DiscCheck(const MediaFacts& bound, ReadFacts read_facts);

  // Asks the drive whether it holds a medium; if the medium may have changed since it was last
  // looked at, also which.
  // IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE: no medium. IMAPI_E_DISC_MISMATCH: another disc, or the
  // same with another session. The drive's own errors otherwise, not translated.
  absl::Status Confirm(Drive& drive);

  // Confirm, but asks nothing while the generation is the one last looked at. Returns whether it
  // asked.
  absl::StatusOr<bool> ConfirmIfChanged(Drive& drive);

 private:
  const std::string identifier_;
  const ReadFacts read_facts_;
  MediaGeneration confirmed_;
};

}  // namespace carousel::session_import

#endif  // SERVER_SESSION_IMPORT_DISC_CHECK_H_
