// Makes the result image of what a client has put together: where its session lies, what is added
// to its tree, and the plan. All of it in memory; no device and no content is read.
#ifndef SERVER_RESULT_RESULT_MAKER_H_
#define SERVER_RESULT_RESULT_MAKER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/image/file_system_image.h"
#include "server/mastering/result_image.h"
#include "server/spool/spool.h"

namespace carousel {

// What a client says about one result.
struct ResultSpec {
  // In the descriptors, and of the manifest. The same time, job and image give the same bytes.
  absl::Time creation_time;
  std::string job;
  // Whether new files refer to equal ones that the disc's manifest knows.
  bool refer = true;
};

struct ResultWarning {
  std::string reason;  // UPPER_SNAKE, as the API lists it
  std::string message;
};

struct MadeResult {
  std::shared_ptr<const ResultImage> result;
  int64_t referring_files = 0;
  int64_t bytes_not_written = 0;
  std::vector<ResultWarning> warnings;
};

// Steps of the work, for who watches it.
enum class ResultStep : uint8_t { kCollecting, kCompleting, kPlanning, kDone };

class ResultMaker {
 public:
  // `program`: name and version, for manifests. `spool` must outlive the results.
  ResultMaker(std::string program, Spool* spool) : program_(std::move(program)), spool_(spool) {}

  // `begin` is called before each step but the first, and its error ends the work. Takes seconds
  // for millions of files. Thread-safe. Errors, as imapi::MakeError: those of ShapeFor,
  // CompleteInput and mastering::Plan::Make, IMAPI_E_IMAGE_SIZE_LIMIT among them.
  absl::StatusOr<MadeResult> Make(MasteringSource source, const ResultSpec& spec,
                                  absl::FunctionRef<absl::Status(ResultStep)> begin) const;

 private:
  const std::string program_;
  Spool* const spool_;
};

}  // namespace carousel

#endif  // SERVER_RESULT_RESULT_MAKER_H_
