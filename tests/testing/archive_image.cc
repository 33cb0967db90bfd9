#include "tests/testing/archive_image.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hal/base/byte_order.h"
#include "hal/base/types.h"

namespace carousel {
namespace {

constexpr int kFilesEach = 37;
constexpr int kProjectsADay = 3;
constexpr int kContents = 30;

// Counts the directories of a path that were not there before.
int NewDirectories(const std::string& folder, std::set<std::string>& known) {
  int added = 0;
  for (size_t slash = folder.find('/'); slash != std::string::npos;
       slash = folder.find('/', slash + 1)) {
    added += known.insert(folder.substr(0, slash)).second ? 1 : 0;
  }
  return added;
}

std::string FileName(int number) {
  return number % 8 == 0 ? absl::StrFormat("übersicht-größe-%07d.dat", number)
                         : absl::StrFormat("measurement-%08d.dat", number);
}

std::string ProjectFolder(int project) {
  const int day = project / kProjectsADay;
  return absl::StrFormat("%04d/%02d/%02d/project-%d/", 1990 + day / 360, day / 30 % 12 + 1,
                         day % 30 + 1, project % kProjectsADay);
}

// Lines PATH=CONTENTS for xorriso's -path-list.
void WritePathList(std::ofstream& list, int entries) {
  std::set<std::string> directories;
  std::string folder;
  int files = 0;
  for (int project = 0; entries > 0; ++project) {
    const int added = NewDirectories(ProjectFolder(project), directories);
    // A directory without a file would not be made: what is left goes where the last files went.
    const bool last = entries <= added;
    if (!last) {
      folder = ProjectFolder(project);
      entries -= added;
    }
    for (int i = 0; entries > 0 && (last || i < kFilesEach); ++i, ++files, --entries) {
      list << folder << FileName(files) << "=contents/" << files % kContents << "\n";
    }
  }
}

// Fields of the primary volume descriptor (ECMA-119 clauses 8.4.14, 8.4.16), of a path table record
// (9.4) and of a directory record (9.1.4).
constexpr int64_t kDescriptor = 16 * kSectorSize;
constexpr int64_t kTableBytes = 132;
constexpr int64_t kTableAddress = 140;
constexpr size_t kRecordExtent = 2;
constexpr size_t kRecordIdentifier = 8;
constexpr int64_t kDirectoryBytes = 10;

// Empty if the file is too short.
std::vector<uint8_t> ReadBytes(std::ifstream& file, int64_t at, int64_t count) {
  std::vector<uint8_t> bytes(count);
  file.seekg(at);
  file.read(reinterpret_cast<char*>(bytes.data()), count);
  return file ? bytes : std::vector<uint8_t>();
}

}  // namespace

absl::StatusOr<std::string> WriteArchiveImage(const std::string& folder, int entries) {
  std::filesystem::create_directories(folder + "/contents");
  for (int i = 0; i < kContents; ++i) {
    std::ofstream(absl::StrCat(folder, "/contents/", i)) << std::string(1 + 60 * i, 'x');
  }
  {
    std::ofstream list(folder + "/paths");
    WritePathList(list, entries);
    if (!list.flush()) return absl::InternalError(absl::StrCat(folder, " cannot be written to"));
  }
  const std::string command =
      absl::StrCat("cd '", folder,
                   "' && timeout 300 xorriso -as mkisofs -quiet -R -J -joliet-long -graft-points "
                   "-path-list paths -o archive.iso >log 2>&1");
  if (std::system(command.c_str()) != 0) {
    return absl::InternalError(absl::StrCat("xorriso failed, see ", folder, "/log"));
  }
  return folder + "/archive.iso";
}

absl::StatusOr<int64_t> DirectoryAreaBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<uint8_t> descriptor = ReadBytes(file, kDescriptor, kSectorSize);
  if (descriptor.empty()) return absl::InternalError(absl::StrCat(path, " is no image"));
  const std::vector<uint8_t> table = ReadBytes(
      file, LoadLe32(&descriptor[kTableAddress]) * kSectorSize, LoadLe32(&descriptor[kTableBytes]));
  int64_t lowest = INT64_MAX;
  int64_t highest = 0;
  for (size_t at = 0; at + kRecordIdentifier < table.size();) {
    const int64_t extent = LoadLe32(&table[at + kRecordExtent]);
    lowest = std::min(lowest, extent);
    highest = std::max(highest, extent);
    at += kRecordIdentifier + table[at] + table[at] % 2;
  }
  const std::vector<uint8_t> self = ReadBytes(file, highest * kSectorSize, kSectorSize);
  if (self.empty() || highest == 0) return absl::InternalError(absl::StrCat(path, " is cut short"));
  return (highest - lowest) * kSectorSize + LoadLe32(&self[kDirectoryBytes]);
}

}  // namespace carousel
