#include "server/config/listen_address.h"

#include <string>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

TEST(CheckGrpcAddress, AcceptsThisMachineOnly) {
  for (const char* good : {"127.0.0.1:0", "127.0.0.1:7070", "127.1.2.3:65535", "[::1]:7070",
                           "unix:/run/carousel/grpc.sock"}) {
    EXPECT_OK(CheckGrpcAddress(good)) << good;
  }
  for (const char* bad : {"",
                          ":7070",
                          "0.0.0.0:7070",
                          "192.168.1.1:7070",
                          "[::]:7070",
                          "[::ffff:10.0.0.1]:7070",
                          "localhost:7070",
                          "archive.example.org:7070",
                          "127.0.0.1",
                          "127.0.0.1:",
                          "127.0.0.1:65536",
                          "127.0.0.1:-1",
                          "127.0.0.1: 80",
                          "127.0.0.1:80a",
                          "[::1]",
                          "::1:80",
                          "unix:grpc.sock",
                          "unix:",
                          "unix-abstract:x",
                          "dns:///127.0.0.1:7070"}) {
    EXPECT_THAT(CheckGrpcAddress(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(CheckGrpcAddress, RefusesASocketPathThatTheSystemWouldCutOff) {
  EXPECT_OK(CheckGrpcAddress("unix:/" + std::string(106, 'a')));
  EXPECT_THAT(CheckGrpcAddress("unix:/" + std::string(107, 'a')),
              StatusIs(absl::StatusCode::kInvalidArgument, testing::HasSubstr("107")));
}

TEST(CheckHttpAddress, AcceptsIpv4LoopbackOnly) {
  EXPECT_OK(CheckHttpAddress("127.0.0.1:9470"));
  for (const char* bad : {"[::1]:9470", "unix:/run/x", "0.0.0.0:9470", "localhost:9470", "9470"}) {
    EXPECT_THAT(CheckHttpAddress(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

}  // namespace
}  // namespace carousel
