// Ids of images and operations: 16 random hexadecimal digits, so that an id of one run of the
// service names nothing of another.
#ifndef SERVER_OPERATIONS_RANDOM_ID_H_
#define SERVER_OPERATIONS_RANDOM_ID_H_

#include <string>

namespace carousel {

std::string RandomId();

}  // namespace carousel

#endif  // SERVER_OPERATIONS_RANDOM_ID_H_
