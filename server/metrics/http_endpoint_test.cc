#include "server/metrics/http_endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Sends `request` and returns everything that comes back until the server closes.
std::string Exchange(int port, const std::string& request) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
      send(fd, request.data(), request.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(request.size())) {
    char buffer[4096];
    for (ssize_t n; (n = recv(fd, buffer, sizeof(buffer), 0)) > 0;) answer.append(buffer, n);
  }
  close(fd);
  return answer;
}

std::string Get(int port, const std::string& path) {
  return Exchange(port, absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
}

HttpEndpoint::Options Healthy() {
  return {.address = "127.0.0.1:0",
          .metrics = [] { return "a_total 1\n"; },
          .live = [] { return HttpEndpoint::Probe{}; },
          .ready = [] { return HttpEndpoint::Probe{}; }};
}

TEST(HttpEndpoint, ServesMetricsInThePrometheusFormat) {
  ASSERT_OK_AND_ASSIGN(const auto endpoint, HttpEndpoint::Start(Healthy()));
  EXPECT_GT(endpoint->port(), 0);
  EXPECT_THAT(Get(endpoint->port(), "/metrics"),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                    HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"),
                    EndsWith("\r\n\r\na_total 1\n")));
}

TEST(HttpEndpoint, TellsProbesWhatIsWrong) {
  std::atomic<bool> ready = false;
  HttpEndpoint::Options options = Healthy();
  options.ready = [&ready]() -> HttpEndpoint::Probe {
    if (ready) return {};
    return {.ok = false, .text = "draining"};
  };
  ASSERT_OK_AND_ASSIGN(const auto endpoint, HttpEndpoint::Start(std::move(options)));
  EXPECT_THAT(Get(endpoint->port(), "/livez"),
              AllOf(StartsWith("HTTP/1.1 200 "), EndsWith("\r\n\r\nok\n")));
  EXPECT_THAT(Get(endpoint->port(), "/readyz"),
              AllOf(StartsWith("HTTP/1.1 503 "), EndsWith("\r\n\r\ndraining\n")));
  ready = true;
  EXPECT_THAT(Get(endpoint->port(), "/readyz"), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpEndpoint, ServesNothingElse) {
  ASSERT_OK_AND_ASSIGN(const auto endpoint, HttpEndpoint::Start(Healthy()));
  for (const char* path : {"/", "/etc/passwd", "/../../etc/passwd", "/metrics/x", "/livez/",
                           "/%2e%2e/%2e%2e/etc/passwd"}) {
    EXPECT_THAT(Get(endpoint->port(), path),
                AllOf(Not(HasSubstr("root:")), Not(HasSubstr(" 200 "))))
        << path;
  }
}

TEST(HttpEndpoint, RefusesMethodsThatWouldChangeSomething) {
  ASSERT_OK_AND_ASSIGN(const auto endpoint, HttpEndpoint::Start(Healthy()));
  EXPECT_THAT(Exchange(endpoint->port(),
                       "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET, HEAD\r\n")));
}

TEST(HttpEndpoint, AnswersHeadWithoutABody) {
  ASSERT_OK_AND_ASSIGN(const auto endpoint, HttpEndpoint::Start(Healthy()));
  EXPECT_THAT(Exchange(endpoint->port(), "HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("Content-Length: 10\r\n"),
                    EndsWith("\r\n\r\n")));
}

TEST(HttpEndpoint, SurvivesNonsense) {
  ASSERT_OK_AND_ASSIGN(const auto endpoint, HttpEndpoint::Start(Healthy()));
  Exchange(endpoint->port(), "nonsense\r\n\r\n");
  Exchange(endpoint->port(), std::string("\x16\x03\x01\x02\x00\x01\x00", 7) + "\r\n\r\n");
  Exchange(endpoint->port(), "GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\n\r\n");
  EXPECT_THAT(Get(endpoint->port(), "/livez"), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpEndpoint, SaysWhyItCannotListen) {
  ASSERT_OK_AND_ASSIGN(const auto endpoint, HttpEndpoint::Start(Healthy()));
  HttpEndpoint::Options options = Healthy();
  options.address = absl::StrCat("127.0.0.1:", endpoint->port());
  EXPECT_THAT(HttpEndpoint::Start(std::move(options)),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr(absl::StrCat("127.0.0.1:", endpoint->port()))));
}

TEST(HttpEndpoint, ServesManyAtOnce) {
  ASSERT_OK_AND_ASSIGN(const auto endpoint, HttpEndpoint::Start(Healthy()));
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int n = 0; n < 10; ++n) {
        if (Get(endpoint->port(), "/metrics").find("a_total 1\n") != std::string::npos) ++good;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(good, 80);
}

}  // namespace
}  // namespace carousel
