#include "server/imapi/sense_table.h"

#include <optional>
#include <ostream>
#include <string>

#include "gtest/gtest.h"
#include "hal/scsi/sense.h"
#include "server/imapi/hresult.h"

namespace carousel::imapi {
namespace {

constexpr uint8_t kRead10 = 0x28;

struct Row {
  std::string name;
  int key;
  int asc;
  int ascq;
  uint8_t opcode;
  std::string expected;  // "" for S_OK
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class SenseTableTest : public testing::TestWithParam<Row> {};

TEST_P(SenseTableTest, GivesTheCodeOfTheRow) {
  const Row& row = GetParam();
  const scsi::Sense sense{.key = static_cast<scsi::SenseKey>(row.key),
                          .asc = static_cast<uint8_t>(row.asc),
                          .ascq = static_cast<uint8_t>(row.ascq)};
  const std::optional<Hresult> hresult = HresultOfSense(sense, row.opcode);
  EXPECT_EQ(hresult.has_value() ? HresultName(*hresult) : "", row.expected);
}

// One case for each row of the table, with a stranger in each column that matches everything.
INSTANTIATE_TEST_SUITE_P(
    Documented, SenseTableTest,
    testing::Values(
        Row{"NoSense", 0, 0x00, 0x1D, kRead10, ""},
        Row{"UpsideDown", 3, 0x02, 0x06, kRead10, "E_IMAPI_RECORDER_MEDIA_UPSIDE_DOWN"},
        Row{"BecomingReady", 2, 0x04, 0x01, 0x00, "E_IMAPI_RECORDER_MEDIA_BECOMING_READY"},
        Row{"ManualIntervention", 2, 0x04, 0x03, 0x00, "E_IMAPI_RECORDER_MEDIA_NO_MEDIA"},
        Row{"Formatting", 2, 0x04, 0x04, 0x00, "E_IMAPI_RECORDER_MEDIA_FORMAT_IN_PROGRESS"},
        Row{"OperationRuns", 2, 0x04, 0x07, 0x00, "E_IMAPI_RECORDER_MEDIA_BUSY"},
        Row{"LongWriteRuns", 2, 0x04, 0x08, 0x2A, "E_IMAPI_RECORDER_MEDIA_BUSY"},
        Row{"OtherNotReady", 2, 0x04, 0x09, 0x00, "E_IMAPI_RECORDER_MEDIA_BECOMING_READY"},
        Row{"NotReadyStructure", 2, 0x30, 0x05, 0xAD, "E_IMAPI_RECORDER_DVD_STRUCTURE_NOT_PRESENT"},
        Row{"StreamingLostInSync", 3, 0x0C, 0x09, 0x35, ""},
        Row{"StreamingLost", 3, 0x0C, 0x09, 0x2A, "E_IMAPI_LOSS_OF_STREAMING"},
        Row{"UpsideDownInOneDrive", 4, 0x09, 0x01, 0x00, "E_IMAPI_RECORDER_MEDIA_UPSIDE_DOWN"},
        Row{"IncompatibleInOneDrive", 4, 0x09, 0x02, 0x00, "E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE"},
        Row{"StructureOpcode", 5, 0x20, 0x00, 0xAD, "E_IMAPI_RECORDER_DVD_STRUCTURE_NOT_PRESENT"},
        Row{"StructureField", 5, 0x24, 0x00, 0xAD, "E_IMAPI_RECORDER_DVD_STRUCTURE_NOT_PRESENT"},
        Row{"StructureMedium", 5, 0x30, 0x02, 0xAD, "E_IMAPI_RECORDER_DVD_STRUCTURE_NOT_PRESENT"},
        Row{"NoModePage", 5, 0x24, 0x00, 0x5A, "E_IMAPI_RECORDER_NO_SUCH_MODE_PAGE"},
        Row{"BadModeParameters", 5, 0x26, 0x02, 0x55, "E_IMAPI_RECORDER_INVALID_MODE_PARAMETERS"},
        Row{"WriteProtected", 7, 0x27, 0x03, 0x2A, "E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED"},
        Row{"MediumChanged", 6, 0x28, 0x00, 0x00, "E_IMAPI_RECORDER_MEDIA_BECOMING_READY"},
        Row{"Incompatible", 5, 0x30, 0x05, 0x2A, "E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE"},
        Row{"NoMedium", 2, 0x3A, 0x02, 0x00, "E_IMAPI_RECORDER_MEDIA_NO_MEDIA"},
        Row{"SpeedMismatch", 3, 0x73, 0x03, 0x54, "E_IMAPI_RECORDER_MEDIA_SPEED_MISMATCH"},
        Row{"NoRow", 4, 0x44, 0x00, kRead10, "E_FAIL"}),
    [](const testing::TestParamInfo<Row>& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Extension, SenseTableTest,
    testing::Values(
        Row{"ImportExport", 6, 0x28, 0x01, 0x00, "E_IMAPI_RECORDER_MEDIA_BECOMING_READY"},
        Row{"Reset", 6, 0x29, 0x00, 0x00, "E_IMAPI_RECORDER_MEDIA_BECOMING_READY"},
        Row{"BusReset", 6, 0x29, 0x02, 0x00, "E_IMAPI_RECORDER_MEDIA_BECOMING_READY"},
        Row{"ParametersChanged", 6, 0x2A, 0x01, 0x00, "E_IMAPI_RECORDER_MEDIA_BECOMING_READY"},
        Row{"NotEnoughTime", 6, 0x2E, 0x00, 0x00, "E_IMAPI_RECORDER_MEDIA_BUSY"},
        Row{"NotConfigured", 2, 0x3E, 0x00, 0x00, "E_IMAPI_RECORDER_MEDIA_BECOMING_READY"},
        Row{"Fixation", 5, 0x72, 0x00, 0x5B, "E_IMAPI_DF2DATA_INVALID_MEDIA_STATE"},
        Row{"FixationEmptyTrack", 5, 0x72, 0x04, 0x5B, "E_IMAPI_DF2DATA_INVALID_MEDIA_STATE"},
        Row{"CalibrationNearlyFull", 1, 0x73, 0x01, 0x54, ""},
        Row{"CalibrationFull", 3, 0x73, 0x02, 0x54, "E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE"},
        Row{"ManagementAreaFull", 3, 0x73, 0x05, 0x2A, "E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE"},
        Row{"BlankCheck", 8, 0x00, 0x00, kRead10, "E_IMAPI_DF2DATA_INVALID_MEDIA_STATE"},
        Row{"AttentionOfAnotherKind", 6, 0x3B, 0x0D, 0x00, "E_FAIL"}),
    [](const testing::TestParamInfo<Row>& info) { return info.param.name; });

}  // namespace
}  // namespace carousel::imapi
