// The defaults of config.proto, filled in where a file is silent.
#ifndef SERVER_CONFIG_DEFAULTS_H_
#define SERVER_CONFIG_DEFAULTS_H_

#include "carousel/config/v1/config.pb.h"

namespace carousel {

void FillInDefaults(config::v1::Config* config);

}  // namespace carousel

#endif  // SERVER_CONFIG_DEFAULTS_H_
