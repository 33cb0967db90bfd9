// Writes the image that imports are measured with: write_archive_image FOLDER ENTRIES. Prints its
// path.
#include <iostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "tests/testing/archive_image.h"

int main(int argc, char** argv) {
  int entries = 0;
  if (argc != 3 || !absl::SimpleAtoi(argv[2], &entries)) {
    std::cerr << "usage: write_archive_image FOLDER ENTRIES\n";
    return 2;
  }
  const absl::StatusOr<std::string> path = carousel::WriteArchiveImage(argv[1], entries);
  if (path.ok()) std::cout << *path << "\n";
  if (!path.ok()) std::cerr << path.status() << "\n";
  return path.ok() ? 0 : 1;
}
