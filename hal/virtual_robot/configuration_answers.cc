#include "hal/virtual_robot/configuration_answers.h"

#include <algorithm>
#include <set>

#include "absl/status/statusor.h"
#include "hal/mmc/get_configuration.h"
#include "hal/virtual_robot/medium.h"

namespace carousel::virtual_robot {
namespace {

using mmc::Profile;
namespace feature = mmc::feature;

constexpr uint16_t kAlways[] = {feature::kProfileList,     feature::kCore,
                                feature::kMorphing,        feature::kRemovableMedium,
                                feature::kPowerManagement, feature::kTimeout};

struct ProfileFeatures {
  Profile profile;
  std::vector<uint16_t> features;
};

// Features that a profile makes current, MMC-5 clause 5.4. What depends on the disc's state is in
// ConfigurationFor. 002Ch, not 0026h, for DVD-RW restricted overwrite, by published dumps.
const std::vector<ProfileFeatures>& ProfileTable() {
  using namespace mmc::feature;  // one row a line
  static const auto* const table = new std::vector<ProfileFeatures>{
      {Profile::kCdRom, {kRandomReadable, kCdRead}},
      {Profile::kCdR,
       {kRandomReadable, kCdRead, kIncrementalStreamingWritable, kCdTrackAtOnce, kCdMastering,
        kRealTimeStreaming}},
      {Profile::kCdRw,
       {kRandomReadable, kCdRead, kIncrementalStreamingWritable, kCdTrackAtOnce, kCdMastering,
        kCdRwWrite, kRealTimeStreaming}},
      {Profile::kDvdRom, {kRandomReadable, kDvdRead}},
      {Profile::kDvdR,
       {kRandomReadable, kDvdRead, kIncrementalStreamingWritable, kDvdMinusWrite,
        kRealTimeStreaming}},
      {Profile::kDvdRam,
       {kRandomReadable, kDvdRead, kRandomWritable, kFormattable, kDefectManagement}},
      {Profile::kDvdRwRestrictedOverwrite,
       {kRandomReadable, kDvdRead, kRandomWritable, kFormattable, kRigidRestrictedOverwrite}},
      {Profile::kDvdRwSequential,
       {kRandomReadable, kDvdRead, kIncrementalStreamingWritable, kFormattable, kDvdMinusWrite,
        kRealTimeStreaming}},
      {Profile::kDvdRDualLayer, {kRandomReadable, kDvdRead, kDvdMinusWrite, kRealTimeStreaming}},
      {Profile::kDvdPlusRw, {kRandomReadable, kDvdRead, kRandomWritable, kFormattable, kDvdPlusRw}},
      {Profile::kDvdPlusRwDualLayer,
       {kRandomReadable, kDvdRead, kRandomWritable, kFormattable, kDvdPlusRwDualLayer}},
      {Profile::kDvdPlusR, {kRandomReadable, kDvdRead, kDvdPlusR, kRealTimeStreaming}},
      {Profile::kDvdPlusRDualLayer,
       {kRandomReadable, kDvdRead, kDvdPlusRDualLayer, kRealTimeStreaming}},
      {Profile::kBdRom, {kRandomReadable, kBdRead}},
      {Profile::kBdRSequential,
       {kRandomReadable, kIncrementalStreamingWritable, kBdRead, kBdWrite, kRealTimeStreaming}},
      {Profile::kBdRe,
       {kRandomReadable, kRandomWritable, kFormattable, kDefectManagement, kBdRead, kBdWrite}},
  };
  return *table;
}

// Profiles of a drive, writable ones first, as drives list them.
std::vector<Profile> SupportedProfiles(const DriveType& type) {
  std::vector<Profile> profiles;
  for (const ProfileFeatures& row : ProfileTable()) {
    const FamilySupport& family = type.family(FamilyOf(row.profile));
    if (mmc::IsReadOnly(row.profile) ? family.reads : family.writes) {
      profiles.push_back(row.profile);
    }
  }
  std::reverse(profiles.begin(), profiles.end());
  return profiles;
}

std::set<uint16_t> SupportedFeatures(const DriveType& type) {
  std::set<uint16_t> features(std::begin(kAlways), std::end(kAlways));
  const std::vector<Profile> profiles = SupportedProfiles(type);
  for (const ProfileFeatures& row : ProfileTable()) {
    if (std::find(profiles.begin(), profiles.end(), row.profile) == profiles.end()) continue;
    features.insert(row.features.begin(), row.features.end());
    if (row.profile == Profile::kBdRSequential) {
      features.insert(
          {feature::kFormattable, feature::kDefectManagement, feature::kPseudoOverwrite});
    }
  }
  return features;
}

// Feature dependent data; MMC-6 5.3. Zeros where a field says nothing about this drive.
std::vector<uint8_t> FeatureData(uint16_t code, const DriveType& type, Profile current) {
  switch (code) {
    case feature::kProfileList: {
      std::vector<mmc::ProfileEntry> entries;
      for (Profile profile : SupportedProfiles(type)) {
        entries.push_back({.profile = profile, .current = profile == current});
      }
      return mmc::EncodeProfileList(entries);
    }
    case feature::kCore:
      return {0, 0, 0, 7, 1, 0, 0, 0};  // physical interface: serial ATAPI; DBE
    case feature::kMorphing:
      return {2, 0, 0, 0};  // OCEvent
    case feature::kRemovableMedium:
      return {0x29, 0, 0, 0};  // tray, eject, lock
    case feature::kRandomReadable:
      return {0, 0, 8, 0, 0, 16, 0, 0};  // blocks of 2,048 bytes, 16 an ECC block
    case feature::kRandomWritable:
      return {0, 0, 0, 0, 0, 0, 8, 0, 0, 16, 0, 0};
    case feature::kIncrementalStreamingWritable:
      return {0, 0, 0, 1, 16, 0, 0, 0};  // one link size: 16
    case feature::kFormattable:
    case feature::kDvdPlusRw:
    case feature::kBdRead:
    case feature::kBdWrite:
    case feature::kRigidRestrictedOverwrite:
    case feature::kDvdMinusWrite:
    case feature::kDvdPlusR:
    case feature::kDvdPlusRDualLayer:
    case feature::kDvdPlusRwDualLayer:
    case feature::kCdRead:
    case feature::kDvdRead:
    case feature::kCdTrackAtOnce:
    case feature::kCdMastering:
    case feature::kCdRwWrite:
    case feature::kDefectManagement:
    case feature::kPseudoOverwrite:
    case feature::kRealTimeStreaming:
    case feature::kTimeout:
      return {0, 0, 0, 0};
    default:
      return {};
  }
}

}  // namespace

CurrentConfiguration EmptyConfiguration() {
  return {.profile = Profile::kNone, .features = {std::begin(kAlways), std::end(kAlways)}};
}

CurrentConfiguration ConfigurationFor(const Disc& disc, const Quirks& quirks) {
  const Medium& medium = *disc.medium;
  std::set<uint16_t> features(std::begin(kAlways), std::end(kAlways));
  for (const ProfileFeatures& row : ProfileTable()) {
    if (row.profile == medium.profile) features.insert(row.features.begin(), row.features.end());
  }
  if (disc.minimally_blanked) features.erase(feature::kIncrementalStreamingWritable);
  if (medium.profile == Profile::kBdRSequential) {
    if (disc.state == DiscState::kBlank) features.insert(feature::kFormattable);
    if (disc.spares) features.insert(feature::kDefectManagement);
    if (medium.recording == Recording::kPseudoOverwrite ||
        (quirks.pow_feature_on_blank && disc.state == DiscState::kBlank)) {
      features.insert(feature::kPseudoOverwrite);
    }
  }
  return {.profile = medium.profile, .features = {features.begin(), features.end()}};
}

Reply AnswerConfiguration(const DriveType& type, const CurrentConfiguration& current,
                          absl::Span<const uint8_t> cdb) {
  const absl::StatusOr<mmc::GetConfigurationCdb> asked = mmc::DecodeGetConfigurationCdb(cdb);
  if (!asked.ok() || asked->requested == mmc::FeaturesRequested::kReserved) {
    return Check(sense::kInvalidField);
  }
  mmc::Configuration configuration{.current_profile = current.profile};
  for (uint16_t code : SupportedFeatures(type)) {
    const bool is_current =
        std::binary_search(current.features.begin(), current.features.end(), code);
    if (code < asked->starting_feature) continue;
    if (asked->requested == mmc::FeaturesRequested::kCurrent && !is_current) continue;
    if (asked->requested == mmc::FeaturesRequested::kOne && code != asked->starting_feature) {
      continue;
    }
    const bool always =
        std::find(std::begin(kAlways), std::end(kAlways), code) != std::end(kAlways);
    configuration.features.push_back({.code = code,
                                      .persistent = always,
                                      .current = is_current,
                                      .data = FeatureData(code, type, current.profile)});
  }
  return Good(mmc::EncodeConfiguration(configuration));
}

}  // namespace carousel::virtual_robot
