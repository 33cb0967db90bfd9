#include "hal/mmc/get_configuration.h"

#include <algorithm>

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kHeader = 8;
constexpr size_t kLengthField = 4;
constexpr size_t kFeatureHeader = 4;
constexpr size_t kProfileEntrySize = 4;

}  // namespace

scsi::Command MakeCommand(const GetConfigurationCdb& cdb, absl::Span<uint8_t> data_in) {
  scsi::Command command = NewCommand(scsi::opcode::kGetConfiguration, 10, kQuickTimeout, data_in);
  command.cdb[1] = static_cast<uint8_t>(cdb.requested);
  StoreBe16(&command.cdb[2], cdb.starting_feature);
  StoreBe16(&command.cdb[7], AllocationLength16(data_in));
  return command;
}

absl::StatusOr<GetConfigurationCdb> DecodeGetConfigurationCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kGetConfiguration, 10));
  return GetConfigurationCdb{.requested = static_cast<FeaturesRequested>(cdb[1] & 3),
                             .starting_feature = LoadBe16(&cdb[2]),
                             .allocation_length = LoadBe16(&cdb[7])};
}

const Feature* Configuration::Find(uint16_t code) const {
  const auto found = std::find_if(features.begin(), features.end(),
                                  [code](const Feature& feature) { return feature.code == code; });
  return found == features.end() ? nullptr : &*found;
}

absl::StatusOr<Configuration> DecodeConfiguration(absl::Span<const uint8_t> bytes) {
  if (bytes.size() < kHeader) return ShortAnswer("GET CONFIGURATION", bytes.size(), kHeader);
  const Answer answer = Answer(bytes).Cut(kLengthField + size_t{Answer(bytes).U32(0)});
  Configuration configuration{.current_profile = static_cast<Profile>(Answer(bytes).U16(6))};
  for (size_t at = kHeader; at + kFeatureHeader <= answer.size();) {
    const size_t size = answer.U8(at + 3);
    const Answer data = answer.Part(at + kFeatureHeader, size);
    if (data.size() < size) break;
    configuration.features.push_back(Feature{.code = answer.U16(at),
                                             .version = answer.Bits(at + 2, 2, 4),
                                             .persistent = answer.Bit(at + 2, 1),
                                             .current = answer.Bit(at + 2, 0),
                                             .data = {data.bytes().begin(), data.bytes().end()}});
    at += kFeatureHeader + size;
  }
  return configuration;
}

std::vector<uint8_t> EncodeConfiguration(const Configuration& configuration) {
  std::vector<uint8_t> bytes(kHeader);
  StoreBe16(&bytes[6], static_cast<uint16_t>(configuration.current_profile));
  for (const Feature& feature : configuration.features) {
    const size_t at = bytes.size();
    bytes.resize(at + kFeatureHeader);
    StoreBe16(&bytes[at], feature.code);
    bytes[at + 2] = feature.version << 2 | feature.persistent << 1 | feature.current;
    bytes[at + 3] = static_cast<uint8_t>(feature.data.size());
    bytes.insert(bytes.end(), feature.data.begin(), feature.data.end());
  }
  StoreBe32(&bytes[0], bytes.size() - kLengthField);
  return bytes;
}

std::vector<ProfileEntry> DecodeProfileList(absl::Span<const uint8_t> feature_data) {
  const Answer answer(feature_data);
  std::vector<ProfileEntry> profiles;
  for (size_t at = 0; at + kProfileEntrySize <= answer.size(); at += kProfileEntrySize) {
    profiles.push_back(ProfileEntry{.profile = static_cast<Profile>(answer.U16(at)),
                                    .current = answer.Bit(at + 2, 0)});
  }
  return profiles;
}

std::vector<uint8_t> EncodeProfileList(absl::Span<const ProfileEntry> profiles) {
  std::vector<uint8_t> data(profiles.size() * kProfileEntrySize);
  for (size_t i = 0; i < profiles.size(); ++i) {
    StoreBe16(&data[i * kProfileEntrySize], static_cast<uint16_t>(profiles[i].profile));
    data[i * kProfileEntrySize + 2] = profiles[i].current;
  }
  return data;
}

bool RemovableMedium::moves_tray() const {
  return mechanism == LoadingMechanism::kTray && eject && (load || version < kLoadBitVersion);
}

RemovableMedium DecodeRemovableMedium(const Feature& feature) {
  const Answer answer(feature.data);
  return {.version = feature.version,
          .mechanism = static_cast<LoadingMechanism>(answer.Bits(0, 5, 3)),
          .load = answer.Bit(0, 4),
          .eject = answer.Bit(0, 3)};
}

}  // namespace carousel::mmc
