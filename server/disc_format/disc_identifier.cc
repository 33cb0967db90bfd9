#include "server/disc_format/disc_identifier.h"

#include <array>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "server/digest/sha256.h"
#include "server/disc_format/drive_block_reader.h"
#include "server/fs/iso9660/volume_descriptor.h"

namespace carousel {
namespace {

// Bounds the seeks on a disc with many sessions; the newest alone tells one burn from the next.
constexpr size_t kMostDescriptors = 16;
constexpr size_t kIdentifierBytes = 16;

void AppendBe64(std::string* out, int64_t value) {
  std::array<uint8_t, 8> bytes;
  StoreBe64(bytes.data(), static_cast<uint64_t>(value));
  out->append(bytes.begin(), bytes.end());
}

absl::Status CheckOrder(const std::vector<IdentifiedSession>& sessions) {
  for (size_t i = 0; i < sessions.size(); ++i) {
    if (sessions[i].end <= sessions[i].start) {
      return absl::InternalError(absl::StrCat("session ", i + 1, " of the disc has no sectors"));
    }
    if (i > 0 && sessions[i].start <= sessions[i - 1].start) {
      return absl::InternalError(
          absl::StrCat("session ", i + 1, " of the disc does not lie behind the one before"));
    }
  }
  return absl::OkStatus();
}

absl::Status AppendDescriptor(const IdentifiedSession& session, BlockReader& disc,
                              std::string* out) {
  const Lba at = session.start + iso9660::kSystemArea;
  // Audio and sessions too short for descriptors are told apart by their place alone.
  if (!session.data || at >= session.end) return absl::OkStatus();
  std::array<uint8_t, kSectorSize> sector;
  const absl::Status read = disc.Read(at, absl::MakeSpan(sector));
  if (!read.ok() && !IsUnreadableBlock(read)) return read;
  if (!read.ok()) {
    return absl::InternalError(absl::StrCat(
        "sector ", at.value(), ", which tells the disc apart, cannot be read: ", read.message()));
  }
  out->append(sector.begin(), sector.end());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> CalculateDiscIdentifier(PhysicalMediaType type, Sectors size,
                                                    const std::vector<IdentifiedSession>& sessions,
                                                    BlockReader& disc) {
  RETURN_IF_ERROR(CheckOrder(sessions));
  std::string facts = absl::StrCat("carousel disc identifier 1 ", PhysicalMediaTypeName(type), " ");
  if (sessions.empty()) AppendBe64(&facts, size.value());
  for (const IdentifiedSession& session : sessions) AppendBe64(&facts, session.start.value());
  const size_t first = sessions.size() > kMostDescriptors ? sessions.size() - kMostDescriptors : 0;
  for (size_t i = first; i < sessions.size(); ++i) {
    RETURN_IF_ERROR(AppendDescriptor(sessions[i], disc, &facts));
  }
  const Sha256Digest digest =
      Sha256({reinterpret_cast<const uint8_t*>(facts.data()), facts.size()});
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), kIdentifierBytes));
}

}  // namespace carousel
