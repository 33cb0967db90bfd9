// Masters a folder of the computer as a session of a disc's image, for judges to read:
//   iso_master FOLDER IMAGE [--session=LBA] [--import=LBA] [--write_unit=N] [--tail=N]
//     [--superblock] [--manifest=NAME] and what mastering_options.h has
// --import: what the session at that address holds is in the new one, too. --superblock: the
// sectors 0 to 31 are written anew, too. --manifest: a file of that name in the root has the
// SHA-256 of every other. Prints "start", "volume_end" and "end" as lines with numbers; exits 1
// with a line "error" and the code's name if it is refused.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "hal/base/status_macros.h"
#include "hal/base/types.h"
#include "server/fs/file_block_reader.h"
#include "server/fs/iso9660/reader.h"
#include "server/image/file_tree.h"
#include "server/imapi/error.h"
#include "server/mastering/image_reader.h"
#include "server/mastering/image_stream.h"
#include "server/mastering/plan.h"
#include "server/mastering/superblock.h"
#include "tests/interop/disk_tree.h"
#include "tests/interop/mastering_options.h"
#include "tests/interop/tree_manifest.h"

namespace carousel {
namespace {

constexpr Sectors kPiece{256};

struct Arguments {
  std::string folder;
  std::string image;
  int64_t import = -1;
  bool superblock = false;
  std::string manifest;
  mastering::Options options;
};

bool ParseOption(absl::string_view argument, Arguments& arguments) {
  mastering::Options& options = arguments.options;
  if (argument == "superblock") return arguments.superblock = true;
  if (ParseMasteringOption(argument, options)) return true;
  if (absl::ConsumePrefix(&argument, "manifest=")) {
    arguments.manifest = std::string(argument);
    return !argument.empty();
  }
  const size_t equals = argument.find('=');
  int64_t value = 0;
  if (equals == argument.npos || !absl::SimpleAtoi(argument.substr(equals + 1), &value))
    return false;
  const absl::string_view name = argument.substr(0, equals);
  if (name == "session") {
    options.session_start = Lba(value);
  } else if (name == "import") {
    arguments.import = value;
  } else if (name == "write_unit") {
    options.write_unit = Sectors(value);
  } else if (name == "tail") {
    options.tail = Sectors(value);
  } else {
    return false;
  }
  return true;
}

std::optional<Arguments> Parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (absl::ConsumePrefix(&argument, "--")) {
      if (!ParseOption(argument, arguments)) return std::nullopt;
    } else if (arguments.folder.empty()) {
      arguments.folder = std::string(argument);
    } else {
      arguments.image = std::string(argument);
    }
  }
  if (arguments.image.empty()) return std::nullopt;
  return arguments;
}

class ImageFile {
 public:
  explicit ImageFile(const std::string& path)
      : fd_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {}
  ~ImageFile() {
    if (fd_ >= 0) close(fd_);
  }

  // Zeros are left to the file system, which has them already.
  absl::Status Write(Lba start, absl::Span<const uint8_t> bytes) {
    const Lba end = start + Sectors(static_cast<int64_t>(bytes.size()) / kSectorSize);
    struct stat facts;
    if (fstat(fd_, &facts) != 0) return absl::ErrnoToStatus(errno, "the image");
    if (facts.st_size <= (start - Lba(0)).bytes() &&
        std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte == 0; })) {
      if (ftruncate(fd_, (end - Lba(0)).bytes()) == 0) return absl::OkStatus();
      return absl::ErrnoToStatus(errno, "the image");
    }
    int64_t offset = (start - Lba(0)).bytes();
    while (!bytes.empty()) {
      const ssize_t count = pwrite(fd_, bytes.data(), bytes.size(), offset);
      if (count <= 0) return absl::ErrnoToStatus(errno, "the image");
      offset += count;
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return absl::OkStatus();
  }

  // Zeros where there is nothing.
  std::vector<uint8_t> Read(Lba start, Sectors count) {
    std::vector<uint8_t> bytes(count.bytes());
    if (pread(fd_, bytes.data(), bytes.size(), (start - Lba(0)).bytes()) < 0) bytes.clear();
    return bytes;
  }

 private:
  const int fd_;
};

