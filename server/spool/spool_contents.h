// The spool as the source of an image's new files.
#ifndef SERVER_SPOOL_SPOOL_CONTENTS_H_
#define SERVER_SPOOL_SPOOL_CONTENTS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "server/digest/sha256.h"
#include "server/mastering/content.h"
#include "server/spool/content_reader.h"
#include "server/spool/spool.h"

namespace carousel {

// Holds one content open, the one that was read last: an image is read in its order. Whoever makes
// it holds a reference to each content. Not thread-safe.
class SpoolContents : public mastering::ContentSource {
 public:
  // `contents` are what handles number. `spool` must outlive it.
  SpoolContents(Spool* spool, std::shared_ptr<const std::vector<Sha256Digest>> contents)
      : spool_(*spool), contents_(std::move(contents)) {}

  // Blocks for the disk. INVALID_ARGUMENT: no such handle. The codes of Spool::OpenContent and
  // ContentReader::Read.
  absl::Status Read(mastering::ContentHandle content, int64_t offset,
                    absl::Span<uint8_t> out) override;

 private:
  Spool& spool_;
  const std::shared_ptr<const std::vector<Sha256Digest>> contents_;
  std::optional<mastering::ContentHandle> open_;
  std::unique_ptr<ContentReader> reader_;
};

}  // namespace carousel

#endif  // SERVER_SPOOL_SPOOL_CONTENTS_H_
