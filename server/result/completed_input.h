// The tree of an image as its session will have it: with the session's manifest, and with new files
// that are on the disc already in their old places.
#ifndef SERVER_RESULT_COMPLETED_INPUT_H_
#define SERVER_RESULT_COMPLETED_INPUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/digest/sha256.h"
#include "server/image/mastering_input.h"
#include "server/mastering/known_contents.h"

namespace carousel {

struct CompletionRequest {
  // As edited. Both must live as long as the call.
  const MasteringInput* input = nullptr;
  absl::Span<const Sha256Digest> contents;  // of new files, by handle
  // Of the disc; null: it has none that is of use.
  const mastering::DiscManifest* disc = nullptr;
  // Whether new files refer to equal ones on the disc, which lie before `start`.
  bool refer = true;
  Lba start;
  absl::Time creation_time;
  // What the manifest says beside the files.
  std::string job;
  std::string program;
  // What tells this session from others of equal files: its disc, its place.
  std::string identity;
};

struct CompletedInput {
  // The manifest is the new file of the handle that follows those of the contents.
  MasteringInput input;
  std::string manifest;
  std::string session_id;
  int64_t referring_files = 0;
  int64_t bytes_not_written = 0;  // each content once
  int64_t unknown_files = 0;      // that the manifest does not name: their digests are not known
};

// The same request gives the same answer. IMAPI_E_DUP_NAME with metadata path: something that is no
// manifest has its name. IMAPI_E_DATA_STREAM_INCONSISTENCY: a new file has no content. Codes of
// FileTree for what is too much.
absl::StatusOr<CompletedInput> CompleteInput(const CompletionRequest& request);

}  // namespace carousel

#endif  // SERVER_RESULT_COMPLETED_INPUT_H_
