// What a drive has to say of a session that is whole. Pure; sends nothing.
#ifndef SERVER_BURN_VERIFY_CHECKS_H_
#define SERVER_BURN_VERIFY_CHECKS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hal/base/types.h"
#include "hal/drive/media_state.h"
#include "server/disc_format/media_facts.h"

namespace carousel {

// The disc is the one of `identifier` (MediaFacts::disc_identifier). IMAPI_E_DISC_MISMATCH with
// metadata property, planned, found. E_IMAPI_BURN_VERIFICATION_FAILED with metadata cause
// unreadable: a descriptor of a session cannot be read, which is a session that reads badly.
absl::Status CheckIdentifier(absl::string_view identifier, const MediaFacts& found);

// [start, end) is a closed session of the medium, or lies in one that is overwritten, and can be
// read. E_IMAPI_BURN_VERIFICATION_FAILED with metadata cause session.
absl::Status CheckSessionIsSane(const MediaState& state, Lba start, Lba end);

}  // namespace carousel

#endif  // SERVER_BURN_VERIFY_CHECKS_H_
