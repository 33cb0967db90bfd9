#include "tests/interop/cdb_socket/under_shim.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "gtest/gtest.h"

namespace carousel {

std::string SocketOf(const std::string& node) {
  const std::string folder = std::getenv("CDB_SHIM_FOLDER");
  return folder + node.substr(node.rfind('/'));
}

}  // namespace carousel

// The shim has to be there before the program: it begins a second time, with it.
int main(int argc, char** argv) {
  if (std::getenv("CDB_SHIM") == nullptr) {
    std::string folder = "/tmp/carousel-sg-XXXXXX";  // a socket's path is short
    if (argc < 2 || mkdtemp(folder.data()) == nullptr) {
      std::cerr << argv[0] << " SHIM\n";
      return 1;
    }
    setenv("CDB_SHIM_FOLDER", folder.c_str(), 1);
    std::string map;
    for (const char* node : {carousel::kFirstNode, carousel::kSecondNode}) {
      map += std::string(node) + "=" + carousel::SocketOf(node) + ";";
    }
    setenv("CDB_SHIM", map.c_str(), 1);
    setenv("LD_PRELOAD", std::filesystem::absolute(argv[1]).c_str(), 1);
    execv("/proc/self/exe", argv);
    return 1;
  }
  testing::InitGoogleTest(&argc, argv);
  const int result = RUN_ALL_TESTS();
  std::filesystem::remove_all(std::getenv("CDB_SHIM_FOLDER"));
  return result;
}
