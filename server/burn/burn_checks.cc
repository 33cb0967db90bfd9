#include "server/burn/burn_checks.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "hal/mmc/profile.h"
#include "server/imapi/error.h"
#include "server/mastering/superblock.h"

namespace carousel {
namespace {

using imapi::Hresult;

absl::Status Mismatch(absl::string_view property, const std::string& planned,
                      const std::string& found) {
  return imapi::MakeError(
      Hresult::IMAPI_E_DISC_MISMATCH,
      absl::StrCat("the disc in the drive is not as it was when the session was planned: ",
                   property, " is ", found, ", not ", planned),
      {{"property", std::string(property)}, {"planned", planned}, {"found", found}});
}

std::string Text(std::optional<Lba> address) {
  return address.has_value() ? absl::StrCat(address->value()) : "none";
}

absl::Status Refuse(Hresult hresult, const MediaState& state, absl::string_view why) {
  return imapi::MakeError(hresult, why, {{"media", std::string(mmc::ProfileName(state.profile))}});
}

bool IsBuilt(BurnMethod method) { return method != BurnMethod::kSessionAtOnce; }

std::optional<Lba> NextWritable(const MediaFacts& planned, const MediaState& state) {
  if (mmc::IsOverwritable(state.profile)) {
    if (!planned.next_writable.has_value()) return std::nullopt;
    return std::max(*planned.next_writable, Lba(0) + mastering::kSuperblockSectors);
  }
  const TrackState* track = state.AppendTrack();
  return track == nullptr ? std::nullopt : track->next_writable;
}

// What is to be done first by others, or nothing.
absl::string_view Obstacle(const MediaState& state, Lba end) {
  if (mmc::IsOverwritable(state.profile)) {
    const bool unformatted = state.format == FormatDescriptor::kUnformatted;
    return unformatted && !FormatNeeded(state, end).has_value()
               ? "the disc has to be formatted first"
               : "";
  }
  const TrackState* track = state.AppendTrack();
  return track == nullptr || state.last_session != LastSessionState::kEmpty || track->damaged
             ? "a session of the disc is open or damaged; it has to be closed first"
             : "";
}

Sectors FreeFrom(const MediaState& state, Lba start, Lba end) {
  if (!mmc::IsOverwritable(state.profile)) return state.AppendTrack()->free;
  const bool grows =
      FormatNeeded(state, end).has_value() || state.format != FormatDescriptor::kFormatted;
  return Lba((grows ? state.total : state.readable.value_or(Sectors(0))).value()) - start;
}

}  // namespace

absl::Status CheckSameDisc(const MediaFacts& planned, const MediaFacts& found) {
  if (!found.present) return Mismatch("medium", "there", "gone");
  if (planned.disc_identifier.empty() || found.disc_identifier != planned.disc_identifier) {
    return Mismatch("identifier", planned.disc_identifier, found.disc_identifier);
  }
  // Blank discs of one type share an identifier; only the generation tells one from another.
  if (found.generation != planned.generation) {
    return Mismatch("generation", absl::StrCat(planned.generation.value()),
                    absl::StrCat(found.generation.value()));
  }
  if (found.next_writable != planned.next_writable) {
    return Mismatch("next_writable", Text(planned.next_writable), Text(found.next_writable));
  }
  return absl::OkStatus();
}

absl::Status CheckNextWritable(const MediaFacts& planned, const MediaState& state, Lba start) {
  if (state.generation != planned.generation) {
    return Mismatch("generation", absl::StrCat(planned.generation.value()),
                    absl::StrCat(state.generation.value()));
  }
  const std::optional<Lba> next = NextWritable(planned, state);
  return next == start ? absl::OkStatus() : Mismatch("next_writable", Text(start), Text(next));
}

absl::StatusOr<const BurnRow*> ChooseBurnRow(const MediaState& state, Lba start, Sectors size) {
  const BurnRow* row = FindBurnRow(state);
  if (row == nullptr) {
    return Refuse(Hresult::E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED, state,
                  "the medium cannot be written");
  }
  if (!IsBuilt(row->method)) {
    return Refuse(Hresult::E_NOTIMPL, state,
                  absl::StrCat(row->medium, ": burning by this method is not offered"));
  }
  const absl::string_view obstacle = Obstacle(state, start + size);
  if (!obstacle.empty()) {
    return Refuse(Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE, state, obstacle);
  }
  if (size <= Sectors(0) || size.value() % row->unit.value() != 0 || size < row->shortest_track) {
    return Refuse(Hresult::E_IMAPI_DF2DATA_STREAM_NOT_SUPPORTED, state,
                  absl::StrCat(size.value(), " sectors are no session of this medium: it takes ",
                               "multiples of ", row->unit.value(), ", at least ",
                               row->shortest_track.value()));
  }
  const Sectors free = FreeFrom(state, start, start + size);
  if (size + row->run_out > free) {
    return Refuse(
        Hresult::E_IMAPI_DF2DATA_STREAM_TOO_LARGE_FOR_CURRENT_MEDIA, state,
        absl::StrCat(size.value(), " sectors are more than the disc has free: ", free.value()));
  }
  return row;
}

}  // namespace carousel
