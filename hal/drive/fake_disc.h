// A disc of a test that can be written: a MediaState and an image that change as a drive changes a
// disc. It knows no drive, no time and no commands; what it refuses it refuses with the sense that
// drives have for it.
#ifndef HAL_DRIVE_FAKE_DISC_H_
#define HAL_DRIVE_FAKE_DISC_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/fake_image.h"
#include "hal/drive/media_state.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/mode_sense.h"

namespace carousel {

// Not thread-safe.
class FakeDisc {
 public:
  FakeDisc() = default;
  // `image` may be null: zeros.
  FakeDisc(MediaState state, std::shared_ptr<const FakeImage> image);

  const MediaState& state() const { return state_; }
  // Also what is buffered. Zeros where nothing was written.
  void Read(Lba start, absl::Span<uint8_t> out) const;
  // A read of [start, start + count) gets data: within what the state says, or in the track that is
  // being written.
  bool IsReadable(Lba start, Sectors count) const;

  // 5/26/00 on media without page 05h.
  absl::Status SetWriteParameters(const mmc::WriteParameters& parameters);
  // At the next writable address only, else 5/21/02; overwritable media anywhere. A test write
  // changes nothing.
  absl::Status Write(Lba start, absl::Span<const uint8_t> sectors);
  // Pads the track to its unit; a reserved track that is full closes the disc.
  void Synchronize();
  absl::Status ReserveTrack(Sectors size);
  absl::Status CloseTrack(TrackNumber track);
  absl::Status CloseSession(SessionClose how);
  absl::Status Blank(BlankExtent extent);
  absl::Status Format(const mmc::FormatParameters& format);
  // What was not synchronised is lost. A CD or DVD-R is damaged, others go on where they are.
  void LosePower();

 private:
  struct Buffered {
    Lba start;
    std::vector<uint8_t> sectors;
  };

  TrackState* OpenTrack();
  bool IsMultiSessionByPage() const;
  void Complete();
  void OpenNextSession();

  MediaState state_;
  std::shared_ptr<const FakeImage> image_;
  std::unique_ptr<FakeImage> written_ = std::make_unique<FakeImage>();
  std::vector<Buffered> buffered_;
  mmc::WriteParameters parameters_;
  bool at_once_only_ = false;  // a DVD-RW that was blanked minimally
};

}  // namespace carousel

#endif  // HAL_DRIVE_FAKE_DISC_H_
