#include "hal/mmc/send_cue_sheet.h"

#include <algorithm>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kLineSize = 8;
constexpr int64_t kFramesPerSecond = 75;
constexpr int64_t kFramesPerMinute = 60 * kFramesPerSecond;
constexpr Lba kFirst{-150};
constexpr int64_t kLastFrame = 256 * kFramesPerMinute - 1;

}  // namespace

scsi::Command MakeCommand(const SendCueSheetCdb&, absl::Span<const uint8_t> cue_sheet) {
  scsi::Command command =
      NewSendingCommand(scsi::opcode::kSendCueSheet, 10, kWriteTimeout, cue_sheet);
  StoreBe24(&command.cdb[6], std::min<size_t>(cue_sheet.size(), 0xFFFFFF));
  return command;
}

absl::StatusOr<SendCueSheetCdb> DecodeSendCueSheetCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kSendCueSheet, 10));
  return SendCueSheetCdb{.cue_sheet_size = LoadBe24(&cdb[6])};
}

std::vector<uint8_t> EncodeCueSheet(absl::Span<const CueLine> lines) {
  std::vector<uint8_t> bytes;
  for (const CueLine& line : lines) {
    const int64_t frames = std::clamp<int64_t>((line.start - kFirst).value(), 0, kLastFrame);
    const uint8_t encoded[kLineSize] = {static_cast<uint8_t>(line.control << 4 | (line.adr & 0xF)),
                                        line.track,
                                        line.index,
                                        line.data_form,
                                        line.scms,
                                        static_cast<uint8_t>(frames / kFramesPerMinute),
                                        static_cast<uint8_t>(frames / kFramesPerSecond % 60),
                                        static_cast<uint8_t>(frames % kFramesPerSecond)};
    bytes.insert(bytes.end(), std::begin(encoded), std::end(encoded));
  }
  return bytes;
}

absl::StatusOr<std::vector<CueLine>> DecodeCueSheet(absl::Span<const uint8_t> bytes) {
  if (bytes.size() % kLineSize != 0) {
    return absl::InternalError(
        absl::StrCat("SEND CUE SHEET: ", bytes.size(), " bytes are no lines of 8"));
  }
  std::vector<CueLine> lines;
  for (size_t at = 0; at < bytes.size(); at += kLineSize) {
    const Answer line(bytes.subspan(at, kLineSize));
    if (line.U8(6) >= 60 || line.U8(7) >= kFramesPerSecond) {
      return absl::InternalError(absl::StrCat("SEND CUE SHEET: line ", at / kLineSize,
                                              " has no time: ", line.U8(6), " s, ", line.U8(7),
                                              " frames"));
    }
    lines.push_back(CueLine{.control = line.Bits(0, 4, 4),
                            .adr = line.Bits(0, 0, 4),
                            .track = line.U8(1),
                            .index = line.U8(2),
                            .data_form = line.U8(3),
                            .scms = line.U8(4),
                            .start = kFirst + Sectors(line.U8(5) * kFramesPerMinute +
                                                      line.U8(6) * kFramesPerSecond + line.U8(7))});
  }
  return lines;
}

std::vector<CueLine> DataSessionCueSheet(Lba end) {
  return {CueLine{.track = kCueLeadIn, .data_form = kCueMode1Generated, .start = kFirst},
          CueLine{.track = 1, .index = 0, .start = kFirst},
          CueLine{.track = 1, .index = 1, .start = Lba(0)},
          CueLine{.track = kCueLeadOut, .index = 1, .data_form = kCueMode1Generated, .start = end}};
}

}  // namespace carousel::mmc
