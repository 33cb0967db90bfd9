// MODE SELECT(10): sets mode pages (MMC-5 6.12, SPC-4 6.10). The pages and what is in them:
// mode_sense.h.
#ifndef HAL_MMC_MODE_SELECT_H_
#define HAL_MMC_MODE_SELECT_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/mmc/mode_sense.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

struct ModeSelectCdb {
  bool page_format = true;  // PF; drives of this command set refuse the other form
  bool save_pages = false;  // SP
  uint16_t parameter_list_length = 0;
  bool operator==(const ModeSelectCdb&) const = default;
};
// `parameters` is what EncodeModeParameters gives, at most 65,535 bytes.
scsi::Command MakeCommand(const ModeSelectCdb& cdb, absl::Span<const uint8_t> parameters);
absl::StatusOr<ModeSelectCdb> DecodeModeSelectCdb(absl::Span<const uint8_t> cdb);

// The parameter list with one page. A header of zeros: the fields that MODE SENSE answers there are
// reserved here, and so is the page's PS bit.
std::vector<uint8_t> EncodeModeParameters(const ModePage& page);
// What a drive reads from a parameter list. INTERNAL: shorter than its header of 8 bytes. Pages:
// as DecodeModeData.
absl::StatusOr<ModeData> DecodeModeParameters(absl::Span<const uint8_t> bytes);

}  // namespace carousel::mmc

#endif  // HAL_MMC_MODE_SELECT_H_
