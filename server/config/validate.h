// Checks a configuration as a whole and turns it into plain structs.
#ifndef SERVER_CONFIG_VALIDATE_H_
#define SERVER_CONFIG_VALIDATE_H_

#include <string>
#include <vector>

#include "carousel/config/v1/config.pb.h"
#include "server/config/config.h"

namespace carousel {

// `config` has its defaults filled in and names no files any more. Appends one line for each error,
// "field.path: what is wrong", to `errors`; the result is of use only if there is none. The digest
// is left empty.
Config Validate(const config::v1::Config& config, std::vector<std::string>* errors);

}  // namespace carousel

#endif  // SERVER_CONFIG_VALIDATE_H_
