// Reads the tree of an image and ends: what a process of ours takes where another program's takes
// something else.
#include <iostream>

#include "absl/status/status.h"
#include "hal/base/status_macros.h"
#include "server/fs/file_block_reader.h"
#include "server/fs/iso9660/reader.h"

namespace carousel::bench {
namespace {

absl::Status Read(const std::string& image) {
  ASSIGN_OR_RETURN(const auto disc, FileBlockReader::Open(image));
  ASSIGN_OR_RETURN(const iso9660::Identification found, iso9660::Identify(*disc, Lba(0)));
  ASSIGN_OR_RETURN(
      const iso9660::ReadResult read,
      iso9660::ReadTree(*disc, found, iso9660::Tree::kPrimary, iso9660::Limits(), nullptr));
  std::cout << read.tree.entry_count() << " entries\n";
  return absl::OkStatus();
}

}  // namespace
}  // namespace carousel::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: iso_read IMAGE\n";
    return 2;
  }
  const absl::Status status = carousel::bench::Read(argv[1]);
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? 0 : 1;
}
