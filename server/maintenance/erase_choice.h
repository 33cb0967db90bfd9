// By which command a medium is erased, if it can be: MsftDiscFormat2Erase, and what makes media
// overwritable. Pure; sends nothing.
#ifndef SERVER_MAINTENANCE_ERASE_CHOICE_H_
#define SERVER_MAINTENANCE_ERASE_CHOICE_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/media_state.h"
#include "hal/mmc/format_unit.h"

namespace carousel {

enum class EraseMode : uint8_t {
  // BLANK, of CD-RW and DVD-RW. Quick; a DVD-RW takes one session written at once afterwards, and
  // no sessions one after another.
  kMinimal,
  kWhole,  // BLANK of every sector
  // Ready to be overwritten: FORMAT UNIT where the medium is not, then zeros where file systems
  // begin and end. A DVD-RW becomes one of restricted overwrite.
  kFormat,
};

struct EraseChoice {
  std::optional<BlankExtent> blank;
  std::optional<mmc::FormatParameters> format;
};

// As imapi::MakeError with metadata media. E_IMAPI_ERASE_MEDIA_IS_NOT_ERASABLE: what is on it stays
// for ever. E_IMAPI_ERASE_MEDIA_IS_NOT_SUPPORTED: not by this mode, another one may do.
// E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED. `state` is of a medium that is there.
absl::StatusOr<EraseChoice> ChooseErase(const MediaState& state, EraseMode mode);

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_ERASE_CHOICE_H_
