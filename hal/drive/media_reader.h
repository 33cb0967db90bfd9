// Asks a drive everything about the medium in it, in the order that suits all media: GET
// CONFIGURATION, READ DISC INFORMATION, READ TRACK INFORMATION for each track, READ CAPACITY, READ
// FORMAT CAPACITIES, READ TOC, READ DISC STRUCTURE, speeds. Judges nothing: media_checks.h does.
#ifndef HAL_DRIVE_MEDIA_READER_H_
#define HAL_DRIVE_MEDIA_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/drive/block_reads.h"
#include "hal/drive/media_state.h"
#include "hal/drive/mmc_device.h"
#include "hal/mmc/read_disc_information.h"
#include "hal/mmc/read_toc.h"
#include "hal/mmc/read_track_information.h"

namespace carousel {

struct MediaReaderOptions {
  // For all commands of one reading together.
  absl::Duration budget = absl::Minutes(5);
  // More tracks than any medium has: a CD 99, a DVD+R 153, a BD-R a few thousand open at most.
  int max_tracks = 4096;
};

// One reading of one medium. Use once.
class MediaReader {
 public:
  // Both outlive it.
  MediaReader(MmcDevice* device, BlockReads* reads, MediaReaderOptions options);

  // Asks a drive that is ready. Stops at the first command whose failure may mean that the medium
  // has changed; the caller compares generations. INTERNAL with the sense: an answer without which
  // nothing can be said was refused or cannot be understood. UNAVAILABLE: the budget is spent, or
  // as MmcDevice::Execute.
  absl::StatusOr<MediaState> Read();

 private:
  // Sends and hands back what came, within the buffer.
  template <typename Cdb>
  absl::StatusOr<absl::Span<const uint8_t>> Ask(const Cdb& cdb, size_t size);
  // The answer, or nothing if the drive refuses it or answers nonsense (which is noted under `what`
  // if that is not empty); an error only where the reading has to stop.
  template <typename T>
  absl::StatusOr<std::optional<T>> Optional(absl::StatusOr<T> answer, absl::string_view what);

  absl::Status ReadConfiguration();
  absl::Status ReadDisc();
  absl::Status ReadTracks();
  absl::StatusOr<mmc::TrackInformation> AskTrack(uint32_t number);
  absl::StatusOr<mmc::TrackInformation> AskLastTrack(uint32_t number);
  absl::Status TracksFromToc();
  absl::Status ReadCapacity();
  absl::Status ReadFormat();
  absl::Status ReadToc();
  absl::Status ReadWriteProtection();
  absl::Status ReadSpeeds();
  absl::Status FindRunOut();
  void Note(std::string text) { state_.contradictions.push_back(std::move(text)); }

  MmcDevice* const device_;
  BlockReads* const reads_;
  const MediaReaderOptions options_;
  const absl::Time deadline_;
  const MediaGeneration generation_;
  std::vector<uint8_t> buffer_;
  MediaState state_;
  mmc::DiscInformation disc_;
};

}  // namespace carousel

#endif  // HAL_DRIVE_MEDIA_READER_H_
