#include "server/service/converters/time.h"

#include <algorithm>
#include <cstdint>

namespace carousel {
namespace {

// google/protobuf/timestamp.proto: 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
constexpr int64_t kFirstSecond = -62135596800;
constexpr int64_t kLastSecond = 253402300799;

}  // namespace

google::protobuf::Timestamp TimeToProto(absl::Time time) {
  time = std::clamp(time, absl::FromUnixSeconds(kFirstSecond), absl::FromUnixSeconds(kLastSecond));
  const int64_t seconds = absl::ToUnixSeconds(time);
  google::protobuf::Timestamp proto;
  proto.set_seconds(seconds);
  proto.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return proto;
}

bool IsTime(const google::protobuf::Timestamp& proto) {
  return proto.seconds() >= kFirstSecond && proto.seconds() <= kLastSecond && proto.nanos() >= 0 &&
         proto.nanos() < 1'000'000'000;
}

absl::Time TimeFromProto(const google::protobuf::Timestamp& proto) {
  return absl::FromUnixSeconds(proto.seconds()) + absl::Nanoseconds(proto.nanos());
}

}  // namespace carousel
