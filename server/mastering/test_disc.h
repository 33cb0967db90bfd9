// A disc in memory onto which planned sessions are written and from which they are imported, for
// tests.
#ifndef SERVER_MASTERING_TEST_DISC_H_
#define SERVER_MASTERING_TEST_DISC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/fs/iso9660/reader.h"
#include "server/image/file_tree.h"
#include "server/mastering/content.h"
#include "server/mastering/plan.h"

namespace carousel::mastering {

class TestDisc {
 public:
  // Writes the session in pieces of `piece`. INTERNAL: it is not as long as it was announced.
  absl::Status Write(const Plan& plan, ContentSource& source, Sectors piece = Sectors(16));
  // Writes sectors as they are.
  void Put(Lba start, absl::Span<const uint8_t> sectors);

  // The tree of the session that starts at `session`.
  absl::StatusOr<iso9660::ReadResult> Import(Lba session,
                                             iso9660::Tree tree = iso9660::Tree::kPrimary) const;
  absl::StatusOr<iso9660::Identification> Identify(Lba session) const;
  std::string BytesOf(const std::vector<Extent>& extents) const;

  const std::vector<uint8_t>& bytes() const { return bytes_; }

 private:
  std::vector<uint8_t> bytes_;
};

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_TEST_DISC_H_
