// The contents of a result image: those of the spool, and the manifest, which is nowhere else.
#ifndef SERVER_RESULT_RESULT_CONTENTS_H_
#define SERVER_RESULT_RESULT_CONTENTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "server/digest/sha256.h"
#include "server/mastering/content.h"
#include "server/spool/spool.h"
#include "server/spool/spool_contents.h"

namespace carousel {

// Not thread-safe.
class ResultContents : public mastering::ContentSource {
 public:
  // By handle: the contents, then the manifest. `spool` must outlive it.
  ResultContents(Spool* spool, std::shared_ptr<const std::vector<Sha256Digest>> contents,
                 std::shared_ptr<const std::string> manifest)
      : manifest_handle_{contents->size()},
        manifest_(std::move(manifest)),
        spool_contents_(spool, std::move(contents)) {}

  // Blocks for the disk. Codes of SpoolContents::Read; OUT_OF_RANGE: beyond the manifest.
  absl::Status Read(mastering::ContentHandle content, int64_t offset,
                    absl::Span<uint8_t> out) override;

 private:
  const mastering::ContentHandle manifest_handle_;
  const std::shared_ptr<const std::string> manifest_;
  SpoolContents spool_contents_;
};

}  // namespace carousel

#endif  // SERVER_RESULT_RESULT_CONTENTS_H_
