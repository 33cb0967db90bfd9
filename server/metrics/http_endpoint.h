// The HTTP port that monitors ask, /metrics, /livez, /readyz, and that shows people a page. Plain
// HTTP without credentials, so it listens on this machine's loopback address unless it is told to.
//
// Stands on CivetWeb's C interface, which Debian's prometheus-cpp brings anyway, and not on
// prometheus::Exposer: that one leaves no place for the context that the two probes need.
#ifndef SERVER_METRICS_HTTP_ENDPOINT_H_
#define SERVER_METRICS_HTTP_ENDPOINT_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

struct mg_connection;
struct mg_context;

namespace carousel {

class HttpEndpoint {
 public:
  struct Probe {
    bool ok = true;
    std::string text;  // for people; one line for each thing that is wrong
  };
  struct Document {
    const char* type = "";  // "text/html; charset=utf-8"
    // Called on the server's threads; must not block.
    std::function<std::string()> body;
  };
  struct Options {
    std::string address;                   // "127.0.0.1:0"
    std::function<std::string()> metrics;  // Prometheus text format
    // Whether the process is worth keeping (/livez) and whether it may get work (/readyz): 200 or
    // 503. Called on the server's threads; must not block.
    std::function<Probe()> live;
    std::function<Probe()> ready;
    // What else there is, by path ("/"). They may load one another, and nothing from elsewhere.
    std::map<std::string, Document, std::less<>> documents;
  };

  // Listens and serves until destroyed. UNAVAILABLE: the address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<HttpEndpoint>> Start(Options options);
  ~HttpEndpoint();
  HttpEndpoint(const HttpEndpoint&) = delete;
  HttpEndpoint& operator=(const HttpEndpoint&) = delete;

  // The port it got, also if the address said 0.
  int port() const { return port_; }

 private:
  explicit HttpEndpoint(Options options) : options_(std::move(options)) {}
  static int OnRequest(mg_connection* connection);
  static int OnLog(const mg_connection* connection, const char* message);
  int Handle(mg_connection* connection) const;

  const Options options_;
  mg_context* server_ = nullptr;
  int port_ = 0;
};

}  // namespace carousel

#endif  // SERVER_METRICS_HTTP_ENDPOINT_H_
