#include "server/imapi/sense_table.h"

#include <algorithm>

namespace carousel::imapi {
namespace {

// A column that matches everything.
constexpr int kAny = -1;

// SPC-4 table 43, as numbers: the table is written the way drive manuals are.
constexpr int kNoSense = 0x0;
constexpr int kRecovered = 0x1;
constexpr int kNotReady = 0x2;
constexpr int kMedium = 0x3;
constexpr int kHardware = 0x4;
constexpr int kIllegal = 0x5;
constexpr int kAttention = 0x6;
constexpr int kProtect = 0x7;
constexpr int kBlank = 0x8;

// MMC-6 table 244.
constexpr int kSynchronizeCache = 0x35;
constexpr int kModeSelect10 = 0x55;
constexpr int kModeSense10 = 0x5A;
constexpr int kReadDiscStructure = 0xAD;

struct Row {
  int key;
  int asc;
  int ascq;
  int opcode;
  std::optional<Hresult> hresult;  // nothing: S_OK
};

constexpr auto kSuccess = std::nullopt;

// The first row that matches decides.
constexpr Row kRows[] = {
    // Microsoft's table (IMAPI2 erase sample, GenericErrors).
    {kNoSense, 0x00, kAny, kAny, kSuccess},
    {kAny, 0x02, 0x06, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_UPSIDE_DOWN},
    {kNotReady, 0x04, 0x01, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_BECOMING_READY},
    {kNotReady, 0x04, 0x03, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_NO_MEDIA},
    {kNotReady, 0x04, 0x04, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_FORMAT_IN_PROGRESS},
    {kNotReady, 0x04, 0x07, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_BUSY},
    {kNotReady, 0x04, 0x08, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_BUSY},
    {kNotReady, 0x04, kAny, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_BECOMING_READY},
    {kNotReady, 0x30, kAny, kReadDiscStructure,
     Hresult::E_IMAPI_RECORDER_DVD_STRUCTURE_NOT_PRESENT},
    {kMedium, 0x0C, 0x09, kSynchronizeCache, kSuccess},
    {kMedium, 0x0C, 0x09, kAny, Hresult::E_IMAPI_LOSS_OF_STREAMING},
    {kHardware, 0x09, 0x01, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_UPSIDE_DOWN},
    {kHardware, 0x09, 0x02, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE},
    {kIllegal, 0x20, 0x00, kReadDiscStructure, Hresult::E_IMAPI_RECORDER_DVD_STRUCTURE_NOT_PRESENT},
    {kIllegal, 0x24, 0x00, kReadDiscStructure, Hresult::E_IMAPI_RECORDER_DVD_STRUCTURE_NOT_PRESENT},
    {kIllegal, 0x30, 0x02, kReadDiscStructure, Hresult::E_IMAPI_RECORDER_DVD_STRUCTURE_NOT_PRESENT},
    {kIllegal, 0x24, 0x00, kModeSense10, Hresult::E_IMAPI_RECORDER_NO_SUCH_MODE_PAGE},
    {kIllegal, 0x26, kAny, kModeSelect10, Hresult::E_IMAPI_RECORDER_INVALID_MODE_PARAMETERS},
    {kProtect, 0x27, kAny, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED},
    {kAttention, 0x28, 0x00, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_BECOMING_READY},
    {kAny, 0x30, kAny, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE},
    {kNotReady, 0x3A, kAny, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_NO_MEDIA},
    {kAny, 0x73, 0x03, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_SPEED_MISMATCH},
    // Beyond it, what the sample knows and leaves untranslated.
    {kAttention, 0x28, kAny, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_BECOMING_READY},
    {kAttention, 0x29, kAny, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_BECOMING_READY},
    {kAttention, 0x2A, kAny, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_BECOMING_READY},
    {kAttention, 0x2E, kAny, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_BUSY},
    {kNotReady, 0x3E, 0x00, kAny, Hresult::E_IMAPI_RECORDER_MEDIA_BECOMING_READY},
    {kAny, 0x72, kAny, kAny, Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE},
    {kRecovered, 0x73, 0x01, kAny, kSuccess},
    {kAny, 0x73, kAny, kAny, Hresult::E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE},
    {kBlank, kAny, kAny, kAny, Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE},
};

constexpr bool Matches(int column, int value) { return column == kAny || column == value; }

}  // namespace

std::optional<Hresult> HresultOfSense(const scsi::Sense& sense, uint8_t opcode) {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& candidate) {
    return Matches(candidate.key, static_cast<int>(sense.key)) &&
           Matches(candidate.asc, sense.asc) && Matches(candidate.ascq, sense.ascq) &&
           Matches(candidate.opcode, opcode);
  });
  return row == std::end(kRows) ? Hresult::E_FAIL : row->hresult;
}

}  // namespace carousel::imapi
