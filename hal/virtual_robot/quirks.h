// Deviations of real drives from the answers that a standard asks for. A driver must live with each
// of them; a virtual drive shows them on request.
#ifndef HAL_VIRTUAL_ROBOT_QUIRKS_H_
#define HAL_VIRTUAL_ROBOT_QUIRKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace carousel::virtual_robot {

struct Quirks {
  bool stale_profile = false;
  bool capacity_refused_on_blank = false;
  bool toc_header_on_blank = false;
  bool pow_feature_on_blank = false;
  bool nwa_minus_150 = false;
  bool absurd_lead_out = false;
  bool damage_bit_only = false;
  bool short_toc = false;
  bool short_track_information = false;
  bool ram_track_information_refused = false;
  bool no_performance = false;
  bool blank_check_on_unwritten = false;
  bool medium_error_on_unwritten = false;
  bool medium_error_on_run_out = false;
  bool open_track_unreadable = false;
  bool ready_while_closing = false;
  bool write_parameters_refused = false;
};

// What absurd_lead_out shows, by one published dump of a disc whose last session was cut.
inline constexpr uint32_t kAbsurdAddress = 4'294'770'689;

// A quirk's name, what it does, and its flag.
struct QuirkDescription {
  absl::string_view name;
  absl::string_view effect;
  bool Quirks::*flag;
};
absl::Span<const QuirkDescription> AllQuirks();

// INVALID_ARGUMENT: an unknown name; the message lists the known ones.
absl::StatusOr<Quirks> ParseQuirks(const std::vector<std::string>& names);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_QUIRKS_H_
