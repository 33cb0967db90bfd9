#include "hal/virtual_robot/disc_answers.h"

#include "absl/status/statusor.h"
#include "hal/mmc/profile.h"
#include "hal/mmc/read_disc_information.h"
#include "hal/virtual_robot/track_answers.h"

namespace carousel::virtual_robot {
namespace {

mmc::DiscStatus StatusOf(const Disc& disc) {
  switch (disc.state) {
    case DiscState::kBlank:
    case DiscState::kUnformatted:
      return mmc::DiscStatus::kBlank;
    case DiscState::kAppendable:
    case DiscState::kOpen:
    case DiscState::kDamaged:
      return mmc::DiscStatus::kAppendable;
    case DiscState::kFinalized:
      return mmc::DiscStatus::kComplete;
    case DiscState::kFormatted:
      break;
  }
  if (disc.medium->recording == Recording::kPseudoOverwrite) return mmc::DiscStatus::kAppendable;
  return disc.medium->profile == mmc::Profile::kDvdRam ? mmc::DiscStatus::kOther
                                                       : mmc::DiscStatus::kComplete;
}

mmc::LastSessionState LastSessionOf(const Disc& disc, const Quirks& quirks) {
  switch (disc.state) {
    case DiscState::kBlank:
    case DiscState::kUnformatted:
    case DiscState::kAppendable:
      return mmc::LastSessionState::kEmpty;
    case DiscState::kOpen:
      return mmc::LastSessionState::kIncomplete;
    case DiscState::kDamaged:
      return quirks.damage_bit_only ? mmc::LastSessionState::kIncomplete
                                    : mmc::LastSessionState::kDamaged;
    case DiscState::kFinalized:
      return mmc::LastSessionState::kComplete;
    case DiscState::kFormatted:
      break;
  }
  return disc.medium->recording == Recording::kPseudoOverwrite ? mmc::LastSessionState::kIncomplete
                                                               : mmc::LastSessionState::kComplete;
}

}  // namespace

Reply AnswerDiscInformation(const Disc& disc, const Quirks& quirks, absl::Span<const uint8_t> cdb) {
  const absl::StatusOr<mmc::ReadDiscInformationCdb> asked = mmc::DecodeReadDiscInformationCdb(cdb);
  if (!asked.ok() || asked->data_type != 0) return Check(sense::kInvalidField);
  const uint16_t last = TrackCount(disc);
  mmc::DiscInformation info;
  info.disc_status = StatusOf(disc);
  info.last_session = LastSessionOf(disc, quirks);
  info.erasable = disc.medium->erasable;
  info.sessions = DescribeTrack(disc, quirks, last).session;
  info.first_track_in_last_session = FirstTrackOfSession(disc, info.sessions);
  info.last_track_in_last_session = last;
  info.background_format = disc.background;
  return Good(mmc::EncodeDiscInformation(info));
}

}  // namespace carousel::virtual_robot
