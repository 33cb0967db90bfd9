#include "hal/virtual_robot/quirks.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace carousel::virtual_robot {
namespace {

// Where each was seen stands behind it.
constexpr QuirkDescription kQuirks[] = {
    // tgt's MMC target, after UNLOAD.
    {"stale-profile", "an empty drive keeps the last disc's profile", &Quirks::stale_profile},
    // Many drives, by libburn's documentation.
    {"capacity-refused-on-blank", "READ CAPACITY of a blank disc is 5/30/00",
     &Quirks::capacity_refused_on_blank},
    {"toc-header-on-blank", "READ TOC of a blank disc is an empty list, not 5/24/00",
     &Quirks::toc_header_on_blank},
    // dvd+rw-mediainfo of a Lite-On iHBS112 CL04.
    {"pow-feature-on-blank", "feature 0038h is current on a blank BD-R",
     &Quirks::pow_feature_on_blank},
    // Pioneer BDR-205, Lite-On LTR-48125S, by libburn's source.
    {"nwa-minus-150", "the next writable address of a blank disc is -150", &Quirks::nwa_minus_150},
    // A published dump of a disc after a power cut.
    {"absurd-lead-out", "lead-out and capacity of a damaged disc are 4294770689",
     &Quirks::absurd_lead_out},
    {"damage-bit-only", "a damaged last session is said only by the track's damage bit",
     &Quirks::damage_bit_only},
    // tgt's MMC target.
    {"short-toc", "READ TOC sends two bytes less than it announces", &Quirks::short_toc},
    // Drives before MMC-3.
    {"short-track-information", "READ TRACK INFORMATION ends behind byte 27",
     &Quirks::short_track_information},
    // libburn's source.
    {"ram-track-information-refused", "READ TRACK INFORMATION of a DVD-RAM is 5/24/00",
     &Quirks::ram_track_information_refused},
    {"no-performance", "GET PERFORMANCE is 5/20/00", &Quirks::no_performance},
    {"blank-check-on-unwritten", "reading a block that was never written is 8/00/00, not 5/21/00",
     &Quirks::blank_check_on_unwritten},
    {"medium-error-on-unwritten", "reading a block that was never written is 3/11/00, not 5/21/00",
     &Quirks::medium_error_on_unwritten},
    {"medium-error-on-run-out", "reading a run-out block is 3/11/05, not 5/64/00",
     &Quirks::medium_error_on_run_out},
    // tgt's MMC target, and CD recorders.
    {"open-track-unreadable", "an open session cannot be read", &Quirks::open_track_unreadable},
    // Pioneer's manuals of the DVR series, R8 and R11.
    {"ready-while-closing", "TEST UNIT READY is GOOD during work that was begun with IMMED",
     &Quirks::ready_while_closing},
    {"write-parameters-refused",
     "MODE SELECT of page 05h is 5/26/00 on media that have no use for it",
     &Quirks::write_parameters_refused},
};

}  // namespace

absl::Span<const QuirkDescription> AllQuirks() { return kQuirks; }

absl::StatusOr<Quirks> ParseQuirks(const std::vector<std::string>& names) {
  Quirks quirks;
  for (const std::string& name : names) {
    const auto* found =
        std::find_if(std::begin(kQuirks), std::end(kQuirks),
                     [&name](const QuirkDescription& quirk) { return quirk.name == name; });
    if (found == std::end(kQuirks)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "unknown quirk '", name.substr(0, 40), "'; known are ",
          absl::StrJoin(kQuirks, ", ", [](std::string* out, const QuirkDescription& quirk) {
            absl::StrAppend(out, quirk.name);
          })));
    }
    quirks.*(found->flag) = true;
  }
  return quirks;
}

}  // namespace carousel::virtual_robot
