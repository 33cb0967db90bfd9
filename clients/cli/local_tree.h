// What of this machine's files a command sends: files, directories and links, listed before the
// first is sent. Reads no file.
#ifndef CLIENTS_CLI_LOCAL_TREE_H_
#define CLIENTS_CLI_LOCAL_TREE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace carousel::cli {

struct LocalEntry {
  enum class Type : uint8_t { kFile, kDirectory, kLink };
  Type type = Type::kFile;
  std::string local_path;
  std::string path;    // in the image
  std::string target;  // of a link
  int64_t bytes = 0;   // of a file
};

// Lists each of `paths` as an entry of its own name in the directory `to` of an image, with all
// below it: each directory before what is in it, names in byte order. Links are listed and not
// followed. Throws CommandFailed: something is not there, cannot be read, or is a device, a FIFO or
// a socket; a path has no name ("/", "..").
std::vector<LocalEntry> ListLocalTrees(const std::vector<std::string>& paths,
                                       const std::string& to);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_LOCAL_TREE_H_
