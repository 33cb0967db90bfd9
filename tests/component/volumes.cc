#include "tests/component/volumes.h"

#include "absl/strings/str_cat.h"
#include "server/fs/iso9660/image_builder.h"

namespace carousel::component {

namespace {

void Fill(iso9660::ImageBuilder& image, iso9660::ImageBuilder::Node* directory, int fan_out,
          int levels) {
  if (levels == 0) return;
  for (int i = 0; i < fan_out; ++i) {
    Fill(image, image.AddDirectory(directory, absl::StrCat("D", i)), fan_out, levels - 1);
  }
}

}  // namespace

std::vector<uint8_t> ManyDirectories(int fan_out) {
  iso9660::ImageBuilder image;
  Fill(image, image.root(), fan_out, 3);
  return image.Build();
}

Service::Options SlowlyReading() {
  return {.time_scale = 100,
          .limits = "max_import_time { seconds: 86400 }",
          .drives = Service::Options::Drives{.ready_seconds = 1, .speed = 0.01}};
}

const std::vector<uint8_t>& SlowVolume() {
  // Made once: it takes seconds.
  static const auto* const volume = new std::vector<uint8_t>(ManyDirectories(27));
  return *volume;
}

}  // namespace carousel::component
