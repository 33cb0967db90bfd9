#include "server/burn/verify_run.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "hal/base/status_macros.h"
#include "server/burn/disc_reload.h"
#include "server/burn/verify_checks.h"
#include "server/fs/iso9660/volume_descriptor.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

using imapi::Hresult;

// Between two safe points: a second at 1x of CD, whole ECC blocks of every medium.
constexpr Sectors kPiece{512};

absl::Status Different(std::optional<Lba> block, imapi::Metadata metadata, absl::string_view what) {
  metadata["cause"] = "different";
  if (block.has_value()) metadata["block"] = absl::StrCat(block->value());
  return imapi::MakeError(Hresult::E_IMAPI_BURN_VERIFICATION_FAILED, what, std::move(metadata));
}

}  // namespace

VerifyRun::VerifyRun(VerifyRequest request, ReadFacts read_facts, VerifyControl* control,
                     Clock* clock, Options options)
    : request_(std::move(request)),
      read_facts_(std::move(read_facts)),
      control_(*control),
      clock_(*clock),
      options_(options) {}

VerifyReport VerifyRun::Run(Drive& drive) {
  report_.status = Verify(drive);
  if (report_.status.ok()) Show(VerifyAction::kCompleted);
  return std::move(report_);
}

absl::Status VerifyRun::Verify(Drive& drive) {
  RETURN_IF_ERROR(CheckNotCancelled());
  if (request_.level == VerifyLevel::kFull) RETURN_IF_ERROR(Reload(drive));
  Show(VerifyAction::kExamining);
  ASSIGN_OR_RETURN(const MediaState state, Examine(drive));
  RETURN_IF_ERROR(CheckSessionIsSane(state, request_.start, request_.volume_end));
  RepeatingBlockReader disc(&drive, state.ReadableEnd());
  reading_since_ = clock_.Now();
  absl::Status status = request_.level == VerifyLevel::kFull ? ReadAll(disc) : ReadSamples(disc);
  if (status.ok()) status = CompareSuperblock(disc);
  report_.repeats = disc.repeats();
  report_.unreadable = disc.unreadable();
  return status;
}

absl::Status VerifyRun::Reload(Drive& drive) {
  Show(VerifyAction::kReloading);
  return ReloadDisc(drive, clock_, {.ready_budget = options_.ready_budget, .cancelled = [this] {
                                      return control_.cancelled();
                                    }});
}

absl::StatusOr<MediaState> VerifyRun::Examine(Drive& drive) {
  absl::StatusOr<MediaFacts> facts = read_facts_(drive);
  if (!facts.ok()) return imapi::FromDevice(facts.status());
  report_.facts = *std::move(facts);
  RETURN_IF_ERROR(CheckIdentifier(request_.disc_identifier, *report_.facts));
  absl::StatusOr<MediaState> state = drive.ReadMediaState();
  if (!state.ok()) return imapi::FromDevice(state.status());
  if (state->generation != report_.facts->generation) {
    return imapi::MakeError(Hresult::IMAPI_E_DISC_MISMATCH, "the medium changed meanwhile",
                            {{"property", "generation"}});
  }
  return state;
}

absl::Status VerifyRun::ReadAll(BlockReader& disc) {
  progress_.total = request_.volume_end - request_.start;
  const bool compare = !request_.sha256.has_value() && request_.source != nullptr;
  Sha256Hasher hasher;
  for (Lba at = request_.start; at < request_.volume_end;) {
    const SampledSectors piece{at, std::min(kPiece, request_.volume_end - at)};
    ASSIGN_OR_RETURN(const absl::Span<const uint8_t> found, ReadPiece(disc, piece));
    hasher.Update(found);
    if (compare) RETURN_IF_ERROR(CompareWithSource(at, found));
    Count(piece);
    at += piece.count;
  }
  report_.sha256 = hasher.Finish();
  if (!request_.sha256.has_value() || report_.sha256 == request_.sha256) return absl::OkStatus();
  if (request_.source != nullptr) RETURN_IF_ERROR(FindDifference(disc));
  return Different(std::nullopt,
                   {{"expected", ToHex(*request_.sha256)}, {"found", ToHex(*report_.sha256)}},
                   "the session does not read as it was written");
}

