#include "server/metrics/http_endpoint.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "tests/testing/http_exchange.h"

namespace carousel {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

HttpEndpoint::Options Healthy() {
  return {.address = "127.0.0.1:0",
          .metrics = [] { return "a_total 1\n"; },
          .live = [] { return HttpEndpoint::Probe{}; },
          .ready = [] { return HttpEndpoint::Probe{}; }};
}

TEST(HttpEndpoint, ServesMetricsInThePrometheusFormat) {
  ASSERT_OK_AND_ASSIGN(const auto endpoint, HttpEndpoint::Start(Healthy()));
  EXPECT_GT(endpoint->port(), 0);
  EXPECT_THAT(HttpGet(endpoint->port(), "/metrics"),
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
  EXPECT_THAT(HttpGet(endpoint->port(), "/livez"),
              AllOf(StartsWith("HTTP/1.1 200 "), EndsWith("\r\n\r\nok\n")));
  EXPECT_THAT(HttpGet(endpoint->port(), "/readyz"),
              AllOf(StartsWith("HTTP/1.1 503 "), EndsWith("\r\n\r\ndraining\n")));
  ready = true;
  EXPECT_THAT(HttpGet(endpoint->port(), "/readyz"), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpEndpoint, ServesNothingElse) {
  ASSERT_OK_AND_ASSIGN(const auto endpoint, HttpEndpoint::Start(Healthy()));
  for (const char* path : {"/", "/etc/passwd", "/../../etc/passwd", "/metrics/x", "/livez/",
                           "/%2e%2e/%2e%2e/etc/passwd"}) {
    EXPECT_THAT(HttpGet(endpoint->port(), path),
                AllOf(Not(HasSubstr("root:")), Not(HasSubstr(" 200 "))))
        << path;
  }
}

TEST(HttpEndpoint, RefusesMethodsThatWouldChangeSomething) {
  ASSERT_OK_AND_ASSIGN(const auto endpoint, HttpEndpoint::Start(Healthy()));
  EXPECT_THAT(
      HttpExchange(endpoint->port(),
                   "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"),
      AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET, HEAD\r\n")));
}

TEST(HttpEndpoint, AnswersHeadWithoutABody) {
  ASSERT_OK_AND_ASSIGN(const auto endpoint, HttpEndpoint::Start(Healthy()));
  EXPECT_THAT(HttpExchange(endpoint->port(), "HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("Content-Length: 10\r\n"),
                    EndsWith("\r\n\r\n")));
}

TEST(HttpEndpoint, SurvivesNonsense) {
  ASSERT_OK_AND_ASSIGN(const auto endpoint, HttpEndpoint::Start(Healthy()));
  HttpExchange(endpoint->port(), "nonsense\r\n\r\n");
  HttpExchange(endpoint->port(), std::string("\x16\x03\x01\x02\x00\x01\x00", 7) + "\r\n\r\n");
  HttpExchange(endpoint->port(), "GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\n\r\n");
  EXPECT_THAT(HttpGet(endpoint->port(), "/livez"), StartsWith("HTTP/1.1 200 "));
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
        if (HttpGet(endpoint->port(), "/metrics").find("a_total 1\n") != std::string::npos) ++good;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(good, 80);
}

}  // namespace
}  // namespace carousel
