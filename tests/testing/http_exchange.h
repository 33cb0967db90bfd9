// HTTP as bytes over one loopback connection, for tests of what answers it.
#ifndef TESTS_TESTING_HTTP_EXCHANGE_H_
#define TESTS_TESTING_HTTP_EXCHANGE_H_

#include <string>

namespace carousel {

// Sends `request` to the loopback port and returns everything that comes back until the server
// closes; nothing if nobody listens.
std::string HttpExchange(int port, const std::string& request);

// The whole answer to a GET of `path`.
std::string HttpGet(int port, const std::string& path);

// Connects and goes away without a word.
void HttpKnock(int port);

}  // namespace carousel

#endif  // TESTS_TESTING_HTTP_EXCHANGE_H_
