// GET CONFIGURATION: the current profile and the drive's features (MMC-6 6.6, features 5.3).
#ifndef HAL_MMC_GET_CONFIGURATION_H_
#define HAL_MMC_GET_CONFIGURATION_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/mmc/profile.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

// Feature codes, MMC-6 table 97.
namespace feature {
inline constexpr uint16_t kProfileList = 0x0000;
inline constexpr uint16_t kCore = 0x0001;
inline constexpr uint16_t kMorphing = 0x0002;
inline constexpr uint16_t kRemovableMedium = 0x0003;
inline constexpr uint16_t kWriteProtect = 0x0004;
inline constexpr uint16_t kRandomReadable = 0x0010;
inline constexpr uint16_t kMultiRead = 0x001D;
inline constexpr uint16_t kCdRead = 0x001E;
inline constexpr uint16_t kDvdRead = 0x001F;
inline constexpr uint16_t kRandomWritable = 0x0020;
inline constexpr uint16_t kIncrementalStreamingWritable = 0x0021;
inline constexpr uint16_t kFormattable = 0x0023;
inline constexpr uint16_t kDefectManagement = 0x0024;
inline constexpr uint16_t kRestrictedOverwrite = 0x0026;
inline constexpr uint16_t kDvdPlusRw = 0x002A;
inline constexpr uint16_t kDvdPlusR = 0x002B;
inline constexpr uint16_t kRigidRestrictedOverwrite = 0x002C;
inline constexpr uint16_t kCdTrackAtOnce = 0x002D;
inline constexpr uint16_t kCdMastering = 0x002E;
inline constexpr uint16_t kDvdMinusWrite = 0x002F;
inline constexpr uint16_t kCdRwWrite = 0x0037;
inline constexpr uint16_t kPseudoOverwrite = 0x0038;
inline constexpr uint16_t kDvdPlusRwDualLayer = 0x003A;
inline constexpr uint16_t kDvdPlusRDualLayer = 0x003B;
inline constexpr uint16_t kBdRead = 0x0040;
inline constexpr uint16_t kBdWrite = 0x0041;
inline constexpr uint16_t kPowerManagement = 0x0100;
inline constexpr uint16_t kTimeout = 0x0105;
inline constexpr uint16_t kRealTimeStreaming = 0x0107;
inline constexpr uint16_t kSerialNumber = 0x0108;
}  // namespace feature

// The RT field (MMC-6 table 263).
enum class FeaturesRequested : uint8_t { kAll = 0, kCurrent = 1, kOne = 2, kReserved = 3 };

struct GetConfigurationCdb {
  FeaturesRequested requested = FeaturesRequested::kCurrent;
  uint16_t starting_feature = 0;
  uint16_t allocation_length = 0;
  bool operator==(const GetConfigurationCdb&) const = default;
};
scsi::Command MakeCommand(const GetConfigurationCdb& cdb, absl::Span<uint8_t> data_in);
absl::StatusOr<GetConfigurationCdb> DecodeGetConfigurationCdb(absl::Span<const uint8_t> cdb);

struct Feature {
  uint16_t code = 0;
  uint8_t version = 0;  // 4 bits
  bool persistent = false;
  bool current = false;
  std::vector<uint8_t> data;  // feature dependent, at most 255 bytes
  bool operator==(const Feature&) const = default;
};

struct Configuration {
  Profile current_profile = Profile::kNone;
  std::vector<Feature> features;  // as sent; the standard asks for ascending codes
  bool operator==(const Configuration&) const = default;

  // Null if the drive does not list it.
  const Feature* Find(uint16_t code) const;
};
// At least the 8 bytes of the header. A descriptor that is cut by the end is left out.
absl::StatusOr<Configuration> DecodeConfiguration(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeConfiguration(const Configuration& configuration);

// The profile list feature (0000h).
struct ProfileEntry {
  Profile profile = Profile::kNone;
  bool current = false;
  bool operator==(const ProfileEntry&) const = default;
};
std::vector<ProfileEntry> DecodeProfileList(absl::Span<const uint8_t> feature_data);
std::vector<uint8_t> EncodeProfileList(absl::Span<const ProfileEntry> profiles);

// The removable medium feature (0003h, MMC-6 5.3.5).
enum class LoadingMechanism : uint8_t {
  kCaddyOrSlot = 0,
  kTray = 1,
  kPopUp = 2,
  kChanger = 4,
  kMagazine = 5,
};
struct RemovableMedium {
  uint8_t version = 0;
  LoadingMechanism mechanism = LoadingMechanism::kCaddyOrSlot;
  bool load = false;  // from kLoadBitVersion on
  bool eject = false;
  bool operator==(const RemovableMedium&) const = default;

  // A tray that goes out and in by START STOP UNIT. Earlier versions do not tell of the way in.
  bool moves_tray() const;
};
// The version from which on the Load bit means something.
inline constexpr uint8_t kLoadBitVersion = 2;
// Zeros where the feature has no data.
RemovableMedium DecodeRemovableMedium(const Feature& feature);

}  // namespace carousel::mmc

#endif  // HAL_MMC_GET_CONFIGURATION_H_
