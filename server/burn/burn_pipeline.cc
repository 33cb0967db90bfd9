#include "server/burn/burn_pipeline.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "server/mastering/image_reader.h"
#include "server/mastering/image_stream.h"

namespace carousel {

BurnPipeline::BurnPipeline(const mastering::Plan* plan, mastering::ContentSource* contents,
                           Sectors buffer)
    : plan_(*plan),
      contents_(*contents),
      ring_(kPiece, static_cast<int>(buffer.value() / kPiece.value())),
      thread_([this] { Produce(); }) {}

BurnPipeline::~BurnPipeline() {
  ring_.Stop();
  thread_.join();
}

void BurnPipeline::Produce() {
  mastering::ImageReader reader(&plan_, &contents_);
  mastering::ImageStream stream(&reader, plan_.start());
  Sha256Hasher hasher;
  bool last = false;
  while (!last) {
    const absl::Span<uint8_t> place = ring_.Reserve();
    if (place.empty()) return;
    const Lba start = stream.next();
    const absl::StatusOr<Sectors> count = stream.Pull(place);
    if (!count.ok()) return ring_.Fail(count.status());
    // Here and not at the drive's thread: the bytes are in this processor's cache.
    const Sectors hashed = std::clamp(plan_.volume_end() - start, Sectors(0), *count);
    hasher.Update(place.first(static_cast<size_t>(hashed.bytes())));
    last = stream.next() == plan_.end();
    if (last) digest_ = hasher.Finish();
    ring_.Commit(*count, last);
  }
}

}  // namespace carousel
