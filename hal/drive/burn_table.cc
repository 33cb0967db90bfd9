#include "hal/drive/burn_table.h"

#include <algorithm>
#include <utility>

#include "hal/mmc/get_configuration.h"

namespace carousel {
namespace {

using mmc::Profile;
namespace feature = mmc::feature;

// Mode page 05h (MMC-6 table 664).
constexpr uint8_t kPacketType = 0;
constexpr uint8_t kTrackAtOnceType = 1;
constexpr uint8_t kSessionAtOnceType = 2;
constexpr uint8_t kAppendable = 3;
constexpr uint8_t kClosed = 0;
constexpr uint8_t kDataTrack = 4;             // uninterrupted
constexpr uint8_t kIncrementalDataTrack = 5;  // DVD; also at once
constexpr uint8_t kMode1 = 8;
constexpr uint8_t kDefaultLinkSize = 16;

constexpr Sectors kCdUnit{1};
constexpr Sectors kDvdUnit{16};
constexpr Sectors kBdUnit{32};

mmc::WriteParameters CdParameters(uint8_t write_type, uint8_t multi_session) {
  return {.buffer_underrun_free = true,
          .write_type = write_type,
          .multi_session = multi_session,
          .track_mode = kDataTrack,
          .data_block_type = kMode1,
          .audio_pause = 150};
}

mmc::WriteParameters IncrementalParameters() {
  return {.buffer_underrun_free = true,
          .link_size_valid = true,
          .write_type = kPacketType,
          .multi_session = kAppendable,
          .fixed_packet = true,
          .track_mode = kIncrementalDataTrack,
          .data_block_type = kMode1,
          .link_size = kDefaultLinkSize,
          .packet_size = 16};
}

mmc::WriteParameters DiscAtOnceParameters() {
  return {.buffer_underrun_free = true,
          .write_type = kSessionAtOnceType,
          .multi_session = kClosed,
          .track_mode = kIncrementalDataTrack,
          .data_block_type = kMode1};
}

BurnRow CdTrackAtOnce() {
  return {.medium = "CD-R, CD-RW track at once",
          .profiles = {Profile::kCdR, Profile::kCdRw},
          .method = BurnMethod::kTrackAtOnce,
          .write_parameters = CdParameters(kTrackAtOnceType, kAppendable),
          .unit = kCdUnit,
          .write_unit = kBdUnit,
          // Some drives fail it, and none needs it.
          .close_track = CloseTrackNeed::kMayBeOmitted,
          .close_session = CloseSessionNeed::kAlways,
          .keep_appendable = SessionClose::kSession,
          .finalize = SessionClose::kSession,
          .speed = SpeedCommand::kSetCdSpeed,
          .run_out = Sectors(2),
          .padding = Sectors(150),
          .shortest_track = Sectors(300),
          .simulation_feature = feature::kCdTrackAtOnce,
          .after_power_cut = AfterPowerCut::kClose};
}

BurnRow CdSessionAtOnce() {
  return {.medium = "CD-R, CD-RW session at once",
          .profiles = {Profile::kCdR, Profile::kCdRw},
          .method = BurnMethod::kSessionAtOnce,
          .blank_only = true,
          .write_parameters = CdParameters(kSessionAtOnceType, kClosed),
          .cue_sheet = true,
          .start = BurnStart::kPregap,
          .unit = kCdUnit,
          .write_unit = kBdUnit,
          .can_stay_appendable = false,
          .speed = SpeedCommand::kSetCdSpeed,
          .padding = Sectors(150),
          .shortest_track = Sectors(300),
          .simulation_feature = feature::kCdMastering,
          .after_power_cut = AfterPowerCut::kLost};
}

BurnRow DvdMinusIncremental() {
  return {.medium = "DVD-R, DVD-RW incremental",
          .profiles = {Profile::kDvdR, Profile::kDvdRwSequential},
          .method = BurnMethod::kIncremental,
          // A DVD-RW that was blanked minimally does not have it.
          .needs_feature = feature::kIncrementalStreamingWritable,
          .write_parameters = IncrementalParameters(),
          .unit = kDvdUnit,
          .write_unit = kDvdUnit,
          .close_track = CloseTrackNeed::kAlways,
          .close_session = CloseSessionNeed::kAlways,
          .keep_appendable = SessionClose::kSession,
          .finalize = SessionClose::kSession,
          .calibrate = true,
          .simulation_feature = feature::kDvdMinusWrite,
          .after_power_cut = AfterPowerCut::kClose};
}

BurnRow DvdMinusAtOnce(absl::string_view medium, std::vector<Profile> profiles) {
  return {.medium = medium,
          .profiles = std::move(profiles),
          .method = BurnMethod::kDiscAtOnce,
          .blank_only = true,
          .needs_feature = feature::kDvdMinusWrite,
          .write_parameters = DiscAtOnceParameters(),
          .reserve = true,
          .start = BurnStart::kDiscStart,
          .unit = kDvdUnit,
          .write_unit = kDvdUnit,
          .can_stay_appendable = false,
          .calibrate = true,
          .simulation_feature = feature::kDvdMinusWrite,
          .after_power_cut = AfterPowerCut::kLost};
}

BurnRow DvdPlusR(absl::string_view medium, Profile profile) {
  return {.medium = medium,
          .profiles = {profile},
          .method = BurnMethod::kSequential,
          .unit = kDvdUnit,
          .write_unit = kDvdUnit,
          .close_track = CloseTrackNeed::kAlways,
          .close_session = CloseSessionNeed::kAlways,
          .keep_appendable = SessionClose::kSession,
          // 110 is known too, but a drive insists on 101 with two layers.
          .finalize = SessionClose::kFinalizeMinimalRadius,
          .after_power_cut = AfterPowerCut::kResume};
}

BurnRow BdR() {
  return {.medium = "BD-R",
          .profiles = {Profile::kBdRSequential},
          .method = BurnMethod::kSequential,
          .unit = kBdUnit,
          .write_unit = kBdUnit,
          .close_track = CloseTrackNeed::kAlways,
          .close_session = CloseSessionNeed::kAlways,
          .keep_appendable = SessionClose::kSession,
          .finalize = SessionClose::kFinalize,
          .after_power_cut = AfterPowerCut::kClose};
}

BurnRow Overwritable(absl::string_view medium, std::vector<Profile> profiles, Sectors unit,
                     Sectors write_unit, SessionClose close) {
  return {.medium = medium,
          .profiles = std::move(profiles),
          .method = BurnMethod::kOverwrite,
          .start = BurnStart::kLogical,
          .unit = unit,
          .write_unit = write_unit,
          .close_session = close == SessionClose::kNone ? CloseSessionNeed::kNever
                                                        : CloseSessionNeed::kAfterFormat,
          .keep_appendable = close};
}

bool Fits(const BurnRow& row, const MediaState& state) {
  if (std::find(row.profiles.begin(), row.profiles.end(), state.profile) == row.profiles.end()) {
    return false;
  }
  if (row.blank_only && state.disc_status != DiscStatus::kBlank) return false;
  return !row.needs_feature.has_value() || state.HasFeature(*row.needs_feature);
}

bool IsWritable(const MediaState& state) {
  if (!state.present || state.write_protected || state.IsPseudoOverwrite()) return false;
  return mmc::IsOverwritable(state.profile) || state.disc_status != DiscStatus::kComplete;
}

mmc::FormatParameters Format(mmc::FormatType type, std::optional<Sectors> size,
                             uint32_t parameter = 0) {
  return {.type = type, .size = size, .parameter = parameter};
}

}  // namespace

absl::Span<const BurnRow> BurnTable() {
  // Of one profile the row that leaves the disc appendable stands first.
  static const auto* const kRows = new std::vector<BurnRow>{
      CdTrackAtOnce(),
      CdSessionAtOnce(),
      DvdMinusIncremental(),
      DvdMinusAtOnce("DVD-R, DVD-RW at once", {Profile::kDvdR, Profile::kDvdRwSequential}),
      DvdMinusAtOnce("DVD-R DL", {Profile::kDvdRDualLayer}),
      DvdPlusR("DVD+R", Profile::kDvdPlusR),
      DvdPlusR("DVD+R DL", Profile::kDvdPlusRDualLayer),
      BdR(),
      Overwritable("DVD+RW", {Profile::kDvdPlusRw, Profile::kDvdPlusRwDualLayer}, Sectors(1),
                   kDvdUnit, SessionClose::kStopFormat),
      Overwritable("DVD-RW restricted overwrite", {Profile::kDvdRwRestrictedOverwrite}, kDvdUnit,
                   kDvdUnit, SessionClose::kSession),
      Overwritable("DVD-RAM", {Profile::kDvdRam}, Sectors(1), kDvdUnit, SessionClose::kNone),
      Overwritable("BD-RE", {Profile::kBdRe}, Sectors(1), kBdUnit, SessionClose::kNone)};
  return *kRows;
}

const BurnRow* FindBurnRow(const MediaState& state) {
  if (!IsWritable(state)) return nullptr;
  const absl::Span<const BurnRow> rows = BurnTable();
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&state](const BurnRow& row) { return Fits(row, state); });
  return found == rows.end() ? nullptr : &*found;
}

