#include "server/fs/iso9660/reader.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "absl/types/span.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "server/fs/iso9660/directory_record.h"
#include "server/fs/iso9660/errors.h"
#include "server/fs/iso9660/rock_ridge.h"
#include "server/fs/iso9660/tree_reader.h"

namespace carousel::iso9660 {
namespace {

// Linux and genisoimage look this far, too.
constexpr Sectors kDescriptorSectors{84};  // 16 to 99
constexpr Sectors kRequest{16};
// ECMA-167 3/8.4.2.1, UDF 2.2.3: where an anchor may be.
constexpr Sectors kAnchor{256};
constexpr uint16_t kAnchorTag = 2;

// One sector after the other, read some at a time.
class Sequence {
 public:
  Sequence(BlockReader* disc, Lba start) : disc_(*disc), next_(start) {}

  Lba next() const { return next_; }

  // The next sector, valid until the next call.
  absl::StatusOr<absl::Span<const uint8_t>> Next() {
    if (next_ >= buffered_end_) {
      const Sectors count = std::min(kRequest, disc_.end() - next_);
      absl::Status status = Fill(count);
      // What lies behind may be unreadable and not needed.
      if (absl::IsDataLoss(status) && count > Sectors(1)) status = Fill(Sectors(1));
      RETURN_IF_ERROR(FromRead(status, next_));
    }
    const Sectors index = next_ - buffered_start_;
    next_ += Sectors(1);
    return absl::MakeConstSpan(buffer_).subspan(index.bytes(), kSectorSize);
  }

 private:
  absl::Status Fill(Sectors count) {
    buffer_.resize(count.bytes());
    RETURN_IF_ERROR(disc_.Read(next_, absl::MakeSpan(buffer_)));
    buffered_start_ = next_;
    buffered_end_ = next_ + count;
    return absl::OkStatus();
  }

  BlockReader& disc_;
  Lba next_;
  Lba buffered_start_;
  Lba buffered_end_;
  std::vector<uint8_t> buffer_;
};

// The volume recognition sequence of ECMA-167 (2/8) goes on as long as structures of its kind do.
bool IsRecognised(absl::Span<const uint8_t> sector) {
  for (const char* id : {"CD001", "BEA01", "NSR02", "NSR03", "TEA01", "BOOT2", "CDW02"}) {
    if (std::memcmp(&sector[1], id, 5) == 0) return true;
  }
  return false;
}

bool IsNsr(absl::Span<const uint8_t> sector) {
  return std::memcmp(&sector[1], "NSR02", 5) == 0 || std::memcmp(&sector[1], "NSR03", 5) == 0;
}

absl::Status TakeDescriptor(absl::Span<const uint8_t> sector, Lba at, Lba end,
                            Identification& found) {
  if (TypeOf(sector) == DescriptorType::kPrimary && !found.primary.has_value()) {
    ASSIGN_OR_RETURN(found.primary, DecodeVolume(sector, at, end));
  } else if (const int level = JolietLevelOf(sector); level != 0 && !found.joliet.has_value()) {
    ASSIGN_OR_RETURN(found.joliet, DecodeVolume(sector, at, end));
    found.joliet_level = level;
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> HasAnchor(BlockReader& disc, Lba at) {
  if (at >= disc.end()) return false;
  std::vector<uint8_t> sector(kSectorSize);
  const absl::Status status = FromRead(disc.Read(at, absl::MakeSpan(sector)), at);
  if (absl::IsDataLoss(status)) return false;
  RETURN_IF_ERROR(status);
  // A descriptor tag (ECMA-167 3/7.2): identifier, checksum over the other fifteen bytes, location.
  uint8_t sum = 0;
  for (int i = 0; i < 16; ++i) sum += i == 4 ? 0 : sector[i];
  return LoadLe16(&sector[0]) == kAnchorTag && sector[4] == sum && Lba(LoadLe32(&sector[12])) == at;
}

absl::StatusOr<bool> HasSharingProtocol(BlockReader& disc, const Volume& volume) {
  if (volume.root_bytes == 0) return false;
  std::vector<uint8_t> sector(kSectorSize);
  RETURN_IF_ERROR(FromRead(disc.Read(volume.root, absl::MakeSpan(sector)), volume.root));
  DirectoryRecord self;
  if (sector[0] == 0 || !DecodeRecord(sector, volume.root, disc.end(), self).ok()) return false;
  return self.is(kSelf) && FindSharingProtocol(self.system_use).has_value();
}

}  // namespace

absl::StatusOr<Identification> Identify(BlockReader& disc, Lba session_start) {
  Identification found;
  const Lba start = session_start + kSystemArea;
  const Lba last = std::min(start + kDescriptorSectors, disc.end());
  Sequence sequence(&disc, start);
  bool terminated = false;
  while (sequence.next() < last) {
    const Lba at = sequence.next();
    ASSIGN_OR_RETURN(const absl::Span<const uint8_t> sector, sequence.Next());
    if (!IsRecognised(sector)) break;
    terminated |= TypeOf(sector) == DescriptorType::kTerminator;
    if (!terminated) RETURN_IF_ERROR(TakeDescriptor(sector, at, disc.end(), found));
    found.udf |= IsNsr(sector);
  }
  if (found.primary.has_value()) {
    ASSIGN_OR_RETURN(found.rock_ridge, HasSharingProtocol(disc, *found.primary));
  }
  if (!found.udf) {
    ASSIGN_OR_RETURN(found.udf, HasAnchor(disc, session_start + kAnchor));
  }
  return found;
}

absl::StatusOr<ReadResult> ReadTree(BlockReader& disc, const Identification& found, Tree tree,
                                    const Limits& limits, Observer* observer) {
  const std::optional<Volume>& volume = tree == Tree::kPrimary ? found.primary : found.joliet;
  if (!volume.has_value()) return absl::InvalidArgumentError("the session has no such tree");
  return TreeReader(&disc, *volume, tree, found.rock_ridge, limits, observer).Run();
}

}  // namespace carousel::iso9660