absl::StatusOr<FileTree> Import(const Arguments& arguments) {
  if (arguments.import < 0) return FileTree();
  ASSIGN_OR_RETURN(const auto disc, FileBlockReader::Open(arguments.image));
  ASSIGN_OR_RETURN(const iso9660::Identification found,
                   iso9660::Identify(*disc, Lba(arguments.import)));
  const bool joliet = !found.rock_ridge && found.joliet.has_value();
  ASSIGN_OR_RETURN(
      iso9660::ReadResult result,
      iso9660::ReadTree(*disc, found, joliet ? iso9660::Tree::kJoliet : iso9660::Tree::kPrimary,
                        iso9660::Limits(), nullptr));
  return std::move(result.tree);
}

absl::Status WriteSession(const mastering::Plan& plan, DiskTree& contents, ImageFile& image) {
  mastering::ImageReader reader(&plan, &contents);
  mastering::ImageStream stream(&reader, plan.start());
  std::vector<uint8_t> buffer(kPiece.bytes());
  while (true) {
    const Lba at = stream.next();
    ASSIGN_OR_RETURN(const Sectors count, stream.Pull(absl::MakeSpan(buffer)));
    if (count == Sectors(0)) return absl::OkStatus();
    RETURN_IF_ERROR(image.Write(at, absl::MakeConstSpan(buffer).first(count.bytes())));
  }
}

absl::Status Run(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const FileTree old, Import(arguments));
  FileTree tree;
  DiskTree contents;
  RETURN_IF_ERROR(contents.Overlay(old, arguments.folder, tree));
  if (!arguments.manifest.empty()) {
    std::unique_ptr<FileBlockReader> disc;
    if (arguments.import >= 0) {
      ASSIGN_OR_RETURN(disc, FileBlockReader::Open(arguments.image));
    }
    ASSIGN_OR_RETURN(const std::string manifest, ManifestOf(tree, contents, disc.get()));
    RETURN_IF_ERROR(
        contents.AddToRoot(arguments.manifest, manifest, arguments.options.creation_time, tree));
  }
  ASSIGN_OR_RETURN(const auto plan,
                   mastering::Plan::Make(tree, contents.new_files(), arguments.options));
  ImageFile image(arguments.image);
  RETURN_IF_ERROR(WriteSession(*plan, contents, image));
  if (arguments.superblock) {
    ASSIGN_OR_RETURN(
        const std::vector<uint8_t> superblock,
        mastering::MakeSuperblock(*plan, image.Read(Lba(0), mastering::kSuperblockSectors)));
    RETURN_IF_ERROR(image.Write(Lba(0), superblock));
  }
  std::cout << "start " << plan->start().value() << "\nvolume_end " << plan->volume_end().value()
            << "\nend " << plan->end().value() << "\n";
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  const std::optional<Arguments> arguments = Parse(argc, argv);
  if (!arguments.has_value()) {
    std::cerr << "usage: iso_master FOLDER IMAGE [--session=LBA] [--import=LBA] "
              << kMasteringOptions
              << " [--write_unit=N] [--tail=N] [--superblock] [--manifest=NAME]\n";
    return 2;
  }
  const absl::Status status = Run(*arguments);
  if (status.ok()) return 0;
  const std::optional<imapi::ErrorDetail> detail = imapi::GetDetail(status);
  std::cout << "error " << (detail.has_value() ? imapi::HresultName(detail->hresult) : "-") << " "
            << status.message() << "\n";
  return 1;
}

}  // namespace
}  // namespace carousel

int main(int argc, char** argv) { return carousel::Main(argc, argv); }
