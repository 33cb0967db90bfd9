// A drive whose every answer is made of the input: what MmcDrive says of the medium must be a
// MediaState whose facts fit each other, or an error.
//
// The input is a list of answers in the order of the commands: a length (one byte) and as many
// bytes; the length 255 stands for CHECK CONDITION, with key, code and qualifier behind it. When
// the input ends, everything is refused with 5/24/00.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/fake_clock.h"
#include "hal/base/types.h"
#include "hal/drive/media_checks.h"
#include "hal/drive/media_state.h"
#include "hal/drive/mmc_drive.h"
#include "hal/scsi/answering_transport.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"
#include "tests/fuzz/check.h"

namespace carousel {
namespace {

using scsi::AnsweringTransport;
using Bytes = std::vector<uint8_t>;

class Answers {
 public:
  explicit Answers(absl::Span<const uint8_t> input) : left_(input) {}

  absl::StatusOr<Bytes> Next() {
    constexpr uint8_t kSense = 255;
    const Bytes length = Take(1);
    if (length.empty()) return Refusal();
    if (length[0] != kSense) return Take(length[0]);
    const Bytes sense = Take(3);
    if (sense.size() < 3) return Refusal();
    return AnsweringTransport::CheckCondition(static_cast<scsi::SenseKey>(sense[0] & 0x0F),
                                              sense[1], sense[2]);
  }

 private:
  static absl::Status Refusal() {
    return AnsweringTransport::CheckCondition(scsi::SenseKey::kIllegalRequest, 0x24, 0x00);
  }
  Bytes Take(size_t size) {
    const absl::Span<const uint8_t> taken = left_.subspan(0, size);
    left_.remove_prefix(taken.size());
    return {taken.begin(), taken.end()};
  }

  absl::Span<const uint8_t> left_;
};

void CheckTracks(const MediaState& state) {
  FUZZ_CHECK(state.tracks.size() <= 4096);
  for (size_t i = 0; i < state.tracks.size(); ++i) {
    const TrackState& track = state.tracks[i];
    FUZZ_CHECK(track.size >= Sectors(0) && track.free >= Sectors(0));
    FUZZ_CHECK(track.session.value() >= 1);
    if (i > 0) {
      FUZZ_CHECK(track.session >= state.tracks[i - 1].session);
      FUZZ_CHECK(track.number > state.tracks[i - 1].number);
    }
    if (track.next_writable.has_value()) {
      FUZZ_CHECK(*track.next_writable >= track.start);
      FUZZ_CHECK(*track.next_writable <= track.start + track.size);
    }
    FUZZ_CHECK(track.run_out <= track.size);
  }
}

void CheckState(const MediaState& state) {
  if (!state.present) return;
  CheckTracks(state);
  FUZZ_CHECK(std::is_sorted(state.current_features.begin(), state.current_features.end()));
  FUZZ_CHECK(state.total >= Sectors(0) && state.total <= kMostSectors);
  FUZZ_CHECK(!state.readable.has_value() || *state.readable <= kMostSectors);
  FUZZ_CHECK(!state.format_capacity.has_value() || *state.format_capacity <= kMostSectors);
  FUZZ_CHECK(
      std::is_sorted(state.write_speeds.begin(), state.write_speeds.end(), std::greater<>()));
  FUZZ_CHECK(state.write_speeds.empty() || state.write_speeds.back() > 0);
  if (const TrackState* append = state.AppendTrack(); append != nullptr) {
    FUZZ_CHECK(append->next_writable.has_value());
  }
  if (const TrackState* last = state.LastCompleteSessionStart(); last != nullptr) {
    FUZZ_CHECK(last->session.value() <= state.sessions);
  }
}

void Fuzz(absl::Span<const uint8_t> input) {
  FakeClock clock;
  Answers answers(input);
  auto transport = std::make_unique<AnsweringTransport>();
  for (const uint8_t opcode : {scsi::opcode::kGetConfiguration, scsi::opcode::kReadDiscInformation,
                               scsi::opcode::kReadTrackInformation, scsi::opcode::kReadCapacity10,
                               scsi::opcode::kReadFormatCapacities, scsi::opcode::kReadToc,
                               scsi::opcode::kReadDiscStructure, scsi::opcode::kGetPerformance,
                               scsi::opcode::kModeSense10, scsi::opcode::kRead10}) {
    transport->Give(opcode, [&answers](AnsweringTransport::Cdb) { return answers.Next(); });
  }
  // A drive that never becomes ready says nothing of its medium.
  transport->Give(scsi::opcode::kTestUnitReady, Bytes());
  MmcDrive drive(std::move(transport), &clock);
  const absl::StatusOr<MediaState> state = drive.ReadMediaState();
  if (state.ok()) CheckState(*state);
}

}  // namespace
}  // namespace carousel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
