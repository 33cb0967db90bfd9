// Times on the wire.
#ifndef SERVER_SERVICE_CONVERTERS_TIME_H_
#define SERVER_SERVICE_CONVERTERS_TIME_H_

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace carousel {

// Times outside the years 1 to 9999, which the wire does not have, become the nearest end.
google::protobuf::Timestamp TimeToProto(absl::Time time);

// Whether a client's timestamp is one: in those years, its nanoseconds below a second.
bool IsTime(const google::protobuf::Timestamp& proto);
absl::Time TimeFromProto(const google::protobuf::Timestamp& proto);

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_TIME_H_
