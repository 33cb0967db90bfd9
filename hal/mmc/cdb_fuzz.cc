// The device's side of every command of this folder: what a CDB of any bytes is taken for.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/mmc/blank.h"
#include "hal/mmc/close_track_session.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/get_configuration.h"
#include "hal/mmc/get_event_status.h"
#include "hal/mmc/get_performance.h"
#include "hal/mmc/inquiry.h"
#include "hal/mmc/medium_removal.h"
#include "hal/mmc/mode_select.h"
#include "hal/mmc/mode_sense.h"
#include "hal/mmc/read.h"
#include "hal/mmc/read_buffer_capacity.h"
#include "hal/mmc/read_capacity.h"
#include "hal/mmc/read_disc_information.h"
#include "hal/mmc/read_disc_structure.h"
#include "hal/mmc/read_format_capacities.h"
#include "hal/mmc/read_toc.h"
#include "hal/mmc/read_track_information.h"
#include "hal/mmc/readiness.h"
#include "hal/mmc/reserve_track.h"
#include "hal/mmc/send_cue_sheet.h"
#include "hal/mmc/send_opc_information.h"
#include "hal/mmc/set_cd_speed.h"
#include "hal/mmc/set_streaming.h"
#include "hal/mmc/synchronize_cache.h"
#include "hal/mmc/write.h"
#include "hal/scsi/command.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

using Bytes = absl::Span<const uint8_t>;

constexpr Sectors kMostBlocks{64};

// The allocation or parameter list length is that of the buffer that the command is made with;
// where a CDB has one, the buffer has as many bytes.
template <typename Cdb>
size_t BufferSize(const Cdb& cdb) {
  if constexpr (std::is_same_v<Cdb, mmc::WriteCdb>) {
    return static_cast<size_t>(cdb.blocks.bytes());
  } else if constexpr (requires { cdb.parameter_list_length; }) {
    return cdb.parameter_list_length;
  } else if constexpr (requires { cdb.cue_sheet_size; }) {
    return cdb.cue_sheet_size;
  } else if constexpr (requires { cdb.allocation_length; }) {
    return cdb.allocation_length;
  } else if constexpr (requires { cdb.maximum_descriptors; }) {
    return 8 + 16 * size_t{cdb.maximum_descriptors};
  } else {
    return 8;
  }
}

template <typename Cdb>
scsi::Command Make(const Cdb& cdb, absl::Span<uint8_t> buffer) {
  if constexpr (requires { mmc::MakeCommand(cdb, buffer); }) {
    return mmc::MakeCommand(cdb, buffer);
  } else {
    return mmc::MakeCommand(cdb);
  }
}

// What a command cannot say again, or only with a buffer larger than a test should have.
template <typename Cdb>
void Simplify(Cdb* cdb) {
  if constexpr (std::is_same_v<Cdb, mmc::RequestSenseCdb>) {
    // No sense data has more, and the command asks for no more.
    cdb->allocation_length = std::min<uint8_t>(cdb->allocation_length, 252);
  } else if constexpr (std::is_same_v<Cdb, mmc::WriteCdb>) {
    cdb->blocks = std::min(cdb->blocks, kMostBlocks);
  } else if constexpr (std::is_same_v<Cdb, mmc::SendCueSheetCdb>) {
    cdb->cue_sheet_size = std::min<uint32_t>(cdb->cue_sheet_size, 0xFFFF);
  } else if constexpr (std::is_same_v<Cdb, mmc::SendOpcInformationCdb>) {
    cdb->parameter_list_length = 0;  // this project sends none
  }
}

template <typename Cdb>
void Check(absl::StatusOr<Cdb> cdb, absl::StatusOr<Cdb> (*decode)(Bytes)) {
  if (!cdb.ok()) return;
  Simplify(&*cdb);
  std::vector<uint8_t> buffer(BufferSize(*cdb));
  const scsi::Command command = Make(*cdb, absl::MakeSpan(buffer));
  FUZZ_CHECK(command.cdb_size >= 6 && command.cdb_size <= scsi::kMaxCdbSize);
  const auto again = decode(absl::MakeConstSpan(command.cdb).subspan(0, command.cdb_size));
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(*again == *cdb);
}

void Fuzz(Bytes bytes) {
  Check(mmc::DecodeInquiryCdb(bytes), mmc::DecodeInquiryCdb);
  Check(mmc::DecodeTestUnitReadyCdb(bytes), mmc::DecodeTestUnitReadyCdb);
  Check(mmc::DecodeRequestSenseCdb(bytes), mmc::DecodeRequestSenseCdb);
  Check(mmc::DecodeGetConfigurationCdb(bytes), mmc::DecodeGetConfigurationCdb);
  Check(mmc::DecodeReadDiscInformationCdb(bytes), mmc::DecodeReadDiscInformationCdb);
  Check(mmc::DecodeReadTrackInformationCdb(bytes), mmc::DecodeReadTrackInformationCdb);
  Check(mmc::DecodeReadTocCdb(bytes), mmc::DecodeReadTocCdb);
  Check(mmc::DecodeReadCapacityCdb(bytes), mmc::DecodeReadCapacityCdb);
  Check(mmc::DecodeReadFormatCapacitiesCdb(bytes), mmc::DecodeReadFormatCapacitiesCdb);
  Check(mmc::DecodeReadDiscStructureCdb(bytes), mmc::DecodeReadDiscStructureCdb);
  Check(mmc::DecodeModeSenseCdb(bytes), mmc::DecodeModeSenseCdb);
  Check(mmc::DecodeGetEventStatusCdb(bytes), mmc::DecodeGetEventStatusCdb);
  Check(mmc::DecodeStartStopUnitCdb(bytes), mmc::DecodeStartStopUnitCdb);
  Check(mmc::DecodePreventAllowCdb(bytes), mmc::DecodePreventAllowCdb);
  Check(mmc::DecodeGetPerformanceCdb(bytes), mmc::DecodeGetPerformanceCdb);
  Check(mmc::DecodeReadCdb(bytes), mmc::DecodeReadCdb);
  Check(mmc::DecodeFormatUnitCdb(bytes), mmc::DecodeFormatUnitCdb);
  Check(mmc::DecodeWriteCdb(bytes), mmc::DecodeWriteCdb);
  Check(mmc::DecodeSynchronizeCacheCdb(bytes), mmc::DecodeSynchronizeCacheCdb);
  Check(mmc::DecodeReserveTrackCdb(bytes), mmc::DecodeReserveTrackCdb);
  Check(mmc::DecodeSendOpcInformationCdb(bytes), mmc::DecodeSendOpcInformationCdb);
  Check(mmc::DecodeModeSelectCdb(bytes), mmc::DecodeModeSelectCdb);
  Check(mmc::DecodeCloseTrackSessionCdb(bytes), mmc::DecodeCloseTrackSessionCdb);
  Check(mmc::DecodeReadBufferCapacityCdb(bytes), mmc::DecodeReadBufferCapacityCdb);
  Check(mmc::DecodeSendCueSheetCdb(bytes), mmc::DecodeSendCueSheetCdb);
  Check(mmc::DecodeBlankCdb(bytes), mmc::DecodeBlankCdb);
  Check(mmc::DecodeSetStreamingCdb(bytes), mmc::DecodeSetStreamingCdb);
  Check(mmc::DecodeSetCdSpeedCdb(bytes), mmc::DecodeSetCdSpeedCdb);
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
