// What makes a creating request idempotent: its own id and a fingerprint of its body.
#ifndef SERVER_OPERATIONS_REQUEST_ID_H_
#define SERVER_OPERATIONS_REQUEST_ID_H_

#include <cstdint>
#include <string>

namespace carousel {

// An empty id makes each request a new one.
struct RequestId {
  std::string id;
  uint64_t fingerprint = 0;
};

}  // namespace carousel

#endif  // SERVER_OPERATIONS_REQUEST_ID_H_
