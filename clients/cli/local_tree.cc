#include "clients/cli/local_tree.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "clients/cli/session.h"

namespace carousel::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Fail(const fs::path& path, const std::string& why) {
  throw CommandFailed{{.code = grpc::StatusCode::INVALID_ARGUMENT,
                       .message = absl::StrCat(path.string(), ": ", why)}};
}

void Check(const fs::path& path, const std::error_code& error) {
  if (error) Fail(path, error.message());
}

void List(const fs::path& local, const std::string& path, std::vector<LocalEntry>* entries);

void ListChildren(const fs::path& local, const std::string& path,
                  std::vector<LocalEntry>* entries) {
  std::error_code error;
  std::vector<fs::path> children;
  fs::directory_iterator child(local, error);
  for (const fs::directory_iterator end; !error && child != end; child.increment(error))
    children.push_back(child->path());
  Check(local, error);
  std::sort(children.begin(), children.end());
  for (const fs::path& next : children)
    List(next, absl::StrCat(path, "/", next.filename().string()), entries);
}

void List(const fs::path& local, const std::string& path, std::vector<LocalEntry>* entries) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(local, error);
  // A file that is not there is no error of the call.
  if (status.type() == fs::file_type::not_found) Fail(local, "is not there");
  Check(local, error);
  LocalEntry entry{.local_path = local.string(), .path = path};
  switch (status.type()) {
    case fs::file_type::regular:
      entry.bytes = static_cast<int64_t>(fs::file_size(local, error));
      break;
    case fs::file_type::directory:
      entry.type = LocalEntry::Type::kDirectory;
      break;
    case fs::file_type::symlink:
      entry.type = LocalEntry::Type::kLink;
      entry.target = fs::read_symlink(local, error).string();
      break;
    default:
      Fail(local, "is a device, a FIFO or a socket");
  }
  Check(local, error);
  const bool directory = entry.type == LocalEntry::Type::kDirectory;
  entries->push_back(std::move(entry));
  if (directory) ListChildren(local, path, entries);
}

}  // namespace

std::vector<LocalEntry> ListLocalTrees(const std::vector<std::string>& paths,
                                       const std::string& to) {
  std::vector<LocalEntry> entries;
  for (const std::string& path : paths) {
    fs::path local = path;
    if (!local.has_filename()) local = local.parent_path();  // "photos/"
    const std::string name = local.filename().string();
    if (name.empty() || name == "." || name == "..") Fail(path, "has no name of its own");
    List(local, absl::StrCat(to == "/" ? "" : to, "/", name), &entries);
  }
  return entries;
}

}  // namespace carousel::cli
