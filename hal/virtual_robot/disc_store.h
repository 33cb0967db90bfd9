// A folder of virtual discs: discs/BARCODE/{disc.txt, data} and locations.txt. Several processes
// may use one store: changes of places are made under the store's lock.
#ifndef HAL_VIRTUAL_ROBOT_DISC_STORE_H_
#define HAL_VIRTUAL_ROBOT_DISC_STORE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/base/file.h"
#include "hal/base/types.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/locations.h"

namespace carousel::virtual_robot {

// The sectors of one disc: byte LBA * 2048 of a sparse file. What was never written reads as zeros.
// Thread-safe.
class DiscData {
 public:
  explicit DiscData(FileDescriptor file) : file_(std::move(file)) {}
  // Fills `out`, whose size is a multiple of 2048. INTERNAL: the file cannot be read.
  absl::Status Read(Lba start, absl::Span<uint8_t> out) const;
  // `sectors` has a multiple of 2048 bytes. The codes of ErrnoStatus.
  absl::Status Write(Lba start, absl::Span<const uint8_t> sectors) const;

 private:
  FileDescriptor file_;
};

// Copyable: only the folder's name.
class DiscStore {
 public:
  // NOT_FOUND: no such folder.
  static absl::StatusOr<DiscStore> Open(const std::string& folder);
  // Makes the folder if it does not exist.
  static absl::StatusOr<DiscStore> OpenOrCreate(const std::string& folder);

  // Writes the sectors of a new disc into the file at the path given, which does not exist yet.
  using WriteData = absl::FunctionRef<absl::Status(const std::string& path)>;

  // Makes a disc, whole or not at all. ALREADY_EXISTS: a disc with this bar code is there.
  // INVALID_ARGUMENT: Validate(disc) fails. The status of `write_data` or of the file system.
  absl::Status Create(const Disc& disc, WriteData write_data) const;

  // NOT_FOUND: no such disc. INVALID_ARGUMENT: a malformed bar code, or a text that is not that of
  // a disc with this bar code.
  absl::StatusOr<Disc> Load(const std::string& barcode) const;
  absl::StatusOr<DiscData> OpenData(const std::string& barcode) const;
  // Replaces the text of a disc of the store, atomically. INVALID_ARGUMENT: Validate(disc) fails.
  absl::Status Save(const Disc& disc) const;

  // Bar codes of all discs, ascending.
  absl::StatusOr<std::vector<std::string>> List() const;

  // Empty if nothing was placed yet. INVALID_ARGUMENT: the file is not understood.
  absl::StatusOr<Locations> ReadLocations() const;
  // Reads, lets `change` alter, writes atomically; alone among all processes. Nothing is written if
  // `change` fails.
  absl::Status UpdateLocations(absl::FunctionRef<absl::Status(Locations&)> change) const;

  const std::string& folder() const { return folder_; }

 private:
  explicit DiscStore(std::string folder) : folder_(std::move(folder)) {}
  std::string DiscFolder(absl::string_view barcode) const;

  std::string folder_;
};

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_DISC_STORE_H_
