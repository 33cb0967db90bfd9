#include "hal/virtual_robot/disc_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/virtual_robot/disc_text.h"

namespace carousel::virtual_robot {
namespace {

namespace fs = std::filesystem;

constexpr char kTextFile[] = "/disc.txt";
constexpr char kDataFile[] = "/data";
// disc_text.cc and locations.cc refuse larger ones.
constexpr size_t kLargestText = 256 * 1024;
constexpr size_t kLargestLocations = 8 * 1024 * 1024;
// Folders of discs that are being made; no bar code begins with a dot.
constexpr char kNewPrefix[] = ".new-";

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) return absl::OkStatus();
  errno = error.value();
  return ErrnoStatus(path);
}

}  // namespace

absl::Status DiscData::Read(Lba start, absl::Span<uint8_t> out) const {
  size_t done = 0;
  while (done < out.size()) {
    const ssize_t got = pread(file_.get(), out.data() + done, out.size() - done,
                              static_cast<off_t>(start.value() * kSectorSize + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoStatus("data of a disc");
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  std::fill(out.begin() + done, out.end(), 0);
  return absl::OkStatus();
}

absl::Status DiscData::Write(Lba start, absl::Span<const uint8_t> sectors) const {
  size_t done = 0;
  while (done < sectors.size()) {
    const ssize_t put = pwrite(file_.get(), sectors.data() + done, sectors.size() - done,
                               static_cast<off_t>(start.value() * kSectorSize + done));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return ErrnoStatus("data of a disc");
    done += static_cast<size_t>(put);
  }
  return absl::OkStatus();
}

absl::StatusOr<DiscStore> DiscStore::Open(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return absl::NotFoundError(absl::StrCat("disc store ", folder, " is not a folder"));
  }
  RETURN_IF_ERROR(MakeFolder(absl::StrCat(folder, "/discs")));
  return DiscStore(folder);
}

absl::StatusOr<DiscStore> DiscStore::OpenOrCreate(const std::string& folder) {
  RETURN_IF_ERROR(MakeFolder(folder));
  return Open(folder);
}

std::string DiscStore::DiscFolder(absl::string_view barcode) const {
  return absl::StrCat(folder_, "/discs/", barcode);
}

absl::Status DiscStore::Create(const Disc& disc, WriteData write_data) const {
  RETURN_IF_ERROR(Validate(disc));
  ASSIGN_OR_RETURN(const FileDescriptor lock, LockFile(absl::StrCat(folder_, "/lock")));
  const std::string folder = DiscFolder(disc.barcode);
  std::error_code error;
  if (fs::exists(folder, error)) {
    return absl::AlreadyExistsError(
        absl::StrCat("disc ", disc.barcode, " is already in the store"));
  }
  // What an interrupted creation left behind is nobody's disc.
  const std::string fresh = DiscFolder(absl::StrCat(kNewPrefix, disc.barcode));
  fs::remove_all(fresh, error);
  RETURN_IF_ERROR(MakeFolder(fresh));
  absl::Status written = write_data(fresh + kDataFile);
  if (written.ok()) written = ReplaceFile(fresh + kTextFile, FormatDisc(disc));
  if (written.ok() && std::rename(fresh.c_str(), folder.c_str()) != 0) {
    written = ErrnoStatus(folder);
  }
  if (!written.ok()) {
    fs::remove_all(fresh, error);
    return written;
  }
  return SyncFolder(absl::StrCat(folder_, "/discs"));
}

absl::StatusOr<Disc> DiscStore::Load(const std::string& barcode) const {
  RETURN_IF_ERROR(ValidateBarcode(barcode));
  absl::StatusOr<std::string> text = ReadFile(DiscFolder(barcode) + kTextFile, kLargestText);
  if (absl::IsNotFound(text.status())) {
    return absl::NotFoundError(absl::StrCat("no disc ", barcode, " in the store ", folder_));
  }
  RETURN_IF_ERROR(text.status());
  absl::StatusOr<Disc> disc = ParseDisc(*text);
  RETURN_IF_ERROR(Annotate(disc.status(), absl::StrCat("disc ", barcode)));
  if (disc->barcode != barcode) {
    return absl::InvalidArgumentError(
        absl::StrCat("the folder of disc ", barcode, " holds the text of disc ", disc->barcode));
  }
  return disc;
}

absl::StatusOr<DiscData> DiscStore::OpenData(const std::string& barcode) const {
  RETURN_IF_ERROR(ValidateBarcode(barcode));
  const std::string path = DiscFolder(barcode) + kDataFile;
  absl::StatusOr<FileDescriptor> file = OpenFile(path, O_RDWR);
  // A store that may only be read is one of discs that nobody writes.
  if (absl::IsPermissionDenied(file.status())) file = OpenFile(path, O_RDONLY);
  RETURN_IF_ERROR(file.status());
  return DiscData(*std::move(file));
}

absl::Status DiscStore::Save(const Disc& disc) const {
  RETURN_IF_ERROR(Validate(disc));
  return ReplaceFile(DiscFolder(disc.barcode) + kTextFile, FormatDisc(disc));
}

absl::StatusOr<std::vector<std::string>> DiscStore::List() const {
  std::vector<std::string> barcodes;
  std::error_code error;
  fs::directory_iterator at(absl::StrCat(folder_, "/discs"), error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (ValidateBarcode(name).ok()) barcodes.push_back(name);
  }
  if (error) {
    errno = error.value();
    return ErrnoStatus(folder_);
  }
  std::sort(barcodes.begin(), barcodes.end());
  return barcodes;
}

absl::StatusOr<Locations> DiscStore::ReadLocations() const {
  const std::string path = absl::StrCat(folder_, "/locations.txt");
  const absl::StatusOr<std::string> text = ReadFile(path, kLargestLocations);
  if (absl::IsNotFound(text.status())) return Locations();
  RETURN_IF_ERROR(text.status());
  absl::StatusOr<Locations> locations = ParseLocations(*text);
  RETURN_IF_ERROR(Annotate(locations.status(), path));
  return locations;
}

absl::Status DiscStore::UpdateLocations(absl::FunctionRef<absl::Status(Locations&)> change) const {
  ASSIGN_OR_RETURN(const FileDescriptor lock, LockFile(absl::StrCat(folder_, "/lock")));
  ASSIGN_OR_RETURN(Locations locations, ReadLocations());
  RETURN_IF_ERROR(change(locations));
  return ReplaceFile(absl::StrCat(folder_, "/locations.txt"), FormatLocations(locations));
}

}  // namespace carousel::virtual_robot
