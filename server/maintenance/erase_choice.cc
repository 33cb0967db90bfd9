#include "server/maintenance/erase_choice.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hal/mmc/profile.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

using imapi::Hresult;
using mmc::Profile;

absl::Status Refuse(Hresult hresult, const MediaState& state, absl::string_view why) {
  return imapi::MakeError(hresult, why, {{"media", std::string(mmc::ProfileName(state.profile))}});
}

bool IsDvdRw(Profile profile) {
  return profile == Profile::kDvdRwSequential || profile == Profile::kDvdRwRestrictedOverwrite;
}

// The format that makes the medium overwritable; nothing where it is.
std::optional<mmc::FormatParameters> FormatOf(const MediaState& state) {
  switch (state.profile) {
    case Profile::kDvdRwSequential:
      return mmc::FormatParameters{.type = mmc::FormatType::kFull};
    case Profile::kDvdRwRestrictedOverwrite:
      // An intermediate one takes blocks in their order only.
      if (state.format == FormatDescriptor::kFormatted) return std::nullopt;
      return mmc::FormatParameters{.type = mmc::FormatType::kFull};
    case Profile::kDvdPlusRw:
    case Profile::kDvdPlusRwDualLayer:
      if (state.background_format == BackgroundFormat::kNone)
        return mmc::FormatParameters{.type = mmc::FormatType::kDvdPlusRw};
      if (state.background_format == BackgroundFormat::kSuspended)
        return mmc::FormatParameters{.type = mmc::FormatType::kDvdPlusRw,
                                     .parameter = mmc::kRestartFormat};
      return std::nullopt;
    default:  // DVD-RAM, BD-RE
      if (state.format != FormatDescriptor::kUnformatted) return std::nullopt;
      return mmc::FormatParameters{.type = mmc::FormatType::kFull};
  }
}

}  // namespace

absl::StatusOr<EraseChoice> ChooseErase(const MediaState& state, EraseMode mode) {
  const bool overwritable = mmc::IsOverwritable(state.profile);
  const bool blankable = state.profile == Profile::kCdRw || IsDvdRw(state.profile);
  if (!overwritable && !blankable) {
    return Refuse(Hresult::E_IMAPI_ERASE_MEDIA_IS_NOT_ERASABLE, state,
                  "what is on this medium cannot be erased");
  }
  if (state.write_protected) {
    return Refuse(Hresult::E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED, state,
                  "the medium is write-protected");
  }
  if (mode == EraseMode::kFormat) {
    if (state.profile == Profile::kCdRw) {
      return Refuse(Hresult::E_IMAPI_ERASE_MEDIA_IS_NOT_SUPPORTED, state,
                    "a CD-RW is blanked and not formatted");
    }
    return EraseChoice{.format = FormatOf(state)};
  }
  if (!blankable) {
    return Refuse(Hresult::E_IMAPI_ERASE_MEDIA_IS_NOT_SUPPORTED, state,
                  "the medium has no blank state; it is erased by a format");
  }
  return EraseChoice{.blank =
                         mode == EraseMode::kWhole ? BlankExtent::kWhole : BlankExtent::kMinimal};
}

}  // namespace carousel
