#include "server/disc_format/seek_test.h"

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "server/disc_format/drive_block_reader.h"
#include "server/fs/iso9660/volume_descriptor.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

// Anchor volume descriptor pointer of a session (ECMA-167 3/8.4.2.1, UDF 2.60 6.10.4).
constexpr Sectors kAnchor(256);

absl::Status ReadOne(BlockReader& disc, Lba at, absl::Span<uint8_t> sector) {
  const absl::Status read = disc.Read(at, sector);
  if (read.ok() || !IsUnreadableBlock(read)) return read;
  return SeekFailure(at, "UNREADABLE", read.message());
}

}  // namespace

absl::Status SeekFailure(Lba block, absl::string_view cause, absl::string_view why) {
  return imapi::MakeError(imapi::Hresult::IMAPI_E_IMPORT_SEEK_FAILURE,
                          absl::StrCat("cannot seek to block ", block.value(), ": ", why),
                          {{"block", absl::StrCat(block.value())}, {"cause", std::string(cause)}});
}

absl::Status BlankMediaSeekFailure() {
  return SeekFailure(Lba(-1), "BLANK_MEDIA", "the medium is blank, there is no previous session");
}

absl::Status TestSeek(BlockReader& disc, Lba start, Lba session_end) {
  const Lba descriptor = start + iso9660::kSystemArea;
  if (descriptor >= session_end || descriptor >= disc.end()) {
    return SeekFailure(
        descriptor, "TOO_SHORT",
        absl::StrCat("the previous session ends before it, at ", session_end.value()));
  }
  std::array<uint8_t, kSectorSize> sector;
  RETURN_IF_ERROR(ReadOne(disc, descriptor, absl::MakeSpan(sector)));
  if (iso9660::TypeOf(sector) != iso9660::DescriptorType::kNone) return absl::OkStatus();
  const Lba anchor = start + kAnchor;
  if (anchor >= session_end || anchor >= disc.end()) return absl::OkStatus();
  return ReadOne(disc, anchor, absl::MakeSpan(sector));
}

}  // namespace carousel
