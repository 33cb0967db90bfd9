// Bytes in pieces, for whoever streams them: of a result image, of a file. An interface: the stream
// knows no disc, and the source no network.
#ifndef SERVER_RESULT_BYTE_SOURCE_H_
#define SERVER_RESULT_BYTE_SOURCE_H_

#include <cstdint>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"

namespace carousel {

class ByteSource {
 public:
  using Done = absl::AnyInvocable<void(absl::Status)>;
  // What a piece has, but the last.
  static constexpr int64_t kPieceBytes = int64_t{256} << 10;

  virtual ~ByteSource() = default;

  // Makes `out` the piece behind the one before, empty at the end, and calls `done` once, from
  // another thread or before it returns. One at a time; the source must not be destroyed meanwhile.
  // `out` keeps its memory from piece to piece. Never blocks.
  virtual void Next(std::string* out, Done done) = 0;
};

}  // namespace carousel

#endif  // SERVER_RESULT_BYTE_SOURCE_H_
