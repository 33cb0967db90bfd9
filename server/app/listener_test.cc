#include "server/app/listener.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "hal/base/file.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

using absl::StatusCode;

// What the listener hands on is closed at once, unless `keep`.
class ListenerTest : public testing::Test {
 protected:
  void Open(const std::string& address, size_t most, bool keep = true) {
    ASSERT_OK_AND_ASSIGN(listener_, Listener::Open({.address = address,
                                                    .max_connections = most,
                                                    .handle =
                                                        [keep](int connection) {
                                                          SayHello(connection);
                                                          if (!keep) close(connection);
                                                        },
                                                    .on_full = [this] { ++full_; }}));
    listener_->Start();
  }

  static void SayHello(int connection) { EXPECT_EQ(send(connection, "hello", 5, MSG_NOSIGNAL), 5); }

  static FileDescriptor NewSocket() {
    return FileDescriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  }

  void Connect(const FileDescriptor& client) const {
    const std::string& address = listener_->address();
    int port = 0;
    ASSERT_TRUE(absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port));
    sockaddr_in name = {};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    name.sin_port = htons(static_cast<uint16_t>(port));
    ASSERT_EQ(connect(client.get(), reinterpret_cast<sockaddr*>(&name), sizeof(name)), 0);
  }

  FileDescriptor Connect() const {
    FileDescriptor client = NewSocket();
    Connect(client);
    return client;
  }

  // Whether the listener has handed it on, rather than turned it away.
  static bool IsServed(const FileDescriptor& client) {
    char bytes[5] = {};
    return recv(client.get(), bytes, sizeof(bytes), MSG_WAITALL) == 5;
  }

  int full_ = 0;  // of the listener's thread until it is gone
  std::unique_ptr<Listener> listener_;
};

TEST_F(ListenerTest, HandsConnectionsOnUpToItsBound) {
  Open("127.0.0.1:0", 2);
  const FileDescriptor first = Connect();
  const FileDescriptor second = Connect();
  const FileDescriptor third = Connect();
  const FileDescriptor fourth = Connect();
  EXPECT_TRUE(IsServed(first));
  EXPECT_TRUE(IsServed(second));
  EXPECT_FALSE(IsServed(third));
  EXPECT_FALSE(IsServed(fourth));
  listener_.reset();
  EXPECT_EQ(full_, 1) << "told once";
}

TEST_F(ListenerTest, ConnectionsThatAreClosedMakeRoom) {
  Open("127.0.0.1:0", 2, /*keep=*/false);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(IsServed(Connect()));
  listener_.reset();
  EXPECT_EQ(full_, 0);
}

// Lowers a limit while it lives.
class OpenFilesLimit {
 public:
  explicit OpenFilesLimit(rlim_t most) {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit low = before_;
    low.rlim_cur = most;
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  }
  ~OpenFilesLimit() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_ = {};
};

TEST_F(ListenerTest, GoesOnAcceptingWhenThereAreDescriptorsAgain) {
  Open("127.0.0.1:0", 100, /*keep=*/false);
  const FileDescriptor client = NewSocket();
  {
    // A new descriptor is the lowest that is free.
    const OpenFilesLimit limit(static_cast<rlim_t>(client.get()) + 1);
    Connect(client);
    pollfd wait = {.fd = client.get(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(poll(&wait, 1, 100), 0) << "there is none to take it with";
  }
  EXPECT_TRUE(IsServed(client));
}

TEST_F(ListenerTest, AnAddressThatIsTakenIsAnError) {
  Open("127.0.0.1:0", 1);
  EXPECT_THAT(Listener::Open({.address = listener_->address()}).status(),
              StatusIs(StatusCode::kUnavailable));
}

TEST_F(ListenerTest, ListensOnIpVersion6) {
  Open("[::1]:0", 1);
  EXPECT_TRUE(absl::StartsWith(listener_->address(), "[::1]:"));
  EXPECT_FALSE(absl::EndsWith(listener_->address(), ":0"));
}

TEST_F(ListenerTest, AUnixSocketThatAnEarlierProcessLeftIsReplacedAndRemovedAtTheEnd) {
  // The folder's whole name may be longer than a socket's can be.
  ASSERT_EQ(chdir(testing::TempDir().c_str()), 0);
  const std::string path = "listener";
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  path.copy(name.sun_path, sizeof(name.sun_path) - 1);
  for (int i = 0; i < 2; ++i) {
    Open(absl::StrCat("unix:", path), 1);
    const FileDescriptor client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(connect(client.get(), reinterpret_cast<sockaddr*>(&name), sizeof(name)), 0);
    EXPECT_TRUE(IsServed(client));
    if (i == 0) {
      // As if the process had been killed: its socket stays.
      ASSERT_EQ(link(path.c_str(), (path + ".kept").c_str()), 0);
      listener_.reset();
      ASSERT_EQ(rename((path + ".kept").c_str(), path.c_str()), 0);
    }
  }
  listener_.reset();
  struct stat stat = {};
  EXPECT_NE(lstat(path.c_str(), &stat), 0);
}

TEST_F(ListenerTest, AFileThatIsNoSocketIsNotRemoved) {
  const std::string path = testing::TempDir() + "/precious";
  ASSERT_OK(ReplaceFile(path, "bytes"));
  EXPECT_THAT(Listener::Open({.address = absl::StrCat("unix:", path)}).status(),
              StatusIs(StatusCode::kUnavailable));
  EXPECT_OK(ReadFile(path, 100));
}

}  // namespace
}  // namespace carousel
