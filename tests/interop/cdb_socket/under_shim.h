// The main function of tests whose device nodes the shim puts there: /dev/sg40 and /dev/sg41, each
// with a socket that the test serves.
#ifndef TESTS_INTEROP_CDB_SOCKET_UNDER_SHIM_H_
#define TESTS_INTEROP_CDB_SOCKET_UNDER_SHIM_H_

#include <string>

namespace carousel {

inline constexpr char kFirstNode[] = "/dev/sg40";
inline constexpr char kSecondNode[] = "/dev/sg41";

// Where the device of a node is served.
std::string SocketOf(const std::string& node);

}  // namespace carousel

#endif  // TESTS_INTEROP_CDB_SOCKET_UNDER_SHIM_H_
