#include "server/mastering/test_disc.h"

#include <algorithm>

#include "hal/base/status_macros.h"
#include "server/fs/memory_block_reader.h"
#include "server/mastering/image_reader.h"
#include "server/mastering/image_stream.h"

namespace carousel::mastering {

absl::Status TestDisc::Write(const Plan& plan, ContentSource& source, Sectors piece) {
  ImageReader reader(&plan, &source);
  ImageStream stream(&reader, plan.start());
  std::vector<uint8_t> buffer(piece.bytes());
  Lba at = plan.start();
  while (true) {
    ASSIGN_OR_RETURN(const Sectors count, stream.Pull(absl::MakeSpan(buffer)));
    if (count == Sectors(0)) break;
    Put(at, absl::MakeConstSpan(buffer).first(count.bytes()));
    at += count;
  }
  return at - plan.start() == plan.sectors() ? absl::OkStatus()
                                             : absl::InternalError("not as long as announced");
}

void TestDisc::Put(Lba start, absl::Span<const uint8_t> sectors) {
  const size_t begin = (start - Lba(0)).bytes();
  bytes_.resize(std::max(bytes_.size(), begin + sectors.size()));
  std::copy(sectors.begin(), sectors.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(begin));
}

absl::StatusOr<iso9660::Identification> TestDisc::Identify(Lba session) const {
  MemoryBlockReader disc(bytes_);
  return iso9660::Identify(disc, session);
}

absl::StatusOr<iso9660::ReadResult> TestDisc::Import(Lba session, iso9660::Tree tree) const {
  MemoryBlockReader disc(bytes_);
  ASSIGN_OR_RETURN(const iso9660::Identification found, iso9660::Identify(disc, session));
  return iso9660::ReadTree(disc, found, tree, iso9660::Limits(), nullptr);
}

std::string TestDisc::BytesOf(const std::vector<Extent>& extents) const {
  std::string bytes;
  for (const Extent& extent : extents) {
    const auto begin = bytes_.begin() + (extent.start - Lba(0)).bytes();
    bytes.append(begin, begin + extent.bytes);
  }
  return bytes;
}

}  // namespace carousel::mastering
