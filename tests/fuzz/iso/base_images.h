// The images that mutations start from: those that make_images.sh wrote, and one with what no
// writer makes in small (files of several sections, interleaved ones, attribute records).
#ifndef TESTS_FUZZ_ISO_BASE_IMAGES_H_
#define TESTS_FUZZ_ISO_BASE_IMAGES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/fuzz/iso/iso_map.h"

namespace carousel::fuzz {

struct BaseImage {
  std::string name;
  int64_t session = 0;  // its first sector
  std::vector<uint8_t> image;
  IsoMap map;
};

// Reads the images below `folder`. Fewer than all if some cannot be read.
std::vector<BaseImage> LoadBaseImages(const std::string& folder);

// How many there must be.
inline constexpr size_t kBaseImages = 8;

}  // namespace carousel::fuzz

#endif  // TESTS_FUZZ_ISO_BASE_IMAGES_H_
