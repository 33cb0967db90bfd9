#include "server/disc_format/logical_sessions.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "server/disc_format/drive_block_reader.h"
#include "server/fs/iso9660/volume_descriptor.h"

namespace carousel {
namespace {

// Where a chain's first session begins.
constexpr Lba kChainStart(32);
// Longer chains are walked no further: each link costs a seek.
constexpr int kMostChainLinks = 1024;
// How far before its root directory a session may begin, in steps of a DVD's ECC block.
constexpr int kMostStepsBack = 64;
constexpr Sectors kStepBack(16);

// The primary descriptor of a session that begins at `start`; nothing if there is none or it cannot
// be read.
absl::StatusOr<std::optional<iso9660::Volume>> PrimaryOf(BlockReader& disc, Lba start) {
  const Lba at = start + iso9660::kSystemArea;
  if (at < Lba(0) || at >= disc.end()) return std::nullopt;
  std::array<uint8_t, kSectorSize> sector;
  const absl::Status read = disc.Read(at, absl::MakeSpan(sector));
  if (!read.ok() && !IsUnreadableBlock(read)) return read;
  if (!read.ok() || iso9660::TypeOf(sector) != iso9660::DescriptorType::kPrimary) {
    return std::nullopt;
  }
  absl::StatusOr<iso9660::Volume> volume = iso9660::DecodeVolume(sector, at, disc.end());
  if (!volume.ok()) return std::nullopt;
  return *std::move(volume);
}

// Follows the chain from sector 32 on. Nothing if it does not lead to `end`.
absl::StatusOr<std::optional<std::vector<Lba>>> WalkChain(BlockReader& disc, Lba end) {
  std::vector<Lba> starts;
  Lba start = kChainStart;
  for (int link = 0; link < kMostChainLinks; ++link) {
    ASSIGN_OR_RETURN(const std::optional<iso9660::Volume> volume, PrimaryOf(disc, start));
    if (!volume.has_value() || volume->volume_space <= Sectors(0)) return std::nullopt;
    starts.push_back(start);
    const Lba session_end = start + volume->volume_space;
    if (session_end == end) return starts;
    if (session_end > end) return std::nullopt;
    start = RoundUp(session_end, kLogicalSessionUnit);
  }
  return std::nullopt;
}

// Looks for the session whose descriptors name the same root as `newest` does, backwards from it.
absl::StatusOr<Lba> StepBack(BlockReader& disc, const iso9660::Volume& newest) {
  const int64_t first = newest.path_table > Lba(0)
                            ? std::min(newest.root, newest.path_table).value()
                            : newest.root.value();
  Lba start(first / kStepBack.value() * kStepBack.value());
  for (int step = 0; step < kMostStepsBack && start > Lba(0); ++step, start = start - kStepBack) {
    ASSIGN_OR_RETURN(const std::optional<iso9660::Volume> volume, PrimaryOf(disc, start));
    if (volume.has_value() && volume->root == newest.root) return start;
  }
  return Lba(0);
}

}  // namespace

absl::StatusOr<LogicalSessions> FindLogicalSessions(BlockReader& disc) {
  LogicalSessions sessions;
  std::array<uint8_t, kSectorSize> sector;
  const Lba superblock = Lba(0) + iso9660::kSystemArea;
  if (superblock >= disc.end()) return sessions;
  RETURN_IF_ERROR(disc.Read(superblock, absl::MakeSpan(sector)));
  if (iso9660::TypeOf(sector) != iso9660::DescriptorType::kPrimary) return sessions;
  const absl::StatusOr<iso9660::Volume> newest =
      iso9660::DecodeVolume(sector, superblock, disc.end());
  if (!newest.ok()) {
    sessions.contradictions.push_back(std::string(newest.status().message()));
    return sessions;
  }
  sessions.end = Lba(0) + newest->volume_space;
  ASSIGN_OR_RETURN(const std::optional<iso9660::Volume> at_32, PrimaryOf(disc, kChainStart));
  if (at_32.has_value()) {
    ASSIGN_OR_RETURN(std::optional<std::vector<Lba>> chain, WalkChain(disc, sessions.end));
    if (chain.has_value()) {
      sessions.layout = LogicalLayout::kChain;
      sessions.starts = *std::move(chain);
      return sessions;
    }
    sessions.contradictions.push_back(absl::StrCat(
        "a session begins at 32, but none leads to the end of the volume, ", sessions.end.value()));
  }
  ASSIGN_OR_RETURN(const Lba start, StepBack(disc, *newest));
  sessions.layout = LogicalLayout::kRewritten;
  sessions.starts.push_back(Lba(0));
  if (start > Lba(0)) sessions.starts.push_back(start);
  return sessions;
}

}  // namespace carousel
