#include "server/burn/burn_advice.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "hal/base/types.h"
#include "hal/drive/burn_status.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/media_state.h"
#include "hal/mmc/profile.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

constexpr std::array<absl::string_view, 10> kAdvice = {
    "nothing",     "ask_again", "other_disc",  "erase_disc",  "close_session",
    "close_again", "inspect",   "retire_disc", "serve_drive", "find_initiator"};
constexpr std::array<absl::string_view, 5> kNext = {"now", "after_erase", "after_close",
                                                    "after_verify", "never"};

// By what the drive said, SPC-4 annex F. Beginnings of "K/AA/QQ".
constexpr absl::string_view kOfTheDrive[] = {"4/",    "2/04/02", "2/04/03", "2/3E/",
                                             "5/53/", "B/08/",   "B/47/",   "B/4B/"};
constexpr absl::string_view kOfAnotherProgram[] = {"5/21/02", "6/2A/"};
constexpr absl::string_view kOfTheMedium[] = {"2/30/",   "2/3A/",   "3/30/", "3/31/", "3/73/",
                                              "5/21/00", "5/21/03", "5/30/", "5/63/", "5/64/",
                                              "5/72/",   "7/",      "8/"};
// Spare blocks are the medium's, though it is a hardware error.
constexpr absl::string_view kNoSpareBlocks = "4/32/";

template <size_t kSize>
bool BeginsAsOneOf(absl::string_view sense, const absl::string_view (&beginnings)[kSize]) {
  return std::any_of(
      std::begin(beginnings), std::end(beginnings),
      [sense](absl::string_view beginning) { return absl::StartsWith(sense, beginning); });
}

std::string SenseOf(const absl::Status& status) {
  const std::optional<imapi::ErrorDetail> detail = imapi::GetDetail(status);
  if (!detail.has_value()) return "";
  const auto sense = detail->metadata.find("sense");
  return sense == detail->metadata.end() ? "" : sense->second;
}

bool IsSilence(const absl::Status& status) {
  const std::optional<imapi::ErrorDetail> detail = imapi::GetDetail(status);
  return detail.has_value() && detail->hresult == imapi::Hresult::E_IMAPI_RECORDER_COMMAND_TIMEOUT;
}

bool IsOverwritten(const BurnReport& report) {
  return report.row != nullptr && report.row->method == BurnMethod::kOverwrite;
}

// A superblock that is not the session's stands before it: where there was none before, what was
// begun looks like contents that nobody understands.
bool HidesSessions(const BurnReport& report) {
  return IsOverwritten(report) && report.effect == DiscEffect::kPartly && !report.had_session &&
         report.written > Sectors(0);
}

BurnAdvice AdviceForWritten(const BurnReport& report) {
  if (HidesSessions(report)) return BurnAdvice::kEraseDisc;
  // The disc reads as it was; what was begun is written over.
  if (IsOverwritten(report)) return BurnAdvice::kAskAgain;
  if (report.sha256.has_value()) return BurnAdvice::kCloseAgain;
  const bool lost = report.row != nullptr && report.row->after_power_cut == AfterPowerCut::kLost;
  return lost ? BurnAdvice::kRetireDisc : BurnAdvice::kCloseSession;
}

}  // namespace

absl::string_view BurnAdviceName(BurnAdvice advice) { return kAdvice[static_cast<size_t>(advice)]; }

absl::string_view NextSessionName(NextSession next) { return kNext[static_cast<size_t>(next)]; }

BurnAdvice AdviceAfter(const BurnReport& report) {
  if (report.status.ok()) return BurnAdvice::kNothing;
  const std::string sense = SenseOf(report.status);
  if (report.wrong_address || BeginsAsOneOf(sense, kOfAnotherProgram)) {
    return BurnAdvice::kFindInitiator;
  }
  const bool of_drive =
      BeginsAsOneOf(sense, kOfTheDrive) && !absl::StartsWith(sense, kNoSpareBlocks);
  if (of_drive || IsSilence(report.status)) return BurnAdvice::kServeDrive;
  switch (report.effect) {
    case DiscEffect::kUnknown:
      // Every sector is there: what failed is the close behind them.
      return report.sha256.has_value() && !IsOverwritten(report) ? BurnAdvice::kCloseAgain
                                                                 : BurnAdvice::kInspect;
    case DiscEffect::kPartly:
    case DiscEffect::kDone:
      return AdviceForWritten(report);
    case DiscEffect::kNone:
      break;
  }
  return BeginsAsOneOf(sense, kOfTheMedium) ? BurnAdvice::kOtherDisc : BurnAdvice::kAskAgain;
}

NextSession NextSessionAfter(const BurnReport& report) {
  if (report.effect == DiscEffect::kUnknown) return NextSession::kAfterVerify;
  if (!report.after.has_value()) {
    return report.effect == DiscEffect::kNone ? NextSession::kNow : NextSession::kAfterVerify;
  }
  const MediaState& after = *report.after;
  const BurnRow* row = FindBurnRow(after);
  if (HidesSessions(report)) return NextSession::kAfterErase;
  if (mmc::IsOverwritable(after.profile)) {
    return row == nullptr ? NextSession::kNever : NextSession::kNow;
  }
  const bool open = after.last_session == LastSessionState::kIncomplete ||
                    after.last_session == LastSessionState::kDamaged;
  if (open) {
    const bool lost = report.row != nullptr && report.row->after_power_cut == AfterPowerCut::kLost;
    return lost ? NextSession::kNever : NextSession::kAfterClose;
  }
  return row == nullptr ? NextSession::kNever : NextSession::kNow;
}

}  // namespace carousel
