#include "server/metrics/http_endpoint.h"

#include <civetweb.h>

#include <cstring>
#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace carousel {
namespace {

// Prometheus' text format, version 0.0.4.
constexpr char kMetricsType[] = "text/plain; version=0.0.4; charset=utf-8";
constexpr char kTextType[] = "text/plain; charset=utf-8";
// What a browser may do with an answer: show it, by itself, with this port's own style and script.
constexpr char kSafety[] =
    "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n";
constexpr int kOk = 200;
constexpr int kNotFound = 404;
constexpr int kMethodNotAllowed = 405;
constexpr int kServiceUnavailable = 503;

const char* ReasonPhrase(int code) {
  switch (code) {
    case kOk:
      return "OK";
    case kNotFound:
      return "Not Found";
    case kMethodNotAllowed:
      return "Method Not Allowed";
    default:
      return "Service Unavailable";
  }
}

// Returns `code`, as CivetWeb wants it from a handler.
int Answer(mg_connection* connection, int code, const char* type, absl::string_view body,
           bool head_only) {
  const std::string header = absl::StrCat(
      "HTTP/1.1 ", code, " ", ReasonPhrase(code), "\r\nContent-Type: ", type,
      "\r\nContent-Length: ", body.size(), "\r\nCache-Control: no-store\r\n", kSafety,
      code == kMethodNotAllowed ? "Allow: GET, HEAD\r\n" : "", "Connection: close\r\n\r\n");
  // A client that has gone is its own affair.
  mg_write(connection, header.data(), header.size());
  if (!head_only) mg_write(connection, body.data(), body.size());
  return code;
}

int AnswerProbe(mg_connection* connection, const HttpEndpoint::Probe& probe, bool head_only) {
  const std::string text = probe.text.empty() ? (probe.ok ? "ok" : "not ok") : probe.text;
  return Answer(connection, probe.ok ? kOk : kServiceUnavailable, kTextType, text + "\n",
                head_only);
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpEndpoint>> HttpEndpoint::Start(Options options) {
  mg_init_library(0);
  std::unique_ptr<HttpEndpoint> endpoint = absl::WrapUnique(new HttpEndpoint(std::move(options)));
  mg_callbacks callbacks;
  std::memset(&callbacks, 0, sizeof(callbacks));
  callbacks.begin_request = &HttpEndpoint::OnRequest;
  callbacks.log_message = &HttpEndpoint::OnLog;
  // Two threads, so that a slow scrape does not keep a probe waiting; ten seconds for a client that
  // does not send its request.
  const char* configuration[] = {"listening_ports",
                                 endpoint->options_.address.c_str(),
                                 "num_threads",
                                 "2",
                                 "request_timeout_ms",
                                 "10000",
                                 "enable_keep_alive",
                                 "no",
                                 nullptr};
  mg_init_data init = {&callbacks, endpoint.get(), configuration};
  unsigned code = 0;
  char text[256] = "";
  mg_error_data error = {&code, text, sizeof(text)};
  endpoint->server_ = mg_start2(&init, &error);
  mg_server_port port;
  std::memset(&port, 0, sizeof(port));
  if (endpoint->server_ == nullptr || mg_get_server_ports(endpoint->server_, 1, &port) < 1 ||
      port.port <= 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen for HTTP on ", endpoint->options_.address, ": ", text));
  }
  endpoint->port_ = port.port;
  return endpoint;
}

HttpEndpoint::~HttpEndpoint() {
  if (server_ != nullptr) mg_stop(server_);
  mg_exit_library();
}

int HttpEndpoint::OnRequest(mg_connection* connection) {
  const auto* self = static_cast<HttpEndpoint*>(mg_get_request_info(connection)->user_data);
  return self->Handle(connection);
}

// CivetWeb shall write no log of its own: its messages are about single connections of monitors,
// and whoever sent nonsense has had its answer.
int HttpEndpoint::OnLog(const mg_connection*, const char*) { return 1; }

int HttpEndpoint::Handle(mg_connection* connection) const {
  const mg_request_info& request = *mg_get_request_info(connection);
  const absl::string_view method = request.request_method;
  const absl::string_view path = request.local_uri == nullptr ? "" : request.local_uri;
  const bool head_only = method == "HEAD";
  const auto document = options_.documents.find(path);
  const bool found = document != options_.documents.end();
  if (!found && path != "/metrics" && path != "/livez" && path != "/readyz") {
    return Answer(connection, kNotFound, kTextType, "/metrics, /livez or /readyz\n", head_only);
  }
  if (method != "GET" && !head_only) {
    return Answer(connection, kMethodNotAllowed, kTextType, "GET or HEAD\n", head_only);
  }
  if (found)
    return Answer(connection, kOk, document->second.type, document->second.body(), head_only);
  if (path == "/livez") return AnswerProbe(connection, options_.live(), head_only);
  if (path == "/readyz") return AnswerProbe(connection, options_.ready(), head_only);
  return Answer(connection, kOk, kMetricsType, options_.metrics(), head_only);
}

}  // namespace carousel
