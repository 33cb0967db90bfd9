#include "tests/fuzz/iso/base_images.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/fs/iso9660/directory_record.h"
#include "server/fs/iso9660/image_builder.h"

namespace carousel::fuzz {
namespace {

using iso9660::ImageBuilder;

struct Written {
  const char* name;
  int64_t session;
};

constexpr Written kWritten[] = {
    {"xorriso", 0}, {"rrip-1.12", 0},   {"relocated", 0},      {"joliet", 0},
    {"plain", 0},   {"genisoimage", 0}, {"two-sessions", 512},
};

std::vector<uint8_t> BuildOddities() {
  ImageBuilder builder;
  ImageBuilder::Node* folder = builder.AddDirectory(builder.root(), "ODD");
  builder.AddFile(folder, "BIG.DAT;1", std::string(4096, 'a'))->flags = iso9660::kMultiExtentFlag;
  builder.AddFile(folder, "BIG.DAT;1", std::string(3000, 'b'));
  ImageBuilder::Node* woven = builder.AddFile(folder, "WOVEN.DAT;1", std::string(20'000, 'c'));
  woven->unit = 2;
  woven->gap = 1;
  builder.AddFile(folder, "XAR.DAT;1", std::string(2048, 'd'))->attribute_sectors = 1;
  builder.AddFile(folder, "SIDE.DAT;1", "e")->flags = iso9660::kAssociatedFlag;
  for (int i = 0; i < 90; ++i)
    builder.AddFile(builder.root(), absl::StrCat("F", 100 + i, ".TXT;1"), "f");
  return builder.Build();
}

}  // namespace

std::vector<BaseImage> LoadBaseImages(const std::string& folder) {
  std::vector<BaseImage> images;
  for (const Written& written : kWritten) {
    std::ifstream file(absl::StrCat(folder, "/", written.name, ".iso"), std::ios::binary);
    if (!file) continue;
    BaseImage base{.name = written.name, .session = written.session};
    base.image.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    images.push_back(std::move(base));
  }
  images.push_back(BaseImage{.name = "oddities", .image = BuildOddities()});
  for (BaseImage& base : images) base.map = MapImage(base.image, base.session);
  return images;
}

}  // namespace carousel::fuzz
