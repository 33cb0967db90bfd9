// CalculateDiscIdentifier: a name for a disc and its sessions, the same in any drive, another one
// after each burn. Not a secret and not proof against forgery.
#ifndef SERVER_DISC_FORMAT_DISC_IDENTIFIER_H_
#define SERVER_DISC_FORMAT_DISC_IDENTIFIER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hal/base/types.h"
#include "server/disc_format/media_facts.h"
#include "server/fs/block_reader.h"

namespace carousel {

// One session as the identifier sees it.
struct IdentifiedSession {
  Lba start;
  Lba end;
  bool data = true;
};

// SHA-256 over the type, the sessions' starts and the descriptor sector (start + 16) of the newest
// sixteen, cut to 32 hexadecimal digits. `size` stands in where there is no session: blank discs of
// one type and size share an identifier.
// INTERNAL: a descriptor sector of a session cannot be read, or the sessions do not follow each
// other. Codes of BlockReader::Read for a drive that does not answer.
absl::StatusOr<std::string> CalculateDiscIdentifier(PhysicalMediaType type, Sectors size,
                                                    const std::vector<IdentifiedSession>& sessions,
                                                    BlockReader& disc);

}  // namespace carousel

#endif  // SERVER_DISC_FORMAT_DISC_IDENTIFIER_H_
