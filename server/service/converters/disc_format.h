// The medium in a drive on the wire.
#ifndef SERVER_SERVICE_CONVERTERS_DISC_FORMAT_H_
#define SERVER_SERVICE_CONVERTERS_DISC_FORMAT_H_

#include "carousel/v1/disc_format.pb.h"
#include "server/disc_format/drive_media.h"

namespace carousel {

void DiscFormatToProto(const DriveMedium& medium, v1::DiscFormat* proto);

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_DISC_FORMAT_H_
