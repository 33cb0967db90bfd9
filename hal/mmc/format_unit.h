// FORMAT UNIT: makes a medium overwritable, or changes how it is (MMC-5 6.5).
#ifndef HAL_MMC_FORMAT_UNIT_H_
#define HAL_MMC_FORMAT_UNIT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

inline constexpr size_t kFormatParametersSize = 12;

struct FormatUnitCdb {
  bool format_data = true;  // FmtData: a parameter list follows
  uint8_t format_code = 1;  // 3 bits; 1 on all optical media
  bool operator==(const FormatUnitCdb&) const = default;
};
// `parameters` is what EncodeFormatParameters gives.
scsi::Command MakeCommand(const FormatUnitCdb& cdb, absl::Span<const uint8_t> parameters);
absl::StatusOr<FormatUnitCdb> DecodeFormatUnitCdb(absl::Span<const uint8_t> cdb);

// 6 bits, the types that READ FORMAT CAPACITIES offers.
enum class FormatType : uint8_t {
  kFull = 0x00,
  kSpareExpansion = 0x01,
  kDvdRwFull = 0x10,
  kDvdRwQuickGrow = 0x13,
  kDvdRwQuick = 0x15,
  kDvdPlusRw = 0x26,
  kBdReWithSpares = 0x30,
  kBdReWithoutSpares = 0x31,  // no defect management, full speed
  kBdRWithSpares = 0x32,
};

// The parameter list: header and one descriptor.
struct FormatParameters {
  bool immediate = true;  // IMMED: GOOD as soon as it has begun
  // FOV; the options below hold only with it.
  bool options_valid = false;
  bool disable_certification = false;  // DCRT
  FormatType type = FormatType::kFull;
  uint8_t sub_type = 0;  // 2 bits; BD-R: 1 with spares and without pseudo-overwrite
  // Absent: all that there is (FFFFFFFFh). 0 where the type takes none.
  std::optional<Sectors> size;
  uint32_t parameter = 0;  // 24 bits, by the type
  bool operator==(const FormatParameters&) const = default;
};
// The parameter of FormatType::kDvdPlusRw that goes on with a format which was stopped.
inline constexpr uint32_t kRestartFormat = 1;

// Sizes are cut to 32 bits, sub-type and parameter to their fields.
std::vector<uint8_t> EncodeFormatParameters(const FormatParameters& parameters);
// INTERNAL: shorter than 12 bytes, or another descriptor length than 8.
absl::StatusOr<FormatParameters> DecodeFormatParameters(absl::Span<const uint8_t> bytes);

}  // namespace carousel::mmc

#endif  // HAL_MMC_FORMAT_UNIT_H_
