// The text files of a disc store: what a person may have edited. A disc that is accepted is also
// asked every question that a drive is asked about it.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/mmc/read_capacity.h"
#include "hal/mmc/read_disc_information.h"
#include "hal/mmc/read_format_capacities.h"
#include "hal/mmc/read_toc.h"
#include "hal/mmc/read_track_information.h"
#include "hal/virtual_robot/capacity_answers.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/disc_answers.h"
#include "hal/virtual_robot/disc_text.h"
#include "hal/virtual_robot/locations.h"
#include "hal/virtual_robot/quirks.h"
#include "hal/virtual_robot/read_obstacle.h"
#include "hal/virtual_robot/reply.h"
#include "hal/virtual_robot/toc_answers.h"
#include "hal/virtual_robot/track_answers.h"
#include "tests/fuzz/check.h"

namespace carousel::virtual_robot {
namespace {

void CheckFacts(const Disc& disc) {
  FUZZ_CHECK(disc.ReadableEnd() >= Lba(0) && disc.ReadableEnd().value() <= disc.capacity.value());
  Lba end(0);
  for (const DiscTrack& track : disc.tracks) {
    FUZZ_CHECK(track.start >= end && track.payload > Sectors(0) && track.payload <= track.size);
    end = track.end();
    FUZZ_CHECK(end.value() <= disc.capacity.value());
  }
  const std::optional<Lba> next = disc.NextWritable();
  if (next.has_value()) FUZZ_CHECK(*next >= end && next->value() <= disc.capacity.value());
}

void CheckTrack(const Disc& disc, uint16_t number) {
  const std::array<uint8_t, 10> cdb = {
      0x52, 1, 0, 0, static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number), 0, 0, 48, 0};
  const Reply reply = AnswerTrackInformation(disc, Quirks(), cdb);
  const bool invisible = number == mmc::kInvisibleTrack;
  FUZZ_CHECK(invisible || !reply.sense.has_value());
  if (invisible || reply.sense.has_value()) return;
  const absl::StatusOr<mmc::TrackInformation> track = mmc::DecodeTrackInformation(reply.data);
  FUZZ_CHECK(track.ok());
  FUZZ_CHECK(track->track == number && track->session >= 1);
  FUZZ_CHECK((track->start + track->size).value() <= disc.capacity.value());
  FUZZ_CHECK(track->free <= track->size);
}

void CheckToc(const Disc& disc) {
  for (uint8_t format = 0; format < 4; ++format) {
    const std::array<uint8_t, 10> cdb = {0x43, 0, format, 0, 0, 0, 0, 0xFF, 0xFF, 0};
    const Reply reply = AnswerToc(disc, Quirks(), cdb);
    if (reply.sense.has_value()) continue;
    if (format == mmc::kTocTracks) {
      const absl::StatusOr<mmc::TocTracks> toc = mmc::DecodeTocTracks(reply.data);
      FUZZ_CHECK(toc.ok() && toc->tracks.size() >= 2 && toc->tracks.size() <= 100);
      FUZZ_CHECK(toc->tracks.back().track == mmc::kLeadOutTrack);
      FUZZ_CHECK(toc->last_track + 1u == toc->tracks.size());
    } else if (format == mmc::kTocSession) {
      const absl::StatusOr<mmc::TocSession> toc = mmc::DecodeTocSession(reply.data);
      FUZZ_CHECK(toc.ok());
      FUZZ_CHECK(toc->first_track_in_last_session.start < disc.ReadableEnd());
    } else {
      FUZZ_CHECK(format == mmc::kTocRaw && mmc::DecodeRawToc(reply.data).ok());
    }
  }
}

void CheckAnswers(const Disc& disc) {
  const std::array<uint8_t, 10> cdb = {0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0};
  const auto info = mmc::DecodeDiscInformation(AnswerDiscInformation(disc, Quirks(), cdb).data);
  FUZZ_CHECK(info.ok());
  FUZZ_CHECK(info->last_track_in_last_session == TrackCount(disc));
  FUZZ_CHECK(info->first_track_in_last_session >= 1);
  FUZZ_CHECK(info->first_track_in_last_session <= info->last_track_in_last_session);
  for (uint16_t number = 1; number <= TrackCount(disc); ++number) CheckTrack(disc, number);
  CheckToc(disc);
  const auto capacity = mmc::DecodeCapacity(AnswerCapacity(disc, Quirks()).data);
  FUZZ_CHECK(capacity.ok() && capacity->last_lba < disc.capacity.value());
  const Reply formats = AnswerFormatCapacities(disc);
  FUZZ_CHECK(formats.sense.has_value() || mmc::DecodeFormatCapacities(formats.data).ok());
  // Nothing is readable behind the disc, nor is it an error to ask.
  FUZZ_CHECK(ReadObstacle(disc, Quirks(), Lba(0) + disc.capacity, Sectors(1)).has_value());
}

void Fuzz(absl::string_view text) {
  const absl::StatusOr<Disc> disc = ParseDisc(text);
  if (disc.ok()) {
    const std::string written = FormatDisc(*disc);
    const absl::StatusOr<Disc> again = ParseDisc(written);
    FUZZ_CHECK(again.ok());
    FUZZ_CHECK(FormatDisc(*again) == written);
    FUZZ_CHECK(again->tracks == disc->tracks && again->unreadable == disc->unreadable);
    CheckFacts(*disc);
    CheckAnswers(*disc);
  }
  const absl::StatusOr<Locations> locations = ParseLocations(text);
  if (locations.ok()) {
    const absl::StatusOr<Locations> again = ParseLocations(FormatLocations(*locations));
    FUZZ_CHECK(again.ok() && *again == *locations);
  }
}

}  // namespace
}  // namespace carousel::virtual_robot

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::virtual_robot::Fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
