// The blocks of a result image, streamed.
#ifndef SERVER_RESULT_RESULT_BYTES_H_
#define SERVER_RESULT_RESULT_BYTES_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hal/base/types.h"
#include "server/mastering/content.h"
#include "server/mastering/image_reader.h"
#include "server/mastering/result_image.h"
#include "server/operations/worker_pool.h"
#include "server/result/byte_source.h"

namespace carousel {

class ResultBytes : public ByteSource {
 public:
  // The blocks [offset, offset + count) of the image, all from `offset` on if `count` is 0. Reads
  // on threads of `disk`, which must outlive it. INVALID_ARGUMENT (INVALID_FIELD: offset_blocks,
  // count_blocks): they lie outside.
  static absl::StatusOr<std::unique_ptr<ByteSource>> Open(std::shared_ptr<const ResultImage> result,
                                                          int64_t offset, int64_t count,
                                                          WorkerPool* disk);

  // Errors of ImageReader::Read.
  void Next(std::string* out, Done done) override;

 private:
  ResultBytes(std::shared_ptr<const ResultImage> result, Lba next, Lba end, WorkerPool* disk);
  absl::Status Read(std::string& out);

  const std::shared_ptr<const ResultImage> result_;
  const std::unique_ptr<mastering::ContentSource> contents_;
  mastering::ImageReader reader_;
  Lba next_;
  const Lba end_;
  WorkerPool& disk_;
};

}  // namespace carousel

#endif  // SERVER_RESULT_RESULT_BYTES_H_