// A second time, for the address alone. OK: it reads right now, so it does not read the same twice.
absl::Status VerifyRun::FindDifference(BlockReader& disc) {
  for (Lba at = request_.start; at < request_.volume_end; at += kPiece) {
    const SampledSectors piece{at, std::min(kPiece, request_.volume_end - at)};
    ASSIGN_OR_RETURN(const absl::Span<const uint8_t> found, ReadPiece(disc, piece));
    RETURN_IF_ERROR(CompareWithSource(at, found));
  }
  return absl::OkStatus();
}

absl::Status VerifyRun::ReadSamples(BlockReader& disc) {
  const SampledSectors head = SampledHead(request_.start, request_.volume_end);
  ASSIGN_OR_RETURN(const absl::Span<const uint8_t> found, ReadPiece(disc, head));
  if (request_.source != nullptr) RETURN_IF_ERROR(CompareWithSource(head.start, found));
  std::optional<iso9660::Volume> primary;
  if (head.count > iso9660::kSystemArea) {
    const Lba at = head.start + iso9660::kSystemArea;
    auto volume = iso9660::DecodeVolume(found.subspan(iso9660::kSystemArea.bytes(), kSectorSize),
                                        at, disc.end());
    if (volume.ok()) primary = *std::move(volume);
  }
  const std::vector<SampledSectors> rest =
      SampledRest(request_.start, request_.volume_end, primary);
  progress_.total = head.count;
  for (const SampledSectors& run : rest) progress_.total += run.count;
  Count(head);
  for (const SampledSectors& run : rest) {
    ASSIGN_OR_RETURN(const absl::Span<const uint8_t> sample, ReadPiece(disc, run));
    if (request_.source != nullptr) RETURN_IF_ERROR(CompareWithSource(run.start, sample));
    Count(run);
  }
  return absl::OkStatus();
}

absl::Status VerifyRun::CompareSuperblock(BlockReader& disc) {
  if (request_.superblock.empty()) return absl::OkStatus();
  const SampledSectors head{
      Lba(0), Sectors(static_cast<int64_t>(request_.superblock.size()) / kSectorSize)};
  ASSIGN_OR_RETURN(const absl::Span<const uint8_t> found, ReadPiece(disc, head));
  return Compare(head.start, found, request_.superblock);
}

absl::StatusOr<absl::Span<const uint8_t>> VerifyRun::ReadPiece(BlockReader& disc,
                                                               SampledSectors piece) {
  RETURN_IF_ERROR(CheckNotCancelled());
  buffer_.resize(piece.count.bytes());
  RETURN_IF_ERROR(disc.Read(piece.start, absl::MakeSpan(buffer_)));
  return absl::MakeConstSpan(buffer_);
}

absl::Status VerifyRun::CompareWithSource(Lba start, absl::Span<const uint8_t> found) {
  expected_.resize(found.size());
  RETURN_IF_ERROR(request_.source->Read(start, absl::MakeSpan(expected_)));
  return Compare(start, found, expected_);
}

absl::Status VerifyRun::Compare(Lba start, absl::Span<const uint8_t> found,
                                absl::Span<const uint8_t> expected) {
  const auto differs = std::mismatch(found.begin(), found.end(), expected.begin());
  if (differs.first == found.end()) return absl::OkStatus();
  report_.difference = start + Sectors((differs.first - found.begin()) / kSectorSize);
  return Different(
      report_.difference, {},
      absl::StrCat("sector ", report_.difference->value(), " does not read as it was written"));
}

absl::Status VerifyRun::CheckNotCancelled() const {
  if (!control_.cancelled()) return absl::OkStatus();
  return imapi::MakeError(Hresult::E_IMAPI_REQUEST_CANCELLED, "the verification was cancelled");
}

void VerifyRun::Show(VerifyAction action) {
  progress_.action = action;
  control_.Publish(progress_);
}

void VerifyRun::Count(SampledSectors piece) {
  report_.compared += piece.count;
  progress_.next = piece.start + piece.count;
  progress_.done = report_.compared;
  const double seconds = absl::ToDoubleSeconds(clock_.Now() - reading_since_);
  if (seconds > 0) {
    progress_.speed = static_cast<int64_t>(static_cast<double>(progress_.done.value()) / seconds);
  }
  Show(VerifyAction::kReading);
}

}  // namespace carousel
