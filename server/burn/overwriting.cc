#include "server/burn/overwriting.h"

#include <algorithm>

#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/profile.h"
#include "server/burn/burn_pipeline.h"
#include "server/imapi/error.h"
#include "server/mastering/superblock.h"

namespace carousel {
namespace {

// Read back at once.
constexpr Sectors kPiece = BurnPipeline::kPiece;

// A quick format is not finished: the drive takes sectors in ascending order only, and reads none
// until CLOSE SESSION.
bool IsIntermediate(const MediaState& state) {
  return state.profile == mmc::Profile::kDvdRwRestrictedOverwrite &&
         state.format != FormatDescriptor::kFormatted;
}

}  // namespace

absl::Status Overwriting::ReadOld(Drive& drive, const MediaFacts& facts) {
  old_superblock_.assign(mastering::kSuperblockSectors.bytes(), 0);
  if (facts.newest_session().has_value()) {
    const absl::Status read = drive.Read(Lba(0), absl::MakeSpan(old_superblock_));
    if (!read.ok()) return imapi::FromDevice(read);
  }
  ASSIGN_OR_RETURN(superblock_, mastering::MakeSuperblock(plan_, old_superblock_));
  return absl::OkStatus();
}

absl::Status Overwriting::Begin(BurnWriter& writer, const MediaState& state, bool formatted) {
  const bool intermediate = IsIntermediate(state);
  ends_format_ =
      row_.close_session == CloseSessionNeed::kAfterFormat &&
      (formatted || intermediate || state.background_format == BackgroundFormat::kRunning);
  if (!intermediate) return absl::OkStatus();
  // Zeros where the superblock will be: nothing is lost, a disc in this state has no session.
  return writer.WriteBeside(Lba(0), old_superblock_);
}

absl::Status Overwriting::Finish(BurnWriter& writer, const std::optional<Sha256Digest>& sha256) {
  const bool before_reading = row_.keep_appendable == SessionClose::kSession;
  if (ends_format_ && before_reading) {
    RETURN_IF_ERROR(writer.CloseSession(row_.keep_appendable));
  }
  RETURN_IF_ERROR(CheckReadsBack(writer.drive(), sha256));
  RETURN_IF_ERROR(writer.WriteBeside(Lba(0), superblock_));
  RETURN_IF_ERROR(writer.Synchronize());
  if (!ends_format_ || before_reading) return absl::OkStatus();
  return writer.CloseSession(row_.keep_appendable);
}

absl::Status Overwriting::CheckReadsBack(Drive& drive,
                                         const std::optional<Sha256Digest>& sha256) const {
  Sha256Hasher hasher;
  std::vector<uint8_t> buffer(kPiece.bytes());
  const Lba end = plan_.volume_end();
  for (Lba at = plan_.start(); at < end; at += kPiece) {
    const absl::Span<uint8_t> piece =
        absl::MakeSpan(buffer).first(std::min(kPiece, end - at).bytes());
    const absl::Status read = drive.Read(at, piece);
    if (!read.ok()) return imapi::AfterWrite(imapi::FromDevice(read));
    hasher.Update(piece);
  }
  if (hasher.Finish() == sha256) return absl::OkStatus();
  return imapi::MakeError(imapi::Hresult::E_IMAPI_BURN_VERIFICATION_FAILED,
                          "the session does not read as it was written");
}

}  // namespace carousel
