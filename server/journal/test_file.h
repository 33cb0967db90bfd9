// A database file of a test's own: its path, its bytes with those of its log, and another process
// that holds it.
#ifndef SERVER_JOURNAL_TEST_FILE_H_
#define SERVER_JOURNAL_TEST_FILE_H_

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "gtest/gtest.h"

namespace carousel {

inline std::string ReadBytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

inline void WriteBytes(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
}

// A path below the test's temporary folder where there is nothing yet.
inline std::string FreshPath(const std::string& name) {
  const std::string folder =
      testing::TempDir() + "/" + testing::UnitTest::GetInstance()->current_test_info()->name();
  std::filesystem::create_directories(folder);
  const std::string path = folder + "/" + name;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"})
    std::filesystem::remove(path + suffix);
  return path;
}

// A child that runs `work`, which tells the parent how far it is by Report, and is then killed. No
// database may be open when it is made.
class Child {
 public:
  using Report = std::function<void(char)>;

  explicit Child(const std::function<void(const Report&)>& work) {
    int ends[2];
    if (pipe(ends) != 0) return;
    pid_ = fork();
    if (pid_ == 0) {
      close(ends[0]);
      work([&](char c) { static_cast<void>(!write(ends[1], &c, 1)); });
      _exit(0);
    }
    close(ends[1]);
    from_child_ = ends[0];
  }
  ~Child() {
    Kill();
    close(from_child_);
  }

  // The next report; 0 once the child has ended without another.
  char NextReport() {
    char c = 0;
    return read(from_child_, &c, 1) == 1 ? c : '\0';
  }
  // SIGKILL, and waits for the end.
  void Kill() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_ = 0;
  int from_child_ = -1;
};

}  // namespace carousel

#endif  // SERVER_JOURNAL_TEST_FILE_H_
