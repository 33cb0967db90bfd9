// Rules R10 to R12, about the element that R9 chose. Internal to the package.
#ifndef SERVER_MULTISESSION_PARAMETER_RULES_H_
#define SERVER_MULTISESSION_PARAMETER_RULES_H_

#include <cstddef>

#include "absl/status/status.h"
#include "server/disc_format/media_facts.h"
#include "server/multisession/multisession.h"

namespace carousel::multisession {

// R10: each property of the chosen element can be read from the drive, is possible, and is what the
// client sent, if it sent it.
absl::Status CheckParameters(const Element& element, size_t index, const MediaFacts& facts);

// R11: the previous session's descriptors can be reached.
absl::Status CheckSeek(const Decision& decision, const MediaFacts& facts);

// R12: the disc can be told from others, so that the snapshot means something.
absl::Status CheckIdentity(const Decision& decision, const MediaFacts& facts);

}  // namespace carousel::multisession

#endif  // SERVER_MULTISESSION_PARAMETER_RULES_H_
