#include "hal/virtual_robot/toc_answers.h"

#include <algorithm>
#include <vector>

#include "absl/status/statusor.h"
#include "hal/mmc/read_toc.h"

namespace carousel::virtual_robot {
namespace {

// MMC-6 table 291: Q channel control of data and of audio; ADR 1: position.
constexpr uint8_t kDataControl = 4;
constexpr uint8_t kAudioControl = 0;
constexpr uint8_t kPosition = 1;
// Track numbers of a TOC are two BCD digits on CD. What drives list of a DVD+R or BD-R with more
// tracks is not published: as many, here. The address of the last session is not cut by it.
constexpr uint16_t kLastListedTrack = 99;
// MMC-6 table 498: POINT of first track, last track, lead-out.
constexpr uint8_t kPointFirst = 0xA0, kPointLast = 0xA1, kPointLeadOut = 0xA2;

constexpr int kFramesASecond = 75;
constexpr int kSecondsAMinute = 60;
constexpr int kPregapFrames = 150;

struct Msf {
  uint8_t minute = 0, second = 0, frame = 0;
};
Msf ToMsf(Lba lba) {
  const int64_t frames = lba.value() + kPregapFrames;
  return {static_cast<uint8_t>(frames / kFramesASecond / kSecondsAMinute),
          static_cast<uint8_t>(frames / kFramesASecond % kSecondsAMinute),
          static_cast<uint8_t>(frames % kFramesASecond)};
}

// A recorded track of a complete session as the TOC has it.
struct Entry {
  uint16_t session = 1;
  uint16_t number = 1;
  Lba start;
  Lba end;
  bool data = true;
};

std::vector<Entry> CompleteTracks(const Disc& disc) {
  std::vector<Entry> entries;
  if (disc.medium->overwritable() || disc.medium->recording == Recording::kPseudoOverwrite) {
    // The whole of it is one track, written or not.
    if (disc.state == DiscState::kFormatted) entries.push_back({.end = Lba(0) + disc.capacity});
    return entries;
  }
  for (size_t i = 0; i < disc.tracks.size(); ++i) {
    const DiscTrack& track = disc.tracks[i];
    if (track.start >= disc.ReadableEnd()) break;
    entries.push_back({.session = track.session.value(),
                       .number = static_cast<uint16_t>(i + 1),
                       .start = track.start,
                       .end = track.end(),
                       .data = track.data});
  }
  return entries;
}

// Numbers of tracks and sessions have one byte. One beyond it stays at 255 and does not begin again
// at 0: hosts take a last session whose first track is 0 or 1 for the only one.
uint8_t OneByte(uint16_t number) { return static_cast<uint8_t>(std::min<int>(number, 0xFF)); }

mmc::TocTrack Describe(uint8_t number, Lba start, bool data, bool msf) {
  if (msf) {
    const Msf at = ToMsf(start);
    start = Lba(at.minute << 16 | at.second << 8 | at.frame);
  }
  return {.adr = kPosition,
          .control = data ? kDataControl : kAudioControl,
          .track = number,
          .start = start};
}

Reply Tracks(const std::vector<Entry>& entries, Lba lead_out, const mmc::ReadTocCdb& cdb) {
  const uint8_t from = cdb.track_or_session;
  const uint16_t last = std::min(entries.back().number, kLastListedTrack);
  if (from > last && from != mmc::kLeadOutTrack) return Check(sense::kInvalidField);
  mmc::TocTracks toc{.first_track = 1, .last_track = OneByte(last)};
  for (const Entry& entry : entries) {
    if (entry.number >= from && entry.number <= last) {
      toc.tracks.push_back(Describe(OneByte(entry.number), entry.start, entry.data, cdb.msf));
    }
  }
  toc.tracks.push_back(Describe(mmc::kLeadOutTrack, lead_out, entries.back().data, cdb.msf));
  return Good(mmc::EncodeTocTracks(toc));
}

Reply LastSession(const std::vector<Entry>& entries, const mmc::ReadTocCdb& cdb) {
  const uint16_t session = entries.back().session;
  const auto first = std::find_if(entries.begin(), entries.end(), [session](const Entry& entry) {
    return entry.session == session;
  });
  return Good(
      mmc::EncodeTocSession({.first_session = 1,
                             .last_session = OneByte(session),
                             .first_track_in_last_session = Describe(
                                 OneByte(first->number), first->start, first->data, cdb.msf)}));
}

mmc::RawTocEntry RawEntry(const Entry& entry, uint8_t point, Msf at) {
  return {.session = OneByte(entry.session),
          .adr = kPosition,
          .control = entry.data ? kDataControl : kAudioControl,
          .point = point,
          .point_minute = at.minute,
          .point_second = at.second,
          .point_frame = at.frame};
}

Reply LeadIns(const std::vector<Entry>& entries) {
  mmc::RawToc toc{.first_session = 1, .last_session = OneByte(entries.back().session)};
  for (size_t begin = 0; begin < entries.size();) {
    size_t end = begin;
    while (end < entries.size() && entries[end].session == entries[begin].session) ++end;
    const Entry& first = entries[begin];
    const Entry& last = entries[end - 1];
    toc.entries.push_back(RawEntry(first, kPointFirst, {.minute = OneByte(first.number)}));
    toc.entries.push_back(RawEntry(last, kPointLast, {.minute = OneByte(last.number)}));
    toc.entries.push_back(RawEntry(last, kPointLeadOut, ToMsf(last.end)));
    for (size_t i = begin; i < end; ++i) {
      toc.entries.push_back(
          RawEntry(entries[i], OneByte(entries[i].number), ToMsf(entries[i].start)));
    }
    begin = end;
  }
  return Good(mmc::EncodeRawToc(toc));
}

Reply Empty(const Quirks& quirks) {
  if (!quirks.toc_header_on_blank) return Check(sense::kInvalidField);
  return Good(mmc::EncodeTocTracks({}));
}

}  // namespace

Reply AnswerToc(const Disc& disc, const Quirks& quirks, absl::Span<const uint8_t> cdb) {
  const absl::StatusOr<mmc::ReadTocCdb> asked = mmc::DecodeReadTocCdb(cdb);
  if (!asked.ok()) return Check(sense::kInvalidField);
  const std::vector<Entry> entries = CompleteTracks(disc);
  if (entries.empty()) return Empty(quirks);
  const bool absurd = quirks.absurd_lead_out && disc.state == DiscState::kDamaged;
  const Lba lead_out = absurd ? Lba(kAbsurdAddress) : entries.back().end;
  Reply reply = Check(sense::kInvalidField);
  if (asked->format == mmc::kTocTracks) {
    reply = Tracks(entries, lead_out, *asked);
  } else if (asked->format == mmc::kTocSession) {
    reply = LastSession(entries, *asked);
  } else if (asked->format == mmc::kTocRaw && mmc::IsCd(disc.medium->profile)) {
    reply = LeadIns(entries);
  }
  if (quirks.short_toc && reply.data.size() >= 2) reply.data.resize(reply.data.size() - 2);
  return reply;
}

}  // namespace carousel::virtual_robot
