// The bytes of one file of an image, streamed: a new one's from the spool, an imported one's from
// the disc that the image continues.
#ifndef SERVER_RESULT_FILE_BYTES_H_
#define SERVER_RESULT_FILE_BYTES_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/robot/robot.h"
#include "server/image/file_system_image.h"
#include "server/operations/worker_pool.h"
#include "server/result/byte_source.h"
#include "server/spool/spool.h"

namespace carousel {

// Thread-safe. What it is given must outlive it and its sources.
class FileBytes {
 public:
  FileBytes(Robot* robot, Spool* spool, WorkerPool* disk)
      : robot_(*robot), spool_(*spool), disk_(*disk) {}

  // The file at `path` from its byte `offset` on. Never waits for a device. Errors, as
  // imapi::MakeError: IMAPI_E_ITEM_NOT_FOUND, IMAPI_E_INVALID_PATH, IMAPI_E_NOT_FILE.
  // INVALID_ARGUMENT (INVALID_FIELD: offset).
  //
  // The source reads new files on threads of `disk`: IMAPI_E_DATA_STREAM_READ_FAILURE. It reads
  // imported ones on the drive's thread, a task for each piece, so that others' tasks come between:
  // IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE and IMAPI_E_DISC_MISMATCH, as DiscCheck;
  // E_IMAPI_RECORDER_LOCKED: somebody has the drive alone; IMAPI_E_IMPORT_READ_FAILURE with
  // metadata block; the recorder's codes.
  absl::StatusOr<std::unique_ptr<ByteSource>> Open(const FileSystemImage& image,
                                                   absl::string_view path, int64_t offset) const;

 private:
  Robot& robot_;
  Spool& spool_;
  WorkerPool& disk_;
};

}  // namespace carousel

#endif  // SERVER_RESULT_FILE_BYTES_H_
