#include "hal/mmc/read_toc.h"

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kHeader = 4;
constexpr size_t kLengthField = 2;
constexpr size_t kTrackDescriptor = 8;
constexpr size_t kRawDescriptor = 11;

absl::StatusOr<Answer> CheckedAnswer(absl::Span<const uint8_t> bytes, size_t needed) {
  const Answer answer = Answer(bytes).Cut(kLengthField + Answer(bytes).U16(0));
  if (answer.size() < needed) return ShortAnswer("READ TOC", answer.size(), needed);
  return answer;
}

TocTrack DecodeTrack(const Answer& answer, size_t at) {
  return TocTrack{.adr = answer.Bits(at + 1, 4, 4),
                  .control = answer.Bits(at + 1, 0, 4),
                  .track = answer.U8(at + 2),
                  .start = Lba(static_cast<int32_t>(answer.U32(at + 4)))};
}

void AppendTrack(const TocTrack& track, std::vector<uint8_t>& bytes) {
  const size_t at = bytes.size();
  bytes.resize(at + kTrackDescriptor);
  bytes[at + 1] = track.adr << 4 | track.control;
  bytes[at + 2] = track.track;
  StoreBe32(&bytes[at + 4], static_cast<uint32_t>(track.start.value()));
}

}  // namespace

scsi::Command MakeCommand(const ReadTocCdb& cdb, absl::Span<uint8_t> data_in) {
  scsi::Command command = NewCommand(scsi::opcode::kReadToc, 10, kMediumTimeout, data_in);
  command.cdb[1] = cdb.msf << 1;
  command.cdb[2] = cdb.format & 0xF;
  command.cdb[6] = cdb.track_or_session;
  StoreBe16(&command.cdb[7], AllocationLength16(data_in));
  return command;
}

absl::StatusOr<ReadTocCdb> DecodeReadTocCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kReadToc, 10));
  const uint8_t format = cdb[2] & 0xF;
  return ReadTocCdb{.msf = (cdb[1] & 2) != 0,
                    .format = format != 0 ? format : static_cast<uint8_t>(cdb[9] >> 6),
                    .track_or_session = cdb[6],
                    .allocation_length = LoadBe16(&cdb[7])};
}

absl::StatusOr<TocTracks> DecodeTocTracks(absl::Span<const uint8_t> bytes) {
  ASSIGN_OR_RETURN(const Answer answer, CheckedAnswer(bytes, kHeader));
  TocTracks toc{.first_track = answer.U8(2), .last_track = answer.U8(3)};
  for (size_t at = kHeader; at + kTrackDescriptor <= answer.size(); at += kTrackDescriptor) {
    toc.tracks.push_back(DecodeTrack(answer, at));
  }
  return toc;
}

std::vector<uint8_t> EncodeTocTracks(const TocTracks& toc) {
  std::vector<uint8_t> bytes = {0, 0, toc.first_track, toc.last_track};
  for (const TocTrack& track : toc.tracks) AppendTrack(track, bytes);
  StoreBe16(&bytes[0], bytes.size() - kLengthField);
  return bytes;
}

absl::StatusOr<TocSession> DecodeTocSession(absl::Span<const uint8_t> bytes) {
  ASSIGN_OR_RETURN(const Answer answer, CheckedAnswer(bytes, kHeader + kTrackDescriptor));
  return TocSession{.first_session = answer.U8(2),
                    .last_session = answer.U8(3),
                    .first_track_in_last_session = DecodeTrack(answer, kHeader)};
}

std::vector<uint8_t> EncodeTocSession(const TocSession& toc) {
  std::vector<uint8_t> bytes = {0, 0, toc.first_session, toc.last_session};
  AppendTrack(toc.first_track_in_last_session, bytes);
  StoreBe16(&bytes[0], bytes.size() - kLengthField);
  return bytes;
}

absl::StatusOr<RawToc> DecodeRawToc(absl::Span<const uint8_t> bytes) {
  ASSIGN_OR_RETURN(const Answer answer, CheckedAnswer(bytes, kHeader));
  RawToc toc{.first_session = answer.U8(2), .last_session = answer.U8(3)};
  for (size_t at = kHeader; at + kRawDescriptor <= answer.size(); at += kRawDescriptor) {
    toc.entries.push_back(RawTocEntry{.session = answer.U8(at),
                                      .adr = answer.Bits(at + 1, 4, 4),
                                      .control = answer.Bits(at + 1, 0, 4),
                                      .track = answer.U8(at + 2),
                                      .point = answer.U8(at + 3),
                                      .minute = answer.U8(at + 4),
                                      .second = answer.U8(at + 5),
                                      .frame = answer.U8(at + 6),
                                      .zero = answer.U8(at + 7),
                                      .point_minute = answer.U8(at + 8),
                                      .point_second = answer.U8(at + 9),
                                      .point_frame = answer.U8(at + 10)});
  }
  return toc;
}

std::vector<uint8_t> EncodeRawToc(const RawToc& toc) {
  std::vector<uint8_t> bytes = {0, 0, toc.first_session, toc.last_session};
  for (const RawTocEntry& e : toc.entries) {
    const uint8_t adr_control = e.adr << 4 | e.control;
    bytes.insert(bytes.end(), {e.session, adr_control, e.track, e.point, e.minute, e.second,
                               e.frame, e.zero, e.point_minute, e.point_second, e.point_frame});
  }
  StoreBe16(&bytes[0], bytes.size() - kLengthField);
  return bytes;
}

}  // namespace carousel::mmc
