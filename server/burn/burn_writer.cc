#include "server/burn/burn_writer.h"

#include "absl/status/statusor.h"
#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

absl::Status WithCode(absl::StatusCode code, const absl::Status& status) {
  absl::Status result(code, status.message());
  status.ForEachPayload([&result](absl::string_view url, const absl::Cord& payload) {
    result.SetPayload(url, payload);
  });
  return result;
}

}  // namespace

DiscWriter& BurnWriter::Sending() {
  sent_ = true;
  return *drive_.writer();
}

void BurnWriter::Note(DiscEffect effect) {
  if (!report_.simulated) report_.effect = effect;
}

absl::Status BurnWriter::Judge(const BurnStatus& status) {
  if (status.ok()) return absl::OkStatus();
  const absl::Status error = imapi::FromDevice(status.status());
  if (!error.ok() && status.effect() == DiscEffect::kUnknown) Note(DiscEffect::kUnknown);
  return imapi::AfterWrite(error);
}

absl::Status BurnWriter::Changed(const BurnStatus& status) {
  if (status.ok()) Note(DiscEffect::kPartly);
  return Judge(status);
}

// Not FromDevice alone, for which some sense is success: here sectors are missing.
absl::Status BurnWriter::JudgeWrite(const BurnStatus& status) {
  if (status.ok()) return absl::OkStatus();
  const absl::Status error = Judge(status);
  return error.ok() ? WithCode(absl::StatusCode::kInternal, status.status()) : error;
}

absl::Status BurnWriter::Format(const mmc::FormatParameters& format, const OnProgress& progress) {
  return Changed(Sending().Format(format, progress));
}

absl::Status BurnWriter::Reserve(Sectors size) { return Changed(Sending().ReserveTrack(size)); }

absl::Status BurnWriter::Write(Lba start, absl::Span<const uint8_t> sectors) {
  const BurnStatus written = Sending().Write(start, sectors);
  report_.written += written.taken();
  report_.wrong_address = written.wrong_address();
  if (report_.written > Sectors(0)) Note(DiscEffect::kPartly);
  return JudgeWrite(written);
}

absl::Status BurnWriter::WriteBeside(Lba start, absl::Span<const uint8_t> sectors) {
  const BurnStatus written = Sending().Write(start, sectors);
  Note(written.ok() ? DiscEffect::kPartly : DiscEffect::kUnknown);
  return JudgeWrite(written);
}

absl::Status BurnWriter::Synchronize() { return Judge(Sending().Synchronize()); }

absl::Status BurnWriter::CloseTrack(TrackNumber track) {
  return Judge(Sending().CloseTrack(track));
}

absl::Status BurnWriter::CloseSession(SessionClose how) {
  return Judge(Sending().CloseSession(how));
}

absl::Status BurnWriter::AskForBuffer(std::optional<WriteBuffer>* buffer) {
  const MediaGeneration before = drive_.generation();
  const absl::StatusOr<WriteBuffer> answer = drive_.writer()->ReadBufferCapacity();
  buffer->reset();
  if (answer.ok()) *buffer = *answer;
  if (answer.ok() || drive_.generation() == before) return absl::OkStatus();
  Note(DiscEffect::kUnknown);
  return imapi::AfterWrite(imapi::FromDevice(answer.status()));
}

}  // namespace carousel