std::optional<mmc::WriteParameters> WriteParametersFor(const BurnRow& row, WriteChoice choice) {
  std::optional<mmc::WriteParameters> parameters = row.write_parameters;
  if (!parameters.has_value()) return std::nullopt;
  if (!choice.keep_appendable) parameters->multi_session = kClosed;
  parameters->test_write = choice.simulate && row.simulation_feature.has_value();
  if (parameters->link_size_valid) {
    parameters->link_size = choice.link_size.value_or(kDefaultLinkSize);
  }
  return parameters;
}

std::optional<mmc::FormatParameters> FormatNeeded(const MediaState& state, Lba end) {
  const bool beyond = end > Lba(state.readable.value_or(Sectors(0)).value());
  switch (state.profile) {
    case Profile::kDvdPlusRw:
    case Profile::kDvdPlusRwDualLayer:
      if (state.background_format == BackgroundFormat::kNone) {
        return Format(mmc::FormatType::kDvdPlusRw, std::nullopt);
      }
      if (state.background_format == BackgroundFormat::kSuspended && beyond) {
        return Format(mmc::FormatType::kDvdPlusRw, std::nullopt, mmc::kRestartFormat);
      }
      return std::nullopt;
    case Profile::kDvdRwRestrictedOverwrite:
      // In the intermediate state (no type "formatted") it grows by itself from LBA 0 on.
      if (state.format == FormatDescriptor::kFormatted && beyond) {
        return Format(mmc::FormatType::kDvdRwQuickGrow, Sectors(0));
      }
      return std::nullopt;
    case Profile::kBdRe:
      if (state.format == FormatDescriptor::kUnformatted) {
        return Format(mmc::FormatType::kFull, std::nullopt);
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace carousel
