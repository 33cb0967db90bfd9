#include "server/burn/verify_checks.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "hal/mmc/profile.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

using imapi::Hresult;

absl::Status Insane(absl::string_view what) {
  return imapi::MakeError(Hresult::E_IMAPI_BURN_VERIFICATION_FAILED, what, {{"cause", "session"}});
}

absl::Status Mismatch(absl::string_view property, absl::string_view planned,
                      absl::string_view found) {
  return imapi::MakeError(Hresult::IMAPI_E_DISC_MISMATCH,
                          absl::StrCat("the disc in the drive is not the one that was meant: ",
                                       property, " is ", found, ", not ", planned),
                          {{"property", std::string(property)},
                           {"planned", std::string(planned)},
                           {"found", std::string(found)}});
}

}  // namespace

absl::Status CheckIdentifier(absl::string_view identifier, const MediaFacts& found) {
  if (!found.present) return Mismatch("medium", "there", "gone");
  if (found.disc_identifier.empty()) {
    return imapi::MakeError(
        Hresult::E_IMAPI_BURN_VERIFICATION_FAILED,
        absl::StrCat("the disc does not show which one it is: ", found.identifier_error.message()),
        {{"cause", "unreadable"}});
  }
  if (identifier.empty() || found.disc_identifier != identifier) {
    return Mismatch("identifier", identifier, found.disc_identifier);
  }
  return absl::OkStatus();
}

absl::Status CheckSessionIsSane(const MediaState& state, Lba start, Lba end) {
  if (end > state.ReadableEnd()) {
    return Insane(absl::StrCat("the session ends at ", end.value(),
                               ", and the drive reads only up to ", state.ReadableEnd().value()));
  }
  if (mmc::IsOverwritable(state.profile)) return absl::OkStatus();
  const auto track =
      std::find_if(state.tracks.begin(), state.tracks.end(),
                   [start](const TrackState& candidate) { return candidate.start == start; });
  if (track == state.tracks.end()) {
    return Insane(absl::StrCat("the drive knows of no track that begins at ", start.value()));
  }
  if (track->damaged) {
    return Insane(absl::StrCat("the drive calls track ", track->number.value(), " damaged"));
  }
  return absl::OkStatus();
}

}  // namespace carousel
