#include "server/image/image_view.h"

namespace carousel {
namespace {

// IMAPI's default of FreeMediaBlocks: a CD of 74 minutes.
constexpr int64_t kDefaultFreeMediaBlocks = 332'800;

}  // namespace

// A random-write image lays its session end to end with the last logical one, too: the sequential
// facts of an overwritable medium say where that is.
int64_t BoundDisc::session_start() const {
  return facts->sequential.next_writable.value.value_or(0);
}

int64_t BoundDisc::free_blocks() const { return facts->sequential.free_sectors.value.value_or(0); }

int64_t FreeMediaBlocks(const ImageProperties& properties, const BoundDisc* bound) {
  return properties.free_media_blocks.value_or(bound == nullptr ? kDefaultFreeMediaBlocks
                                                                : bound->free_blocks());
}

}  // namespace carousel
